"""Puts what did not pass and builds on another problem that went wrong once more, with the reference's part of that."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import pytest

from grader.errors import CourseError
from grader.judge.below import beside, better, went_wrong
from grader.judge.putting import Putting
from grader.judge.sitting import Sitting
from grader.judge.telling import tell
from grader.judge.turns import in_turn
from grader.judge.verdict import MEANING, WRONG
from grader.sandbox.replies import Given, StartHost


@dataclass(frozen=True)
class Again:
    """`substitutes` has the reference's part of some problems. Where only some problems are asked about, the others
    may have gone wrong."""

    putting: Putting
    start_host: StartHost
    substitutes: Callable[[Collection[str]], Mapping[str, Given]]
    only: frozenset[str]

    def put(self, sitting: Sitting) -> None:
        """Puts each problem's checks once more, who builds on least first."""
        collected = self.putting.collected
        for problem, basis in collected.basis_of.items():
            below = frozenset(
                other
                for other in basis
                if (self.only and other not in self.only) or went_wrong(other, collected.checks, sitting.verdicts)
            )
            again = [
                item
                for item in collected.items
                if collected.checks[item.name].problem == problem
                and MEANING[sitting.results[item.name].verdict].charged
            ]
            if below and again:
                self._with_substitutes(sitting, problem, again, below)

    def _with_substitutes(
        self, sitting: Sitting, problem: str, again: Sequence[pytest.Item], below: frozenset[str]
    ) -> None:
        """Puts some checks of one problem with the reference's part of the problems `below`."""
        try:
            given = self.substitutes(below)
        except CourseError:  # what cannot be taken apart blocks; `verify` says which mistake then costs more
            return
        own, used = sitting.host, sitting.allowances.pop(problem)
        modules = beside(given, sitting.brief.submission, sitting.quotes, sitting.results)
        sitting.host, sitting.given = self.start_host(modules, given), below
        try:
            for item, following in in_turn(again, self.putting.collected.items[0]):
                self._put(sitting, item, following, ", ".join(sorted(below)))
        finally:
            sitting.host.close()
            sitting.host, sitting.given = own, frozenset()
            sitting.allowances[problem] = used

    def _put(self, sitting: Sitting, item: pytest.Item, following: pytest.Item | None, by: str) -> None:
        """Puts one check, and keeps which of its two results counts."""
        sitting.forget_evidence(item.name)
        before, now = sitting.results[item.name], self.putting.put(sitting, item, following)
        # What is printed beside the reference's part, nobody sees.
        counts = better(before, now.model_copy(update={"given": by, "output": ""}))
        sitting.results[item.name] = counts
        if counts.given != by or counts.verdict not in WRONG:
            sitting.evidence.pop(item.name, None)
        tell(item.name, sitting, self.putting.collected.checks)

"""Puts one check to one submission: again where its author allows it, and to the reference where it broke down."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from grader.errors import GraderError, SandboxError
from grader.judge.ask import Allowance
from grader.judge.attempts import concluded, undecided
from grader.judge.collecting import Collected
from grader.judge.compare import holds_none
from grader.judge.evidence import OTHER_FORM, Evidence
from grader.judge.kinds import NOTHING
from grader.judge.manner import Manner
from grader.judge.problem import needed
from grader.judge.records import check_result
from grader.judge.result import CheckResult
from grader.judge.running import Run, Running
from grader.judge.sitting import Sitting
from grader.judge.verdict import MEANING, Broke, CheckEnded, Ending, Mismatch, Passed, Seen
from grader.sandbox.replies import Host


@dataclass(frozen=True)
class Putting:
    """What is the same whenever a check of the session is put. Without `reference`, nobody finds out whether a check
    that broke down was broken by the answers it got."""

    collected: Collected
    running: Running
    manner: Manner
    reference: Callable[[], Host] | None

    def put(self, sitting: Sitting, item: pytest.Item, following: pytest.Item | None) -> CheckResult:
        """Runs one check, again where its author allows it, and says how it ended."""
        retest = self.collected.checks[item.name].retest if self.manner.repeats else None
        tried = [self._tried(sitting, item, following, 0)]
        if retest is None:
            return tried[0]
        while undecided(retest, tried):
            tried.append(self._tried(sitting, item, following, len(tried)))
        return concluded(retest, tried)

    def _tried(self, sitting: Sitting, item: pytest.Item, following: pytest.Item | None, attempt: int) -> CheckResult:
        """Runs one attempt at a check and records it."""
        check = self.collected.checks[item.name]
        below = list(self._not_passed(sitting, item.name)) if self.manner.blocks else []
        run = last = Run(
            check,
            attempt,
            sitting.host,
            sitting.quotes,
            sitting.allowance(check.problem),
            sitting.brief.seed,
            sitting.brief.shift,
            further=sitting.brief.occasion.further,
            blocked=sitting.blocked_by(below[0].id) if any(map(_stops, below)) else None,
        )
        self.running.run(item, following, run)
        ended = run.ending
        if isinstance(ended, Broke):
            ended, last = self._attributed(item, following, run, ended)
        if isinstance(ended, Mismatch) and run.ask and ended.seen is not None and holds_none(ended.seen.came):
            values = check.of == "values"  # a gradient is None where nothing leads to it
            ended.hint = run.ask.forgotten or (NOTHING if values else ended.hint)
        if below and not _missing_too(ended) and not isinstance(ended, SandboxError):
            ended = sitting.blocked_by(below[0].id)
        result = check_result(item.name, self.collected, ended, run.ask.spent if run.ask else None)
        result = result.model_copy(update={"metrics": run.measured})
        sitting.note(item.name, ended, result)
        if isinstance(ended, CheckEnded) and ended.seen is not None and last.ask:
            evidence = Evidence(last.ask.count, run.place, ended.seen)
            sitting.note_evidence(item.name, evidence, last.ask.last_probe)
        return result

    def _not_passed(self, sitting: Sitting, check: str) -> Iterator[CheckResult]:
        """The checks that one needs and that did not pass. Not those of problems in whose place the reference's part
        stands, and not those that were left out on purpose."""
        for need in self.collected.checks[check].needs:
            for name in needed(need, self.collected.checks):
                done = sitting.results.get(name)
                if done and done.verdict != "passed" and done.problem not in sitting.given:
                    yield done

    def _attributed(
        self, item: pytest.Item, following: pytest.Item | None, run: Run, broke: Broke
    ) -> tuple[Ending, Run]:
        """Whose fault it is that a check broke down: ours if it also breaks down on the reference."""
        if self.reference is None:
            return GraderError(broke.account), run
        host = self.reference()
        try:
            # What a submission used up, the reference has.
            allowance = Allowance(run.check.problem)
            again = Run(run.check, run.attempt, host, run.quotes, allowance, run.seed, run.shift, further=run.further)
            self.running.run(item, following, again)
        finally:
            host.close()
        if isinstance(again.ended, Passed):
            return CheckEnded(
                "failed", "What your code returned does not have the form that this check asks for.",
                hint="Compare type and shape of what you return with the handout.", detail=broke.account,
                seen=Seen((OTHER_FORM,)),
            ), again  # fmt: skip
        return GraderError(broke.account), again


def _stops(needed: CheckResult) -> bool:
    """Whether nothing is asked that needs this check, which did not pass.

    Where it is only missing, so is most likely what needs it, and that is the better thing to say: it is asked. The
    same with a file that Python cannot read or import.
    """
    return MEANING[needed.verdict].blocks and not needed.file


def _missing_too(ended: Ending) -> bool:
    """Whether a check came to what does not block."""
    return isinstance(ended, CheckEnded) and (
        bool(ended.file) or not (ended.verdict == "passed" or MEANING[ended.verdict].blocks)
    )

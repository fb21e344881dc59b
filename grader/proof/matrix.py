"""The kill matrix: which check catches which hand-written mutant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from grader.judge.result import Result
from grader.judge.specimen import Specimen
from grader.judge.verdict import MEANING


@dataclass(frozen=True)
class KillMatrix:
    """`kills[mutant]` holds the checks that caught it, `problems[mutant]` the problem that the mutant is of.

    `checks` are those that carry points. A check that was blocked has caught nothing.
    """

    checks: tuple[str, ...]
    kills: dict[str, tuple[str, ...]]
    problems: dict[str, str]

    @property
    def idle(self) -> tuple[str, ...]:
        """Checks that catch nothing."""
        return tuple(check for check in self.checks if not self.killed_by(check))

    @property
    def single(self) -> dict[str, str]:
        """Mutants that one check alone catches, and that check: lose the check, and nobody notices the mistake."""
        return {mutant: by[0] for mutant, by in self.kills.items() if len(by) == 1}

    def killed_by(self, check: str) -> tuple[str, ...]:
        """The mutants that a check catches."""
        return tuple(mutant for mutant, by in self.kills.items() if check in by)

    def only_killer_of(self, check: str) -> tuple[str, ...]:
        """The mutants that nothing else catches."""
        return tuple(mutant for mutant, by in self.single.items() if by == check)


def caught_by(result: Result) -> tuple[str, ...]:
    """The checks with points that noticed something wrong."""
    return tuple(c.id for c in result.checks if c.max_points > 0 and MEANING[c.verdict].caught)


def kill_matrix(results: Iterable[tuple[Specimen, Result]]) -> KillMatrix:
    """The matrix of the hand-written mutants among `results`, by problem and name."""
    mutants = [(specimen, result) for specimen, result in results if specimen.kind == "mutant"]
    mutants.sort(key=lambda pair: (pair[0].problem, pair[0].name))
    checks = tuple(check.id for check in mutants[0][1].checks if check.max_points > 0) if mutants else ()
    return KillMatrix(
        checks,
        {specimen.name: caught_by(result) for specimen, result in mutants},
        {specimen.name: specimen.problem for specimen, _ in mutants},
    )

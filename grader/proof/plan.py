"""Which known solutions a verification grades: all of them, or a sample of those whose outcome is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader.course.assignment import Assignment
from grader.judge.result import Result
from grader.proof.deciding import PROCESSOR, deciding
from grader.proof.known_outcomes import NAME, Known, key, prove_known_again, usable
from grader.proof.sample import sample
from grader.proof.verify import Proof, Trial


@dataclass(frozen=True)
class Plan:
    """All gradings that the proofs are about, and those to make now. `known` is None where all are made.

    `decides` is what decides a grade, as it was before anything was graded.
    """

    every: Sequence[Trial]
    chosen: Sequence[Trial]
    known: Known | None
    because: str
    lot: str
    decides: Mapping[str, str]

    def __str__(self) -> str:
        if self.known is None:
            return f"all {len(self.every)} gradings, because {self.because}"
        return f"{len(self.chosen)} of {len(self.every)} gradings, drawn with {self.lot}, because {self.because}"

    def all_results(self, graded: Sequence[tuple[Trial, Result]]) -> list[tuple[Trial, Result]]:
        """The result of every grading: as it was made now or, of what was not drawn, as it is kept."""
        if self.known is None:
            return list(graded)
        now = {key(trial): result for trial, result in graded}
        like = graded[0][1]
        came = self.known.came
        return [(each, now.get(key(each)) or came[key(each)].as_result(like, each)) for each in self.every]

    def prove_again(self, graded: Sequence[tuple[Trial, Result]]) -> list[Proof]:
        """Whether what was drawn came out as it is kept; nothing where all was graded."""
        return [] if self.known is None else prove_known_again(self.known, graded)


def plan(assignment: Assignment, every: Sequence[Trial], lot: str, *, whole: bool) -> Plan:
    """What to grade of `every`: all if that is asked for, or if something changed that decides a grade."""
    now = deciding(assignment)
    if whole:
        return Plan(every, every, None, "that was asked for", lot, now)
    known, why = usable(assignment, every, now)
    if known is None:
        return Plan(every, every, None, why, lot, now)
    if now[PROCESSOR] != known.depends.get(PROCESSOR):
        elsewhere = f"the processor is of another kind than that of {NAME}: all right ones, of the others a sample"
        return Plan(every, sample(every, known, lot, right=len(every)), known, elsewhere, lot, now)
    unchanged = f"nothing that decides a grade changed since {NAME}"
    return Plan(every, sample(every, known, lot), known, unchanged, lot, now)

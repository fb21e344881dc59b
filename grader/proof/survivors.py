"""What became of the generic mutants: killed, explained, or a gap in the checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from grader.course.assignment import Assignment
from grader.judge.result import Result
from grader.proof.equivalent import FILE, Equivalent
from grader.proof.generic import GenericMutant
from grader.proof.matrix import caught_by
from grader.proof.verify import Proof
from grader.sandbox.limits import limits_of

KILLED = "a generic mutant is killed, or explained in equivalent.toml"
CURRENT = "what equivalent.toml explains is made and survives"


@dataclass(frozen=True)
class Outcome:
    """One generic mutant, graded. `reason` is why no check kills it, `fault` a mistake of ours that it brought out.

    `elsewhere` are the points that it lost in problems that the change is not of, if they were counted.
    `cpu_s` is None where the outcome was kept from an earlier grading.
    """

    mutant: GenericMutant
    killed_by: tuple[str, ...]
    timed_out: bool
    cpu_s: float | None
    reason: str
    fault: str
    elsewhere: Fraction | None

    @property
    def in_doubt(self) -> bool:
        """Whether it may have lost points elsewhere only because it had used up the time."""
        return self.timed_out and bool(self.elsewhere)


def outcomes(
    mutants: Sequence[GenericMutant], results: Mapping[str, Result], entries: Sequence[Equivalent]
) -> list[Outcome]:
    """The outcome of each mutant, from the results by the mutants' names."""
    found = []
    for mutant in mutants:
        result = results[mutant.name]
        broken = [f"{c.id}: {c.detail[-300:]}" for c in result.checks if c.verdict == "grader_error"]
        found.append(
            Outcome(
                mutant,
                caught_by(result),
                any(check.verdict == "timeout" for check in result.checks),
                result.cpu_seconds,
                next((entry.reason for entry in entries if entry.explains(mutant)), ""),
                "; ".join(broken),
                sum((c.max_points - c.points for c in result.checks if c.problem not in mutant.owners), Fraction(0)),
            )
        )
    return found


def prove_generic(found: Sequence[Outcome], entries: Sequence[Equivalent]) -> list[Proof]:
    """Every generic mutant is killed or explained, and no explanation is out of date."""
    proofs = []
    for outcome in found:
        mutant = outcome.mutant
        gap = not outcome.killed_by and not outcome.reason
        why = (
            f"`{mutant.original}` made into `{mutant.mutated}` in {mutant.where} is noticed by no check. "
            f"Sharpen one, or say in {FILE} why this is right."
        )
        proofs.append(Proof(KILLED, mutant.name, not (gap or outcome.fault), outcome.fault or (why if gap else "")))
    for entry in entries:
        about = [outcome for outcome in found if entry.explains(outcome.mutant)]
        why = ""
        if not about:
            why = "is made no more"
        elif all(outcome.killed_by for outcome in about):
            why = f"is killed now, by {', '.join(about[0].killed_by)}"
        name = f"{entry.where}: `{entry.mutated}`"
        proofs.append(Proof(CURRENT, name, not why, f"{why}. Take the entry out." if why else ""))
    return proofs


def hurried(assignment: Assignment, right: Sequence[Result]) -> Assignment:
    """The assignment with limits in proportion to what right solutions need, so that mutants that hang cost little.

    Ten times the longest check for a call and five times the longest grading in all, but no more than the
    assignment's own limits: a mutant must not pass here what it would not pass as a submission.
    """
    own = limits_of(assignment)
    call = 10 * max(check.cpu_seconds for result in right for check in result.checks)
    total = 5 * max(result.cpu_seconds for result in right)
    tighter = {
        "call_cpu_s": min(own.call_cpu_s, max(1.0, call)),
        "total_cpu_s": min(own.total_cpu_s, max(10.0, total)),
    }
    return assignment.model_copy(update={"limits": {**assignment.limits, **tighter}})

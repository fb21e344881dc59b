"""What each check does to right solutions: how often it fails one, and how long it takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import comb
from statistics import median

from grader.judge.problem import Check
from grader.judge.result import Result
from grader.judge.verdict import MEANING
from grader.proof.verify import Proof

CONFIDENCE = 0.95
NEVER_FAILS = "a check fails no right solution, on any seed"
IN_BUDGET = "right solutions take no more time than the budget"
GRADING_BUDGET_S = 20.0  # CPU seconds that a right submission may need for all checks of a homework


@dataclass(frozen=True)
class Rate:
    """One check over right gradings: `asked` of them reached it, and `failed` names those that it did not pass."""

    check: str
    asked: int
    failed: tuple[str, ...]
    median_s: float
    max_s: float
    budget_s: float

    @property
    def at_most(self) -> float:
        """With 95 % confidence the check fails a right solution less often than this."""
        return upper_bound(len(self.failed), self.asked)


def rates(
    results: Sequence[tuple[str, Result]], checks: Mapping[str, Check], timed: Sequence[Result] | None = None
) -> list[Rate]:
    """For each check, what the named gradings of right solutions say of it.

    A grading in which the check was blocked says nothing of it. Times are those of `timed`, where not all were graded
    now.
    """
    clocked = [result for _, result in results] if timed is None else timed
    found = []
    for name, check in checks.items():
        asked = [(grading, c) for grading, result in results for c in result.checks if c.id == name]
        asked = [(grading, c) for grading, c in asked if MEANING[c.verdict].asked]
        ran = [c for result in clocked for c in result.checks if c.id == name and MEANING[c.verdict].asked]
        seconds = [c.cpu_seconds for c in ran] or [0.0]
        failed = tuple(grading for grading, c in asked if c.verdict != "passed")
        found.append(Rate(name, len(asked), failed, median(seconds), max(seconds), check.budget_s))
    return found


def prove_rates(found: Sequence[Rate]) -> list[Proof]:
    """No check ever fails a right solution, and none takes longer than its author allows.

    The median counts, not the maximum: a machine that is busy with other things makes single gradings slow.
    """
    proofs = []
    for rate in found:
        share = f"{len(rate.failed)} of {rate.asked} right gradings"
        proofs.append(
            Proof(
                NEVER_FAILS,
                rate.check,
                not rate.failed,
                f"failed {share} ({len(rate.failed) / max(rate.asked, 1):.1%}, with 95 % confidence less than "
                f"{rate.at_most:.1%}): {', '.join(rate.failed[:5])}" if rate.failed else "",
            )
        )  # fmt: skip
        slow = rate.median_s > rate.budget_s
        why = f"right solutions need {rate.median_s:.2f} s (median), the check says budget_s={rate.budget_s:g}"
        proofs.append(Proof(IN_BUDGET, rate.check, not slow, why if slow else ""))
    return proofs


def prove_total(name: str, results: Sequence[Result]) -> Proof:
    """All checks of a homework together take a right solution less than what one grading may."""
    middle = median(result.cpu_seconds for result in results)
    slow = middle > GRADING_BUDGET_S
    why = f"right solutions need {middle:.1f} s (median) for all checks together; {GRADING_BUDGET_S:g} s is the budget"
    return Proof(IN_BUDGET, name, not slow, why if slow else "")


def upper_bound(failures: int, trials: int) -> float:
    """The largest probability under which so few failures still have a chance of 5 % (Clopper and Pearson, exact)."""
    if failures >= trials:
        return 1.0
    low, high = failures / trials, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if _at_most(failures, trials, middle) > 1 - CONFIDENCE:
            low = middle
        else:
            high = middle
    return high


def _at_most(failures: int, trials: int, probability: float) -> float:
    """The chance of no more than so many failures."""
    return sum(comb(trials, k) * probability**k * (1 - probability) ** (trials - k) for k in range(failures + 1))

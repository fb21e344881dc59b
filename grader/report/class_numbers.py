"""A class in numbers: how grades are spread, what each check tells, and which mistakes cost most. Pure functions.

Item analysis is the classical one: the difficulty of a check is the mean share of its points, its discrimination the
correlation (Pearson's) of that share with the points in everything else. A check of which it is surely below 0 (with
95 % confidence, by Fisher's z) goes against the rest: who does well elsewhere loses points there.
"""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from grader.judge.result import CheckResult, Result
from grader.judge.verdict import MEANING

BINS = 10
FEWEST = 10  # students from whom on a correlation is told: even then its interval reaches 0.6 to each side of 0
SURE = statistics.NormalDist().inv_cdf(0.975)


@dataclass(frozen=True)
class Bin:
    """Grades from `least` to `most` percent: how many, and whose."""

    least: int
    most: int
    names: tuple[str, ...]


@dataclass(frozen=True)
class Lesson:
    """A known mistake, who made it, and what it cost the class together."""

    problem: str
    says: str
    hint: str
    names: tuple[str, ...]
    cost: Fraction


@dataclass(frozen=True)
class Item:
    """One check in a class. `discrimination` is None where too few handed in, or where all of them had the same."""

    id: str
    problem: str
    asked: str
    points: Fraction
    difficulty: Fraction
    discrimination: float | None
    students: int
    verdicts: tuple[tuple[str, int], ...]
    lost: tuple[str, ...]
    unsteady: tuple[str, ...]
    cpu_s: float
    slowest_s: float

    @property
    def against(self) -> bool:
        """Whether a check that gives points seems to go against the rest of the homework. Of checks that say nothing of
        it, one in forty seems to, by chance."""
        if not self.points or self.discrimination is None:
            return False
        if self.discrimination <= -1 + 1e-12:
            return True
        return math.atanh(min(self.discrimination, 1 - 1e-12)) + SURE / math.sqrt(self.students - 3) < 0


def counted(results: Sequence[Result]) -> list[Result]:
    """Those who handed in something that could be read, and that we did not fail to judge."""
    return [result for result in results if MEANING[result.verdict].told]


def spread(results: Sequence[Result]) -> list[Bin]:
    """Grades in tenths of the points; full points are in the last."""
    names: dict[int, list[str]] = {}
    for result in counted(results):
        share = result.points / result.max_points if result.max_points else Fraction(0)
        names.setdefault(min(BINS - 1, int(share * BINS)), []).append(result.submission)
    width = 100 // BINS
    return [Bin(i * width, (i + 1) * width, tuple(sorted(names.get(i, ())))) for i in range(BINS)]


def lessons(results: Sequence[Result]) -> list[Lesson]:
    """Known mistakes, those first that cost the class most points; then those that most students made."""
    cost: dict[tuple[str, str], Fraction] = {}
    names: dict[tuple[str, str], set[str]] = {}
    hints: dict[tuple[str, str], str] = {}
    for result in counted(results):
        for check in result.checks:
            if check.diagnosis and check.diagnosis.mutant:
                key = (check.problem, check.diagnosis.says)
                cost[key] = cost.get(key, Fraction(0)) + check.max_points - check.points
                names.setdefault(key, set()).add(result.submission)
                hints.setdefault(key, check.diagnosis.hint)
    found = [
        Lesson(problem, says, hints[problem, says], tuple(sorted(who)), cost[problem, says])
        for (problem, says), who in names.items()
    ]
    return sorted(found, key=lambda lesson: (-lesson.cost, -len(lesson.names), lesson.problem, lesson.says))


def items(results: Sequence[Result]) -> list[Item]:
    """Every check, in the order of the homework."""
    told = counted(results)
    by_id: dict[str, list[tuple[Result, CheckResult]]] = {}
    for result in told:
        for check in result.checks:
            by_id.setdefault(check.id, []).append((result, check))
    return [_item(pairs) for pairs in by_id.values()]


def _item(pairs: Sequence[tuple[Result, CheckResult]]) -> Item:
    first = pairs[0][1]
    shares = [_share(check) for _, check in pairs]
    rest = [float(result.points - check.points) for result, check in pairs]
    verdicts = Counter(check.verdict for _, check in pairs)
    seconds = [check.cpu_seconds for _, check in pairs if MEANING[check.verdict].asked]
    return Item(
        first.id,
        first.problem,
        first.asked,
        first.max_points,
        sum(shares, Fraction(0)) / len(shares),
        _correlation([float(share) for share in shares], rest),
        len(pairs),
        tuple(sorted(verdicts.items(), key=lambda each: (-each[1], each[0]))),
        tuple(sorted(result.submission for result, check in pairs if check.verdict != "passed")),
        tuple(sorted(result.submission for result, check in pairs if _unsteady(check))),
        statistics.median(seconds) if seconds else 0.0,
        max(seconds, default=0.0),
    )


def _share(check: CheckResult) -> Fraction:
    return check.points / check.max_points if check.max_points else Fraction(check.verdict == "passed")


def _unsteady(check: CheckResult) -> bool:
    """Whether attempts at one check ended differently."""
    return len({attempt.verdict for attempt in check.attempts}) > 1


def _correlation(ours: Sequence[float], others: Sequence[float]) -> float | None:
    if len(ours) < FEWEST or len(set(ours)) < 2 or len(set(others)) < 2:
        return None
    return statistics.correlation(ours, others)

"""The class in numbers: how each homework went, and who lacks what. Pure functions."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from grader.book.policy import Policy
from grader.book.standing import Work, may_count, open_work


@dataclass(frozen=True)
class Spread:
    """Numbers of a class in short. All are 0 where there are none."""

    count: int
    mean: Fraction
    least: Fraction
    lower: Fraction
    median: Fraction
    upper: Fraction
    most: Fraction


@dataclass(frozen=True)
class OfHomework:
    """How one homework, or part of the project, went. `shares` are points as parts of all points, before lateness."""

    name: str
    shares: Spread
    lacking: tuple[str, ...]
    unmarked: int


def spread(values: Sequence[Fraction]) -> Spread:
    """Mean, median and quartiles. A quartile between two values lies between them (Excel's QUARTILE.INC)."""
    if not values:
        return Spread(0, *[Fraction(0)] * 6)
    ordered = sorted(values)
    lower, median, upper = statistics.quantiles(ordered, n=4, method="inclusive") if len(ordered) > 1 else ordered * 3
    return Spread(len(ordered), statistics.mean(ordered), ordered[0], lower, median, upper, ordered[-1])


def of_class(policy: Policy, works: Mapping[str, Work]) -> list[OfHomework]:
    """Each homework and part of the project in order. `lacking` are the keys of students who have no score for it.

    Of several hand-ins the best one that may count is taken. Excused students lack nothing, and nobody lacks optional
    work.
    """
    found = list[OfHomework]()
    for homework in policy.homeworks:
        name, shares, lacking, unmarked = homework.name, list[Fraction](), list[str](), 0
        for key, work in works.items():
            handed_in = may_count(policy, work, name)
            if handed_in:
                shares.append(max(each.share for each in handed_in))
                unmarked += name in open_work(policy, work)
            elif name not in work.excused and not homework.optional:
                lacking.append(key)
        found.append(OfHomework(name, spread(shares), tuple(lacking), unmarked))
    for part in policy.project:
        shares = [work.project[part.name] for work in works.values() if part.name in work.project]
        lacking = [key for key, work in works.items() if part.name not in work.project]
        found.append(OfHomework(part.name, spread(shares), tuple(lacking), 0))
    return found

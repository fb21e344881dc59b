"""A student's grade: exact, and the best that the rules allow.

Two things are the student's gain, and are chosen together so that the grade is the highest: on which homeworks late
days are spent, and whether the optional homework takes the place of a part of the other homeworks or of the project.
Spending late days in the order in which they were needed is not the best: one may be worth more later.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from types import MappingProxyType
from zoneinfo import ZoneInfo

from grader.book.lateness import days_late
from grader.book.policy import Policy

HOMEWORK, PROJECT = "homework", "project"  # what the optional homework may replace a part of


@dataclass(frozen=True)
class HandIn:
    """One hand-in of a homework, graded. `at` has an offset."""

    points: Fraction
    of: Fraction
    at: datetime

    @property
    def share(self) -> Fraction:
        """Its points as a share of what there was to earn."""
        return self.points / self.of


@dataclass(frozen=True)
class Extension:
    """More days on one homework, for one student."""

    days: int
    reason: str


@dataclass(frozen=True)
class Work:
    """All that is known of one student. `project` has the share of each part that was earned.

    Homeworks that are excused do not count at all: what they weigh goes to the others, or to the project if all are.
    """

    handed_in: Mapping[str, Sequence[HandIn]] = field(default_factory=lambda: MappingProxyType({}))
    project: Mapping[str, Fraction] = field(default_factory=lambda: MappingProxyType({}))
    extensions: Mapping[str, Extension] = field(default_factory=lambda: MappingProxyType({}))
    excused: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Counted:
    """What one homework or part of the project brings. `weight` and `value` are shares of the course grade.

    `share` is what was earned before days that no late day covers were taken off; `kept` is what is left of it.
    """

    name: str
    weight: Fraction
    share: Fraction
    kept: Fraction = Fraction(1)
    late: int = 0
    spent: int = 0
    hand_in: HandIn | None = None

    @property
    def value(self) -> Fraction:
        """What it adds to the grade."""
        return self.weight * self.share * self.kept


@dataclass(frozen=True)
class Standing:
    """A grade, from 0 to 1, with where it comes from. `replaced` is HOMEWORK, PROJECT or ""."""

    counted: tuple[Counted, ...]
    replaced: str

    @property
    def grade(self) -> Fraction:
        return sum((each.value for each in self.counted), Fraction(0))

    @property
    def spent(self) -> int:
        """Late days."""
        return sum(each.spent for each in self.counted)


def standing(policy: Policy, work: Work) -> Standing:
    """The best standing that the rules allow; of equals the one that replaces nothing, and spends the fewest days."""
    found = [_best(policy, work, replaced) for replaced in ("", HOMEWORK, PROJECT) if _can_replace(policy, replaced)]
    return max(found, key=lambda each: (each.grade, -each.spent, -len(each.replaced)))


def in_order(policy: Policy, work: Work, replaced: str = "") -> Standing:
    """The standing if late days are spent as they are needed, homework by homework: what `standing` is better than."""
    left, counted = policy.late_days, list[Counted]()
    for name, weight in _weights(policy, work, replaced):
        choices = [choice for choice in _choices(policy, work, name, weight) if choice.spent <= left]
        best = max(choices, key=lambda each: (each.value, -each.spent))
        counted.append(best)
        left -= best.spent
    return Standing((*counted, *_project(policy, work, replaced)), replaced)


def _can_replace(policy: Policy, replaced: str) -> bool:
    weights = {"": Fraction(0), HOMEWORK: policy.homework_weight, PROJECT: policy.project_weight}
    return not replaced or 0 < policy.replacement <= weights[replaced]


def _best(policy: Policy, work: Work, replaced: str) -> Standing:
    """The best way to spend late days: for each number of days spent so far, the best that the homeworks bring."""
    best: dict[int, tuple[Fraction, tuple[Counted, ...]]] = {0: (Fraction(0), ())}
    for name, weight in _weights(policy, work, replaced):
        longer: dict[int, tuple[Fraction, tuple[Counted, ...]]] = {}
        for choice in _choices(policy, work, name, weight):
            for days, (value, chosen) in best.items():
                spent, total = days + choice.spent, value + choice.value
                if spent <= policy.late_days and (spent not in longer or total > longer[spent][0]):
                    longer[spent] = (total, (*chosen, choice))
        best = longer
    days = max(best, key=lambda spent: (best[spent][0], -spent))
    return Standing((*best[days][1], *_project(policy, work, replaced)), replaced)


def _weights(policy: Policy, work: Work, replaced: str) -> Iterator[tuple[str, Fraction]]:
    """What each homework that counts weighs. Excused ones leave theirs to the others."""
    whole, counts = policy.homework_weight, [each for each in policy.graded if each.name not in work.excused]
    of_all = whole - policy.replacement if replaced == HOMEWORK else whole
    together = sum((each.weight for each in counts), Fraction(0))
    for each in counts:
        yield each.name, each.weight * of_all / together if together else Fraction(0)
    if replaced:
        yield policy.replaces, policy.replacement


def _project(policy: Policy, work: Work, replaced: str) -> Iterator[Counted]:
    whole = policy.project_weight
    left = whole - policy.replacement if replaced == PROJECT else whole
    if all(each.name in work.excused for each in policy.graded):  # then the project has to stand for all
        left += policy.homework_weight - (policy.replacement if replaced == HOMEWORK else 0)
    for part in policy.project:
        yield Counted(part.name, part.weight * left / whole, work.project.get(part.name, Fraction(0)))


def _choices(policy: Policy, work: Work, name: str, weight: Fraction) -> Iterator[Counted]:
    """What one homework may bring: of each hand-in that may count, with each number of late days spent on it."""
    handed_in = sorted(work.handed_in.get(name, ()), key=lambda each: each.at)
    may_count = handed_in if policy.counts == "best" else handed_in[-1:]
    yield from ([] if may_count else [Counted(name, weight, Fraction(0))])
    for each in may_count:
        late = _late(policy, work, name, each)
        for spent in range(min(late, policy.most_on_one) + 1):
            kept = max(Fraction(0), 1 - policy.lost_per_day * (late - spent))
            yield Counted(name, weight, each.share, kept, late, spent, each)


def _late(policy: Policy, work: Work, name: str, handed_in: HandIn) -> int:
    if name not in policy.due:
        return 0
    grace = timedelta(minutes=policy.grace_minutes)
    late = days_late(policy.due[name], handed_in.at, ZoneInfo(policy.zone), grace)
    extended = work.extensions.get(name)
    return max(0, late - extended.days) if extended else late

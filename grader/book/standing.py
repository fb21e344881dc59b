"""A student's grade: exact, and the best that the rules allow.

Three things are the student's gain, and are chosen together so that the grade is the highest: on which homeworks late
days are spent, which homeworks are dropped, and whether the optional homework takes the place of a part of the other
homeworks or of the project. Spending late days in the order in which they were needed is not the best: one may be worth
more later. Points by checks and points by hand are one score, to which all of this applies.
"""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import combinations
from types import MappingProxyType
from zoneinfo import ZoneInfo

from grader.book.lateness import days_late, due_at
from grader.book.policy import LAST_BEFORE, LEFT_OUT, Policy
from grader.hand.marking import Answered, ByHand

IN_TIME = datetime(1900, 1, 1, tzinfo=UTC)  # the moment of a hand-in whose moment nobody knows: before all due dates
CHECKS = "checks"  # what is open where a homework was marked by people alone
HOMEWORK, PROJECT = "homework", "project"  # what the optional homework may replace a part of


@dataclass(frozen=True)
class HandIn:
    """One hand-in of a homework, graded. `at` has an offset.

    `source` says where the score is from, and `timed_by` who says when it was handed in. `by_hand` and `of_by_hand` are
    the parts of `points` and `of` that people gave; they are 0 until a standing counts them in. `after` is for one
    whose moment nobody knows: the latest moment of a hand-in that was known before it.
    """

    points: Fraction
    of: Fraction
    at: datetime
    source: str = ""
    timed_by: str = ""
    by_hand: Fraction = Fraction(0)
    of_by_hand: Fraction = Fraction(0)
    after: datetime = IN_TIME

    @property
    def order(self) -> tuple[datetime, bool]:
        """Which of two hand-ins is the later one. One without a moment is in time, and yet may be the last."""
        return (self.after, True) if self.at == IN_TIME else (self.at, False)

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
    `by_hand` has what people gave, of each homework that has a rubric; `sources` says where project scores are from.
    `partners` are the others in the student's group for a homework, and under "" for all that are not named. `pending`
    was handed in, and is not graded yet by a fault of ours.
    """

    handed_in: Mapping[str, Sequence[HandIn]] = field(default_factory=lambda: MappingProxyType({}))
    project: Mapping[str, Fraction] = field(default_factory=lambda: MappingProxyType({}))
    extensions: Mapping[str, Extension] = field(default_factory=lambda: MappingProxyType({}))
    excused: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    by_hand: Mapping[str, ByHand] = field(default_factory=lambda: MappingProxyType({}))
    sources: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    partners: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    pending: frozenset[str] = frozenset()

    def partners_on(self, homework: str) -> tuple[str, ...]:
        """The keys of those who hand this homework in together with the student."""
        return self.partners.get(homework, self.partners.get("", ()))

    @property
    def unmarked(self) -> dict[str, tuple[Answered, ...]]:
        """The answers of each homework that still have no points by hand, where anything was handed in."""
        return {
            name: each.lacking
            for name, each in self.by_hand.items()
            if each.lacking and name not in self.excused and self._is_there(name, each)
        }

    def _is_there(self, name: str, by_hand: ByHand) -> bool:
        """Whether there is something to mark. Nobody knows where there are no checks: then a person has to say so."""
        return bool(self.handed_in.get(name)) or is_marked(by_hand) or not by_hand.by_checks or name in self.pending


def open_work(policy: Policy, work: Work) -> dict[str, tuple[str, ...]]:
    """What of each homework still has no points, and could have: ids of questions, and "checks" where nothing was
    graded by checks. Nothing of a homework of which no hand-in can count."""
    found = {name: tuple(each.question.id for each in answers) for name, answers in work.unmarked.items()}
    for name, by_hand in work.by_hand.items():
        if is_marked(by_hand) and by_hand.by_checks and not work.handed_in.get(name) and name not in work.excused:
            found[name] = (*found.get(name, ()), CHECKS)
    for name in sorted(work.pending - work.excused.keys()):
        found[name] = tuple(dict.fromkeys((*found.get(name, ()), CHECKS)))
    return {
        name: lacks
        for name, lacks in found.items()
        if name in work.pending or not work.handed_in.get(name) or may_count(policy, work, name)
    }


def is_marked(by_hand: ByHand) -> bool:
    """Whether any answer was marked."""
    return any(each.marking for each in by_hand.answers)


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
    dropped: tuple[str, ...] = ()

    @property
    def grade(self) -> Fraction:
        return sum((each.value for each in self.counted), Fraction(0))

    @property
    def spent(self) -> int:
        """Late days."""
        return sum(each.spent for each in self.counted)


def standing(policy: Policy, work: Work) -> Standing:
    """The best standing that the rules allow; of equals the one that replaces nothing, and spends the fewest days."""
    return _best(policy, work, _ways(policy, frozenset(work.excused)))


def standings(policy: Policy, works: Mapping[str, Work]) -> dict[str, Standing]:
    """The standing of every student of a class, by key."""
    ways = dict[frozenset[str], tuple[_Way, ...]]()
    found = dict[str, Standing]()
    for key, work in works.items():
        excused = frozenset(work.excused)
        if excused not in ways:
            ways[excused] = _ways(policy, excused)
        found[key] = _best(policy, work, ways[excused])
    return found


def in_order(policy: Policy, work: Work, replaced: str = "", dropped: tuple[str, ...] = ()) -> Standing:
    """The standing if late days are spent as they are needed, homework by homework: what `standing` is better than."""
    left, counted = policy.late_days, list[Counted]()
    for name, weight in _weights(policy, work.excused, replaced, dropped):
        choices = [choice for choice in _choices(policy, work, name, weight) if choice.spent <= left]
        best = max(choices, key=lambda each: (each.value, -each.spent))
        counted.append(best)
        left -= best.spent
    parts = _project_weights(policy, work.excused, replaced, dropped)
    return Standing((*counted, *_project(parts, work)), replaced, dropped)


def ends_at(policy: Policy, work: Work, homework: str) -> datetime | None:
    """The moment after which a hand-in does not count; None where there is none. An extension moves it."""
    if policy.counts != LAST_BEFORE:
        return None
    zone, extended = ZoneInfo(policy.zone), work.extensions.get(homework)
    more = extended.days if extended else 0
    grace = timedelta(minutes=policy.grace_minutes)
    if homework in policy.until:
        return due_at(policy.until[homework], zone, more) + grace
    if homework in policy.due and policy.until_days is not None:
        return due_at(policy.due[homework], zone, policy.until_days + more) + grace
    return None


def too_late(policy: Policy, work: Work, homework: str) -> tuple[HandIn, ...]:
    """The hand-ins that came after the end, in order."""
    end = ends_at(policy, work, homework)
    handed_in = sorted(work.handed_in.get(homework, ()), key=lambda each: each.at)
    return tuple(each for each in handed_in if end is not None and each.at > end)


@dataclass(frozen=True)
class _Way:
    """What may be replaced and dropped together, and what everything else weighs then.

    `units` are the weights of homeworks as whole numbers, of which `of` are one.
    """

    replaced: str
    dropped: tuple[str, ...]
    homeworks: tuple[tuple[str, Fraction], ...]
    units: tuple[int, ...]
    of: int
    project: tuple[tuple[str, Fraction], ...]


def _ways(policy: Policy, excused: frozenset[str]) -> tuple[_Way, ...]:
    return tuple(
        _way(policy, excused, replaced, dropped)
        for replaced in ("", HOMEWORK, PROJECT)
        if _can_replace(policy, replaced)
        for dropped in _drops(policy, excused)
    )


def _way(policy: Policy, excused: Container[str], replaced: str, dropped: tuple[str, ...]) -> _Way:
    homeworks = tuple(_weights(policy, excused, replaced, dropped))
    of = math.lcm(*(weight.denominator for _, weight in homeworks))
    units = tuple(weight.numerator * (of // weight.denominator) for _, weight in homeworks)
    return _Way(replaced, dropped, homeworks, units, of, tuple(_project_weights(policy, excused, replaced, dropped)))


def _drops(policy: Policy, excused: Container[str]) -> Iterator[tuple[str, ...]]:
    """Which homeworks may be dropped together. One always stays. To drop fewer is never better."""
    counts = [each.name for each in policy.graded if each.name not in excused]
    yield from combinations(counts, max(0, min(policy.drops, len(counts) - 1)))


def _can_replace(policy: Policy, replaced: str) -> bool:
    weights = {"": Fraction(0), HOMEWORK: policy.homework_weight, PROJECT: policy.project_weight}
    return not replaced or 0 < policy.replacement <= weights[replaced]


def _best(policy: Policy, work: Work, ways: Sequence[_Way]) -> Standing:
    """The best of all ways. Whole numbers are compared, because this is where the time goes."""
    names = dict.fromkeys(name for way in ways for name, _ in way.homeworks)
    choices = {name: _worth_it(_choices(policy, work, name, Fraction(1))) for name in names}
    of = math.lcm(*(each.value.denominator for found in choices.values() for each in found))
    gains = {name: [(each.spent, int(each.value * of)) for each in found] for name, found in choices.items()}
    best: tuple[tuple[Fraction, int, int], _Way, list[int]] | None = None
    for way in ways:
        weighed = [
            [(spent, unit * gain) for spent, gain in gains[name]]
            for (name, _), unit in zip(way.homeworks, way.units, strict=True)
        ]
        total, spent, chosen = _spend(policy.late_days, weighed)
        project = sum(
            (weight * work.project[name] for name, weight in way.project if name in work.project), Fraction(0)
        )
        key = (Fraction(total, of * way.of) + project, -spent, -len(way.replaced))
        if best is None or key > best[0]:
            best = key, way, chosen
    assert best is not None  # something can always be done
    _, way, chosen = best
    counted = [
        replace(choices[name][number], weight=weight)
        for (name, weight), number in zip(way.homeworks, chosen, strict=True)
    ]
    return Standing((*counted, *_project(way.project, work)), way.replaced, way.dropped)


def _worth_it(choices: Iterator[Counted]) -> list[Counted]:
    """For each number of late days the choice that brings the most, and none that costs days and brings nothing."""
    best = dict[int, Counted]()
    for each in choices:
        if each.spent not in best or each.value > best[each.spent].value:
            best[each.spent] = each
    found = list[Counted]()
    for spent in sorted(best):
        if not found or best[spent].value > found[-1].value:
            found.append(best[spent])
    return found


def _spend(late_days: int, gains: Sequence[Sequence[tuple[int, int]]]) -> tuple[int, int, list[int]]:
    """The best way to spend late days: what it brings, how many days it takes, and which choice of each homework it is.

    `gains` has the days and the gain of each choice. For each number of days spent so far, the best is kept.
    """
    best: dict[int, tuple[int, list[int]]] = {0: (0, [])}
    for of_homework in gains:
        longer: dict[int, tuple[int, list[int]]] = {}
        for number, (cost, gain) in enumerate(of_homework):
            for days, (value, chosen) in best.items():
                spent, total = days + cost, value + gain
                if spent <= late_days and (spent not in longer or total > longer[spent][0]):
                    longer[spent] = (total, [*chosen, number])
        best = longer
    days = max(best, key=lambda spent: (best[spent][0], -spent))
    return best[days][0], days, best[days][1]


def _weights(
    policy: Policy, excused: Container[str], replaced: str, dropped: tuple[str, ...] = ()
) -> Iterator[tuple[str, Fraction]]:
    """What each homework that counts weighs. Excused and dropped ones leave theirs to the others."""
    whole = policy.homework_weight
    counts = [each for each in policy.graded if each.name not in excused and each.name not in dropped]
    of_all = whole - policy.replacement if replaced == HOMEWORK else whole
    together = _together(policy, excused, dropped)
    for each in counts:
        yield each.name, each.weight * of_all / together if together else Fraction(0)
    if replaced:
        yield policy.replaces, policy.replacement


def _together(policy: Policy, excused: Container[str], dropped: tuple[str, ...] = ()) -> Fraction:
    """What the homeworks weigh that count."""
    counts = [each for each in policy.graded if each.name not in excused and each.name not in dropped]
    return sum((each.weight for each in counts), Fraction(0))


def _project_weights(
    policy: Policy, excused: Container[str], replaced: str, dropped: tuple[str, ...] = ()
) -> Iterator[tuple[str, Fraction]]:
    whole = policy.project_weight
    left = whole - policy.replacement if replaced == PROJECT else whole
    if not _together(policy, excused, dropped):  # then the project has to stand for all
        left += policy.homework_weight - (policy.replacement if replaced == HOMEWORK else 0)
    for part in policy.project:
        yield part.name, part.weight * left / whole if whole else Fraction(0)


def _project(weights: Iterable[tuple[str, Fraction]], work: Work) -> Iterator[Counted]:
    for name, weight in weights:
        yield Counted(name, weight, work.project.get(name, Fraction(0)))


def may_count(policy: Policy, work: Work, name: str) -> list[HandIn]:
    """The hand-ins of a homework that may count, with what people gave: all that policy does not leave out."""
    handed_in = sorted(_whole(policy, work, name), key=lambda each: each.order)
    if (end := ends_at(policy, work, name)) is not None:
        handed_in = [each for each in handed_in if each.at <= end]
    return handed_in if policy.counts == "best" else handed_in[-1:]


def _choices(policy: Policy, work: Work, name: str, weight: Fraction) -> Iterator[Counted]:
    """What one homework may bring: of each hand-in that may count, with each number of late days spent on it."""
    found = may_count(policy, work, name)
    yield from ([] if found else [Counted(name, weight, Fraction(0))])
    for each in found:
        late = _late(policy, work, name, each)
        for spent in range(min(late, policy.most_on_one) + 1):
            kept = max(Fraction(0), 1 - policy.lost_per_day * (late - spent))
            yield Counted(name, weight, each.share, kept, late, spent, each)


def of_homework(policy: Policy, work: Work, standing: Standing, name: str) -> Counted | None:
    """What one homework came to, with the late days that the standing spends on it. None where it is excused, and where
    nothing was handed in that can count.

    A homework that the grade does without, dropped or replacing nothing, is told as it is: no late day is spent on it.
    """
    if name in work.excused:
        return None
    counted = next((each for each in standing.counted if each.name == name), None)
    if counted is None:
        counted = max(
            (each for each in _choices(policy, work, name, Fraction(0)) if not each.spent),
            key=lambda each: each.share * each.kept,
        )
    return counted if counted.hand_in else None


def _whole(policy: Policy, work: Work, name: str) -> list[HandIn]:
    """The hand-ins with what people gave. An answer that is not marked yet earns nothing, or is left out by policy.

    Where answers are marked and no checks have graded anything, there is a hand-in all the same, with 0 by checks.
    """
    found, by_hand = list(work.handed_in.get(name, ())), work.by_hand.get(name)
    if by_hand is None:
        return found
    of = by_hand.of_marked if policy.unmarked == LEFT_OUT else by_hand.of
    if not found and is_marked(by_hand) and by_hand.by_checks + of:
        found = [HandIn(Fraction(0), by_hand.by_checks, IN_TIME)]
    points = by_hand.points
    return [
        replace(each, points=each.points + points, of=each.of + of, by_hand=points, of_by_hand=of) for each in found
    ]


def _late(policy: Policy, work: Work, name: str, handed_in: HandIn) -> int:
    if name not in policy.due:
        return 0
    grace = timedelta(minutes=policy.grace_minutes)
    late = days_late(policy.due[name], handed_in.at, ZoneInfo(policy.zone), grace)
    extended = work.extensions.get(name)
    return max(0, late - extended.days) if extended else late

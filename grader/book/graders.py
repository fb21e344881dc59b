"""Statistics of people who grade: how much each gave, how that differs from the others, and how long an answer took.

All functions here are pure. A share is points as a part of what the question gives.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import groupby
from statistics import mean

from grader.book.rows import Given
from grader.hand.marking import Marking, NoSuchItem, points_of
from grader.hand.rubric import Question, Rubric

LONG_BREAK = timedelta(minutes=10)  # between two entries: whoever needs longer did something else


@dataclass(frozen=True)
class Graded:
    """What one grader gave, to one question or to all.

    `difference` is how much higher the mean share is than that of the others on the same questions; None where there
    are no others. `twice` are the answers that others marked as well, and `twice_difference` the same for these alone.
    `took` is the mean time of an answer; None where the moments of entry do not tell.
    """

    who: str
    question: str
    answers: int
    share: Fraction
    difference: Fraction | None
    twice: int
    twice_difference: Fraction | None
    took: timedelta | None


def of_graders(rubric: Rubric, given: Sequence[Given]) -> list[Graded]:
    """A line for each grader and all questions (`question` is ""), then one for each question, in the rubric's order.

    Of several markings by one grader of one answer, the last counts. Markings of an item that is gone are left out.
    """
    shares = _shares(rubric, given)
    found = list[Graded]()
    for who in sorted({each.who for each in given}):
        own = [each for each in given if each.who == who]
        asked = [question.id for question in rubric.questions if who in shares.get(question.id, {})]
        parts = [_of_question(shares[question], who, question, took(own, question)) for question in asked]
        if parts:
            found += [_together(who, parts, took(own)), *parts]
    return found


Shares = dict[str, dict[str, Fraction]]  # by grader and student


def _shares(rubric: Rubric, given: Iterable[Given]) -> dict[str, Shares]:
    """The share that each grader gave each student, by question."""
    found = dict[str, Shares]()
    worth = dict[tuple[str, tuple[str, ...], Fraction], Fraction | None]()  # many answers get the same
    for each in given:
        question, marking = rubric.question(each.question), each.marking
        if question is None:
            continue
        same = each.question, marking.items, marking.adjustment
        if same not in worth:
            worth[same] = _share(question, marking)
        share, of_grader = worth[same], found.setdefault(each.question, {}).setdefault(each.who, {})
        of_grader.pop(each.student, None)
        if share is not None:
            of_grader[each.student] = share
    return {question: {who: own for who, own in by_grader.items() if own} for question, by_grader in found.items()}


def _share(question: Question, marking: Marking) -> Fraction | None:
    try:
        return points_of(question, marking) / question.points
    except NoSuchItem:
        return None


def _of_question(shares: Shares, who: str, question: str, time: timedelta | None) -> Graded:
    own, others = shares[who], [given for by, given in shares.items() if by != who]
    share = mean(own.values())
    count = sum(map(len, others))
    of_others = sum((sum(given.values(), Fraction(0)) for given in others), Fraction(0))
    both = [
        own[student] - mean(found)
        for student in own
        if (found := [given[student] for given in others if student in given])
    ]
    difference = share - of_others / count if count else None
    return Graded(who, question, len(own), share, difference, len(both), mean(both) if both else None, time)


def _together(who: str, parts: Sequence[Graded], time: timedelta | None) -> Graded:
    """All questions of one grader. Each weighs as much as it has answers."""
    compared = [each for each in parts if each.difference is not None]
    twice = [each for each in parts if each.twice_difference is not None]
    return Graded(
        who,
        "",
        sum(each.answers for each in parts),
        _weighted([(each.share, each.answers) for each in parts]) or Fraction(0),
        _weighted([(each.difference, each.answers) for each in compared if each.difference is not None]),
        sum(each.twice for each in parts),
        _weighted([(each.twice_difference, each.twice) for each in twice if each.twice_difference is not None]),
        time,
    )


def _weighted(values: Sequence[tuple[Fraction, int]]) -> Fraction | None:
    whole = sum(weight for _, weight in values)
    return sum((value * weight for value, weight in values), Fraction(0)) / whole if whole else None


def took(own: Sequence[Given], question: str = "", long_break: timedelta = LONG_BREAK) -> timedelta | None:
    """How long one grader's answers took in the mean: from the last entry of the answer before to its own last entry.

    `own` are all markings of one grader in order. An answer with a long break in it is left out, and so are the first
    one and those of one moment, which came from a table.
    """
    times, before = list[timedelta](), None
    for answer, entries in groupby(own, key=lambda each: (each.question, each.student)):
        moments = [each.at for each in entries]
        if (
            before is not None
            and question in ("", answer[0])
            and (time := _without_breaks(before, moments, long_break))
        ):
            times.append(time)
        before = moments[-1]
    return sum(times, timedelta(0)) / len(times) if times else None


def _without_breaks(before: datetime, moments: Sequence[datetime], long_break: timedelta) -> timedelta | None:
    gaps = [after - at for at, after in zip([before, *moments], moments, strict=False)]
    return sum(gaps, timedelta(0)) if max(gaps) <= long_break and any(gaps) else None

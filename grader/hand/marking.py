"""What somebody gave an answer: the items that apply, an adjustment and a comment; and what that is worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from grader.course.points import exact
from grader.errors import CourseError
from grader.hand.rubric import Question, Rubric


class NoSuchItem(CourseError):
    """A marking names an item that the question does not have (any more): it is worth nothing until marked again."""


@dataclass(frozen=True, slots=True)
class Marking:
    """What one grader gave one answer. The order of `items` means nothing, so they are kept sorted.

    A marking without items says that none applies: 0 points, or whatever the adjustment gives.
    """

    items: tuple[str, ...] = ()
    adjustment: Fraction = Fraction(0)
    comment: str = ""

    def __post_init__(self) -> None:
        if isinstance(self.items, str):
            raise ValueError("items are several ids, not one text")
        if len(set(self.items)) < len(self.items):
            raise ValueError(f"an item is named twice: {', '.join(sorted(self.items))}")
        object.__setattr__(self, "items", tuple(sorted(self.items)))
        object.__setattr__(self, "adjustment", exact(self.adjustment))


def points_of(question: Question, marking: Marking) -> Fraction:
    """What a marking gives: its items and the adjustment together, between the question's floor and its points.

    Raises `NoSuchItem` for an item that the question does not have: its points are not known, and never 0.
    """
    worth = {item.id: item.points for item in question.items}
    if gone := [name for name in marking.items if name not in worth]:
        there = ", ".join(worth) or "none"
        raise NoSuchItem(f"{question.id} has no item {gone[0]!r}. Mark the answer again; its items are: {there}.")
    given = sum((worth[name] for name in marking.items), marking.adjustment)
    return max(question.floor, min(question.points, given))


@dataclass(frozen=True)
class Answered:
    """One question of a student's homework. Where `lacks` says why, it has no points yet."""

    question: Question
    marking: Marking | None
    points: Fraction
    lacks: str = ""


@dataclass(frozen=True)
class ByHand:
    """All questions of a student's homework. `strays` are questions that were marked, and that the rubric lacks."""

    answers: tuple[Answered, ...] = ()
    strays: tuple[str, ...] = ()
    by_checks: Fraction = Fraction(0)

    @cached_property
    def points(self) -> Fraction:
        """What the marked questions earned."""
        return sum((each.points for each in self.answers), Fraction(0))

    @cached_property
    def of(self) -> Fraction:
        """What all questions give."""
        return sum((each.question.points for each in self.answers), Fraction(0))

    @property
    def of_marked(self) -> Fraction:
        """What the questions give that are marked."""
        return sum((each.question.points for each in self.answers if not each.lacks), Fraction(0))

    @property
    def lacking(self) -> tuple[Answered, ...]:
        """The questions that have no points yet."""
        return tuple(each for each in self.answers if each.lacks)


NOT_MARKED = "not marked yet"


def by_hand(rubric: Rubric, markings: Mapping[str, Marking]) -> ByHand:
    """What a student's markings, by question, give under a rubric.

    A marking that names an item which is gone gives no points, and says so: a person has to look.
    """
    answers = tuple(_answered(question, markings.get(question.id)) for question in rubric.questions)
    known = {question.id for question in rubric.questions}
    return ByHand(answers, tuple(sorted(set(markings) - known)), rubric.by_checks)


def _answered(question: Question, marking: Marking | None) -> Answered:
    if marking is None:
        return Answered(question, None, Fraction(0), NOT_MARKED)
    try:
        return Answered(question, marking, points_of(question, marking))
    except NoSuchItem:
        known = {item.id for item in question.items}
        gone = ", ".join(name for name in marking.items if name not in known)
        return Answered(question, marking, Fraction(0), f"to be marked again: the rubric has no item {gone} any more")

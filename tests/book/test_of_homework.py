"""What one homework came to, as other systems take it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from grader.book.of_homework import came_to, to_earn
from grader.book.policy import Policy
from grader.book.standing import HandIn, Work, standing
from grader.course.assignment import Homework
from grader.errors import CourseError

DUE = datetime(2027, 3, 5, 23, 0)
RULES = Policy(
    homeworks=tuple(Homework(name=name, weight=Fraction(1, 2)) for name in ("hw0", "hw1")),
    late_days=1,
    lost_per_day=Fraction(1, 4),
    due={"hw0": DUE, "hw1": DUE},
)


def handed_in(days: int, points: int, of: int = 10) -> tuple[HandIn, ...]:
    at = DUE.replace(tzinfo=UTC) + timedelta(days=days)
    return (HandIn(Fraction(points), Fraction(of), at, "hw0_run/Ada Lovelace_1234.json"),)


def came(policy: Policy, work: Work, homework: str) -> Fraction | None:
    found = came_to(policy, {"ada": (work, standing(policy, work))}, homework)
    return found["ada"].points if found else None


def test_late_days_are_spent_as_the_grade_spends_them() -> None:
    work = Work({"hw0": handed_in(1, 4), "hw1": handed_in(1, 10)})
    assert came(RULES, work, "hw1") == 10
    assert came(RULES, work, "hw0") == 3
    both = came_to(RULES, {"ada": (work, standing(RULES, work))}, "hw0")["ada"]
    assert (both.raw, both.of, both.submission) == (4, 10, "Ada Lovelace_1234")
    assert both.lines == (
        "hw0: 4 of 10 points, 1 day late, none covered by late days, so 75 % of the points are kept.",
    )


def test_a_dropped_homework_is_told_as_it_is() -> None:
    work = Work({"hw0": handed_in(1, 4), "hw1": handed_in(0, 10)})
    assert came(RULES.model_copy(update={"drops": 1}), work, "hw0") == 3


def test_nothing_where_it_is_excused_or_nothing_was_handed_in() -> None:
    work = Work({"hw0": handed_in(0, 4)}, excused={"hw0": "ill"})
    assert came(RULES, work, "hw0") is None
    assert came(RULES, work, "hw1") is None


def test_what_there_was_to_earn_must_be_the_same_for_all() -> None:
    work = Work({"hw0": handed_in(0, 4)})
    (one,) = came_to(RULES, {"ada": (work, standing(RULES, work))}, "hw0").values()
    assert to_earn({}, Fraction(12)) == 12
    assert to_earn({"ada": one}, Fraction(12)) == 10
    with pytest.raises(CourseError, match=r"differs between students \(10, 12\)\. Mark all answers"):
        to_earn({"ada": one, "alan": replace(one, of=Fraction(12))}, Fraction(12))

"""Grades in the columns of nbgrader's own export: a line for every student of each homework.

    assignment,duedate,timestamp,student_id,last_name,first_name,email,raw_score,late_submission_penalty,score,max_score
    hw0_multitask,2027-03-05 22:59:00,2027-03-05 20:10:00,ada,Lovelace,Ada,ada@uni.edu,45.0,0.0,45.0,50.0

Times are in UTC and say no offset, as nbgrader writes them. Who handed in nothing has 0, as there; who is excused has
no line.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from grader.book.lateness import due_at
from grader.book.of_homework import Came
from grader.book.policy import Policy
from grader.book.roster import Person
from grader.book.rounding import rounded

SYSTEM, EMAIL = "nbgrader", "email"  # columns of the roster
COLUMNS = (
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
    *("raw_score", "late_submission_penalty", "score", "max_score"),
)


@dataclass(frozen=True)
class Assignment:
    """A homework as nbgrader knows it: `of` is what there is to earn, `came` what it came to, by key.

    `excused` are the keys of those for whom it does not count.
    """

    name: str
    of: Fraction
    came: Mapping[str, Came]
    excused: Collection[str] = ()


def grades(policy: Policy, assignments: Sequence[Assignment], people: Sequence[Person]) -> list[list[str]]:
    """The rows, the heading first; people in their order. A student is called as nbgrader does, or else by key."""
    rows = [list(COLUMNS)]
    for assignment in assignments:
        due = policy.due.get(assignment.name)
        until = _utc(due_at(due, ZoneInfo(policy.zone))) if due else ""
        for person in (each for each in people if each.key not in assignment.excused):
            last, first = names_of(person.name)
            came = assignment.came.get(person.key)
            when = _utc(came.at) if came and came.at else ""
            called = (person.called(SYSTEM) or person.key, last, first, person.called(EMAIL))
            rows.append([assignment.name, until, when, *called, *_points(came, assignment.of)])
    return rows


def names_of(name: str) -> tuple[str, str]:
    """Last and first names. Without a comma the last word is taken for the last name."""
    last, comma, first = name.partition(",")
    if not comma:
        first, _, last = name.strip().rpartition(" ")
    return last.strip(), first.strip()


def _points(came: Came | None, of: Fraction) -> list[str]:
    raw, points = (came.raw, came.points) if came else (Fraction(0), Fraction(0))
    return [_float(each) for each in (raw, raw - points, points, came.of if came else of)]


def _float(value: Fraction) -> str:
    """A number as Python writes floats: "3.0"."""
    text = rounded(value)
    return text if "." in text else f"{text}.0"


def _utc(at: datetime) -> str:
    return str(at.astimezone(UTC).replace(tzinfo=None))

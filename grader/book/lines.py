"""The lines of a table that people wrote, cell by cell: what is wrong is collected, and all of it is told at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import TypeVar

from grader.book.policy import Policy
from grader.book.rows import LONGEST_NAME, LONGEST_TEXT, NO_TEXT
from grader.book.tables import Fault, Row, Table, refuse, shown
from grader.course.points import exact
from grader.intake.names import folded

SENTENCES = ("comment", "reason")  # columns in which people write as much as they like
MOST_DAYS = 366  # of an extension; more is a slip
_DECIMAL_COMMA = re.compile(r"-?[0-9]+,[0-9]{1,2}")

Value = TypeVar("Value")


class Line:
    """Reads the cells of one line, and collects what is wrong: then what is returned is not to be used."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.faults: list[Fault] = []

    def wrong(self, column: str, what: str, instead: Value) -> Value:
        """Notes a fault, and returns a value that nobody uses."""
        self.faults.append(Fault(self.row.line, column, what))
        return instead

    def text(self, column: str) -> str:
        """A cell that must not be empty."""
        if not folded(self.row[column]):
            return self.wrong(column, "is empty. Fill it in, or remove the line.", "")
        return self.row[column]

    def homework(self, column: str, policy: Policy) -> str:
        """A homework, written in full or for short ("hw0")."""
        if not (text := self.text(column)):
            return text
        names = [homework.name for homework in policy.homeworks]
        short = [name for name in names if folded(text) == name.split("_", 1)[0]]
        found = [name for name in names if folded(text) == name] or short
        if len(found) != 1:
            what = "may be several homeworks" if found else "is no homework of the course"
            return self.wrong(column, f"{shown(text)} {what}. Write one of {', '.join(found or names)}.", "")
        return found[0]

    def points(self, column: str) -> Fraction:
        """Exact points, 0 or more. A comma before one or two digits is a decimal comma; before three it is a doubt."""
        if not (text := self.text(column)):
            return Fraction(0)
        try:
            points = exact(text.replace(",", ".") if _DECIMAL_COMMA.fullmatch(text) else text)
        except ValueError:
            return self.wrong(column, f"{shown(text)} is no number. Write it like 7, 7.5 or 15/2.", Fraction(0))
        if points < 0:
            return self.wrong(column, f"{shown(text)} is below 0. Write 0 or more.", Fraction(0))
        return points

    def days(self, column: str) -> int:
        """Whole days, 1 or more."""
        if not (text := self.text(column)):
            return 0
        if not re.fullmatch(r"[0-9]{1,3}", text) or not 1 <= int(text) <= MOST_DAYS:
            what = f"{shown(text)} is no number of days. Write a whole number from 1 to {MOST_DAYS}."
            return self.wrong(column, what, 0)
        return int(text)


def _no_texts(line: Line) -> Iterator[Fault]:
    """Cells that no book can hold."""
    for column, text in line.row.cells.items():
        longest = LONGEST_TEXT if column in SENTENCES else LONGEST_NAME
        if len(text) > longest:
            yield Fault(line.row.line, column, f"is longer than {longest} characters. Shorten it.")
        if NO_TEXT.search(text):
            yield Fault(line.row.line, column, "has a character that is no text. Remove it.")


def taken(table: Table, take: Callable[[Line], Value], about: Callable[[Value], tuple[str, ...]]) -> tuple[Value, ...]:
    """What the lines of a table say, or `CourseError` with all faults. No two lines may be `about` the same."""
    lines = [Line(row) for row in table.rows]
    found = tuple(take(line) for line in lines)
    faults = [*table.faults, *(fault for line in lines for fault in (*line.faults, *_no_texts(line)))]
    first: dict[tuple[str, ...], int] = {}
    for line, value in zip(lines, found, strict=True):
        same = tuple(map(folded, about(value)))
        if all(same) and (before := first.setdefault(same, line.row.line)) != line.row.line:
            what = f"is of {' and '.join(map(shown, about(value)))}, as is line {before}. Remove one of the two."
            faults.append(Fault(line.row.line, "", what))
    refuse(table.path, faults)
    return found

"""Who is in the course, and what each is called in each system.

    key,name,canvas,moodle
    ada,Ada Lovelace,"Lovelace, Ada",Ada Lovelace

`key` tells students apart for good, `name` is for people. Every other column is a system, with the student's name
there: whatever results, downloads and gradebooks of that system call them. An empty cell says that there is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from grader.book.rows import LONGEST_NAME
from grader.book.tables import Fault, Row, read_table, refuse, shown
from grader.errors import CourseError
from grader.intake.names import folded

KEY, NAME = "key", "name"
# So Excel shows a long number, and loses its last digits when it saves it.
_LOST_DIGITS = re.compile(r"[0-9][.,]?[0-9]*E\+[0-9]+", re.IGNORECASE)


@dataclass(frozen=True)
class Person:
    """One student. `names` has the name in each system where there is one."""

    key: str
    name: str
    names: Mapping[str, str]
    merged: tuple[str, ...] = ()  # keys of those who became this one

    def called(self, system: str) -> str:
        """The name in a system, or "". The systems "key" and "name" are always there."""
        return {KEY: self.key, NAME: self.name}.get(system) or self.names.get(system, "")


@dataclass(frozen=True)
class Roster:
    """All students of a course, in the order of the file. `blank` counts the lines where nothing stood."""

    people: tuple[Person, ...]
    systems: tuple[str, ...]
    blank: int = 0

    @cached_property
    def by_key(self) -> Mapping[str, Person]:
        """Each student by key, also by those of merged ones."""
        return {key: person for person in self.people for key in (*person.merged, person.key)}

    def has(self, name: str) -> bool:
        """Whether there is a column of this name, in upper or lower case."""
        return folded(name) in map(folded, self.systems)

    def system(self, name: str) -> str:
        """A system by its name in upper or lower case. Raises `CourseError` if the roster has none of this name."""
        for system in (*self.systems, KEY, NAME):
            if folded(system) == folded(name):
                return system
        there = ", ".join(shown(system) for system in self.systems) or "none"
        raise CourseError(
            f"The roster has no column {shown(name)}. Its systems are: {there}. Add a column of this name to it."
        )


def read_roster(path: Path) -> Roster:
    """The roster in a CSV. Raises `CourseError`, which lists everything that is wrong, with lines and columns."""
    table = read_table(path, (KEY, NAME))
    systems = tuple(column for column in table.columns if column not in (KEY, NAME))
    faults = [*table.faults, *(fault for row in table.rows for fault in _of_row(row, systems))]
    for column in (KEY, *systems):
        faults += _twice(column, table.rows)
    refuse(path, faults)
    if not table.rows:
        raise CourseError(f"{path}: has no students, only a heading. Add a line for each.")
    people = (
        Person(row[KEY], row[NAME], {system: row[system] for system in systems if row[system]}) for row in table.rows
    )
    return Roster(tuple(people), systems, table.blank)


def _of_row(row: Row, systems: tuple[str, ...]) -> Iterator[Fault]:
    if not folded(row[KEY]):
        yield Fault(row.line, KEY, "is empty. Give this student a key that nobody else has.")
    if not folded(row[NAME]):
        yield Fault(row.line, NAME, "is empty. Write the student's name.")
    for column in (KEY, NAME, *systems):
        if len(row[column]) > LONGEST_NAME:
            what = f"has {len(row[column])} characters, and a name {LONGEST_NAME} at most."
            yield Fault(row.line, column, f"{what} Is a quotation mark missing, or one too many?")
    for column in (KEY, *systems):
        if _LOST_DIGITS.fullmatch(row[column]):
            yield Fault(
                row.line,
                column,
                f"{shown(row[column])} is a long number that Excel has cut. Make the column text, and enter it again.",
            )


def _twice(column: str, rows: tuple[Row, ...]) -> Iterator[Fault]:
    first: dict[str, Row] = {}
    for row in rows:
        same = folded(row[column])
        if same and (before := first.setdefault(same, row)) is not row:
            as_there = "" if row[column] == before[column] else f" as {shown(before[column])}"
            yield Fault(
                row.line,
                column,
                f"{shown(row[column])} stands in line {before.line} already{as_there}. Two students cannot have the "
                "same: correct one, or remove the line that is one too many.",
            )

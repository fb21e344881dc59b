"""A column of an exported Canvas gradebook, filled with points; everything else stays byte for byte as it was.

    Student,ID,SIS User ID,SIS Login ID,Section,HW0 (12345),Current Score
        Points Possible,,,,,40.00,(read only)
    "Lovelace, Ada",10001,u1815,ada,A,,

Between the heading and the points possible Canvas may write a line that says which assignments are hidden. An unknown
heading would make a new assignment there, so only what was exported is filled: assignments, which end in a number.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from grader.book.cells import edited, number, value_of
from grader.book.roster import Roster
from grader.book.rounding import PLACES, rounded
from grader.book.tables import Cell, Decoded, Fault, decode, harmed, records, refuse, separator_of, shown
from grader.book.whose import Line, whose
from grader.errors import CourseError
from grader.intake.names import folded

SYSTEM = "canvas"  # the column of the roster
STUDENT, LAST, FIRST, ID, SIS_USER, SIS_LOGIN = "Student", "LastName", "FirstName", "ID", "SIS User ID", "SIS Login ID"
POSSIBLE, READ_ONLY = "Points Possible", "(read only)"
LEFT_ALONE = ("EX", "N/A")  # excused there, or not assigned to this student

_ASSIGNMENT = re.compile(r"(?P<title>.*) \((?P<id>\d+)\)", re.DOTALL)


@dataclass(frozen=True)
class CanvasStudent:
    """A line of the gradebook: what Canvas calls a student. `login` and `user` are "" where they were not exported."""

    line: int
    name: str
    id: str
    user: str
    login: str


@dataclass(frozen=True)
class Change:
    """One cell that is filled: what stood there, and what stands there now. Both may be the same."""

    key: str
    student: CanvasStudent
    before: str
    now: str


@dataclass(frozen=True)
class Filled:
    """A filled gradebook, and whom it concerns.

    `changes` are the cells that differ now, and `same` those that had these points before. `left_alone` are cells with
    EX or N/A, where points would undo what was decided in Canvas. `only_here` are keys with points and no line that is
    theirs for sure, `only_there` are lines of nobody in the roster, and `without` those of students without points.
    `doubtful` says of lines why it is not clear whose they are: correct the roster.
    """

    content: bytes
    column: str
    changes: tuple[Change, ...]
    same: tuple[Change, ...]
    left_alone: tuple[Change, ...]
    only_here: tuple[str, ...]
    only_there: tuple[CanvasStudent, ...]
    without: tuple[CanvasStudent, ...]
    doubtful: Mapping[int, str]


@dataclass(frozen=True)
class Gradebook:
    """An exported gradebook as text. `possible` is the line with the points possible, `students` those below it."""

    path: Path
    decoded: Decoded
    separator: str
    heading: tuple[Cell, ...]
    possible: tuple[Cell, ...]
    lines: tuple[tuple[Cell, ...], ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of all columns."""
        return tuple(cell.value for cell in self.heading)

    @property
    def students(self) -> tuple[CanvasStudent, ...]:
        """Whom each line is of."""
        return tuple(map(self._student, self.lines))

    def _student(self, cells: Sequence[Cell]) -> CanvasStudent:
        said = {name: harmed(cell.value).strip() for name, cell in zip(self.columns, cells, strict=False)}
        name = said.get(STUDENT) or f"{said.get(LAST, '')}, {said.get(FIRST, '')}".strip(", ")
        return CanvasStudent(cells[0].line, name, said.get(ID, ""), said.get(SIS_USER, ""), said.get(SIS_LOGIN, ""))


def read_gradebook(content: bytes, path: Path) -> Gradebook:
    """An exported gradebook. Raises `CourseError` for anything else."""
    decoded = decode(content, path)
    separator = separator_of(decoded.text, (STUDENT, ID))
    found = [cells for cells in records(decoded.text, separator, path) if any(cell.value.strip() for cell in cells)]
    no = f"{path}: is no exported gradebook of Canvas"
    names = [cell.value for cell in found[0]] if found else []
    if ID not in names or not (STUDENT in names or LAST in names):
        raise CourseError(f"{no}: its first line needs the columns {STUDENT} and {ID}. Export it again.")
    at = next((i for i, cells in enumerate(found[:4]) if cells[0].value.strip() == POSSIBLE), 0)
    if not at:
        raise CourseError(f"{no}: no line begins with {shown(POSSIBLE)}. Export it again, with all lines.")
    faults = [
        Fault(cells[0].line, "", f"has {len(cells)} cells, but there are {len(names)} columns. Export it again.")
        for cells in found[at:]
        if len(cells) != len(names)
    ]
    refuse(path, faults)
    return Gradebook(path, decoded, separator, found[0], found[at], tuple(found[at + 1 :]))


def fill(
    content: bytes,
    path: Path,
    column: str,
    points: Mapping[str, Fraction],
    roster: Roster,
    system: str = SYSTEM,
    places: int = PLACES,
    of: Fraction | None = None,
) -> Filled:
    """The gradebook `content`, which is the file `path`, with the points of each key in one column.

    `column` is its heading, its title or its number. `system` is the column of the roster with what Canvas calls each
    student: the ID, the SIS User ID, the SIS Login ID or the name. Points are rounded to `places` as all that is
    printed. `of` is what there was to earn: then the column must have as many points. Raises `CourseError` for a
    column that cannot be filled, points that cannot be, and a key that is not in the roster: then nothing is filled.
    """
    gradebook = read_gradebook(content, path)
    i = _column(gradebook, column)
    possible = _possible(gradebook, i)
    if of is not None and of != possible:
        raise CourseError(
            f"{path}: column {shown(gradebook.columns[i])} has {rounded(possible, 6)} points possible, and there are "
            f"{rounded(of, 6)} to earn. Give the assignment {rounded(of, 6)} points in Canvas, and export it again."
        )
    _refuse_points(gradebook, i, points, possible, roster)
    students = gradebook.students
    named = roster.system(system)
    sure = _sure(gradebook, roster, named)
    lines = [Line(each.line, each.name, sure[each.line]) for each in students]
    matched = whose(lines, roster, (named,))
    keys, doubtful = matched.keys, matched.doubtful
    changes, same, left_alone, edits = list[Change](), list[Change](), list[Change](), list[tuple[Cell, str]]()
    for cells, student in zip(gradebook.lines, students, strict=True):
        key = keys.get(student.line)
        if key is None or key not in points:
            continue
        now = number(points[key], places, gradebook.possible[i].value)
        change = Change(key, student, cells[i].value, now)
        if cells[i].value.strip().upper() in LEFT_ALONE:
            left_alone.append(change)
        elif value_of(cells[i].value) == value_of(now):
            same.append(change)
        else:
            changes.append(change)
            edits.append((cells[i], now))
    reached = set(keys.values())
    return Filled(
        content=gradebook.decoded.encoded(edited(gradebook.decoded.text, gradebook.separator, edits)),
        column=gradebook.columns[i],
        changes=tuple(changes),
        same=tuple(same),
        left_alone=tuple(left_alone),
        only_here=tuple(sorted(key for key in points if key not in reached)),
        only_there=tuple(each for each in students if each.line not in keys and each.line not in doubtful),
        without=tuple(each for each in students if keys.get(each.line, "") not in points and each.line in keys),
        doubtful=doubtful,
    )


def _column(gradebook: Gradebook, wanted: str) -> int:
    """Where a column is. Raises `CourseError`, with the nearest names, if it is not there or cannot be filled."""
    headings = [(i, name) for i, name in enumerate(gradebook.columns)]
    read = {i: match for i, name in headings if (match := _ASSIGNMENT.fullmatch(name.removesuffix(f" {READ_ONLY}")))}
    found = [i for i, name in headings if name == wanted]
    found = found or [i for i, name in headings if folded(name) == folded(wanted)]
    found = found or [i for i, match in read.items() if match["id"] == wanted.strip().strip("()")]
    found = found or [i for i, match in read.items() if folded(match["title"]) == folded(wanted)]
    if len(found) > 1:
        several = ", ".join(shown(gradebook.columns[i]) for i in found)
        raise CourseError(f"{gradebook.path}: {shown(wanted)} may be any of {several}. Name one with its number.")
    if not found:
        raise CourseError(f"{gradebook.path}: has no column {shown(wanted)}. {_nearest(gradebook, read, wanted)}")
    i, name = found[0], gradebook.columns[found[0]]
    if READ_ONLY in name or gradebook.possible[i].value.strip() == READ_ONLY:
        raise CourseError(
            f"{gradebook.path}: column {shown(name)} is read only: Canvas fills it. {_nearest(gradebook, read, name)}"
        )
    if i not in read:
        raise CourseError(
            f"{gradebook.path}: column {shown(name)} is no assignment: its name does not end in a number such as "
            f"(12345). {_nearest(gradebook, read, name)}"
        )
    return i


def _nearest(gradebook: Gradebook, read: Mapping[int, re.Match[str]], wanted: str) -> str:
    can = [i for i in read if value_of(gradebook.possible[i].value) is not None]
    titles = {folded(read[i]["title"]): gradebook.columns[i] for i in can} | {
        folded(gradebook.columns[i]): gradebook.columns[i] for i in can
    }
    close = difflib.get_close_matches(folded(wanted), titles, n=6, cutoff=0.3)
    names = list(dict.fromkeys(titles[each] for each in close))[:3] or [gradebook.columns[i] for i in can][:3]
    if not names:
        return "It has no assignment. Make one in Canvas, and export the gradebook again."
    return f"Choose an assignment; the nearest: {', '.join(map(shown, names))}."


def _possible(gradebook: Gradebook, i: int) -> Fraction:
    possible = value_of(gradebook.possible[i].value)
    if possible is None or possible < 0:
        cell = gradebook.possible[i]
        what = f"says {shown(cell.value)}, no points possible. Give it points in Canvas, and export it again."
        raise CourseError(f"{gradebook.path}: {Fault(cell.line, gradebook.columns[i], what)}")
    return possible


def _refuse_points(
    gradebook: Gradebook, i: int, points: Mapping[str, Fraction], possible: Fraction, roster: Roster
) -> None:
    said = []
    for key, of_one in sorted(points.items()):
        if key not in roster.by_key:
            said.append(f"{shown(key)} has points and is not in the roster. Add the student, or leave the points out.")
        if not 0 <= of_one <= possible:
            most = rounded(possible, 6)
            said.append(f"{shown(key)} would get {rounded(of_one, 6)} points, and {most} are possible. Correct one.")
    if said:
        column = shown(gradebook.columns[i])
        raise CourseError("\n".join(f"{gradebook.path}: column {column}: {each}" for each in said))


def _sure(gradebook: Gradebook, roster: Roster, system: str) -> dict[int, frozenset[str]]:
    """Whose numbers and logins stand in each line."""
    known: dict[str, set[str]] = {}
    of_sis: dict[str, set[str]] = {}
    for person in roster.people:
        of_sis |= {key: {person.key} for key in (*person.merged, person.key)}
        for form in _forms(person.called(system)):
            known.setdefault(form, set()).add(person.key)
    found = dict[int, frozenset[str]]()
    for student in gradebook.students:
        sis = [name for name in (student.user, student.login) if name]
        keys = {key for name in (student.id, *sis) for key in known.get(name, ())}
        found[student.line] = frozenset(keys | {key for name in sis for key in of_sis.get(name, ())})
    return found


def _forms(called: str) -> Iterator[str]:
    """What Canvas's numbers and logins may be, of a name in the roster; a download's name ends in the number."""
    if called:
        yield called
    if numbered := re.fullmatch(r".+_(\d+)", called, re.DOTALL):
        yield numbered[1]

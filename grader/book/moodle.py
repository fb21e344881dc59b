"""Moodle's grading worksheet, with grades and feedback filled in; everything else stays byte for byte as it was.

    Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Last modified (submission),...
    Participant 1234,Ada Lovelace,ada@uni.edu,Submitted for grading,,50.00,Yes,"Friday, 5 March 2027, 9:10 PM",...

Moodle reads back the columns Identifier, Grade, Last modified (grade) and Feedback comments. It compares the time that
it wrote with its own, so that cell must stay. A participant's number is of one assignment only: it is that with which
the names of the submissions end, `Ada Lovelace_1234`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.book.cells import edited, number, value_of
from grader.book.matching import plain
from grader.book.of_homework import Came
from grader.book.roster import Roster
from grader.book.rounding import PLACES, rounded
from grader.book.tables import (
    Cell,
    Decoded,
    Fault,
    decode,
    harmed,
    harmless,
    records,
    refuse,
    separator_of,
    shown,
)
from grader.book.whose import Line, whose
from grader.errors import CourseError
from grader.intake.names import folded

SYSTEM = "moodle"  # the column of the roster
ID, NAME, NUMBER, ADDRESS = "Identifier", "Full name", "ID number", "Email address"
GRADE, MOST, OPEN, MODIFIED = "Grade", "Maximum Grade", "Grade can be changed", "Last modified (grade)"
FEEDBACK = "Feedback comments"
NEEDED = (ID, GRADE, MOST, MODIFIED)

# As `comment` begins: "hw1_blackbox: 40 of 50 points".
_POINTS = re.compile(r"(?P<homework>[^\s:]+): [0-9.]+ of [0-9.]+ points")


@dataclass(frozen=True)
class Participant:
    """A line of the worksheet. What it does not say is "": without names, those who grade do not see whose it is."""

    line: int
    id: str
    name: str
    number: str
    email: str

    @property
    def called(self) -> str:
        """What to call somebody in a message."""
        return self.name or self.id


@dataclass(frozen=True)
class Filled:
    """A filled worksheet, and whom it concerns.

    `graded` are the keys of those whose grade is now in it. `locked` are participants whose grade Moodle says cannot be
    changed, `said` those with a comment of somebody's, which stays, and `stale` those with one of an earlier
    filling that tells other points, which stays too. `only_here` are keys with points and no line
    that is theirs for sure, `only_there` lines of nobody in the roster, `without` those of students without points.
    `doubtful` says of lines why it is not clear whose they are.
    """

    content: bytes
    graded: tuple[str, ...]
    locked: tuple[Participant, ...]
    said: tuple[Participant, ...]
    stale: tuple[Participant, ...]
    only_here: tuple[str, ...]
    only_there: tuple[Participant, ...]
    without: tuple[Participant, ...]
    doubtful: Mapping[int, str]


@dataclass(frozen=True)
class Worksheet:
    """A worksheet as text; `lines` are below the heading."""

    path: Path
    decoded: Decoded
    separator: str
    columns: tuple[str, ...]
    lines: tuple[tuple[Cell, ...], ...]

    def cell(self, cells: Sequence[Cell], column: str) -> Cell | None:
        """A cell by its column, or None where there is no such column."""
        return cells[self.columns.index(column)] if column in self.columns else None

    def said(self, cells: Sequence[Cell], column: str) -> str:
        """What stands in it."""
        cell = self.cell(cells, column)
        return harmed(cell.value).strip() if cell else ""

    @property
    def participants(self) -> tuple[Participant, ...]:
        """Whom each line is of."""
        told = (ID, NAME, NUMBER, ADDRESS)
        return tuple(Participant(cells[0].line, *(self.said(cells, column) for column in told)) for cells in self.lines)


def read_worksheet(content: bytes, path: Path) -> Worksheet:
    """A grading worksheet in English. Raises `CourseError` for anything else."""
    decoded = decode(content, path)
    separator = separator_of(decoded.text, NEEDED)
    found = [cells for cells in records(decoded.text, separator, path) if any(cell.value.strip() for cell in cells)]
    columns = tuple(cell.value.strip() for cell in found[0]) if found else ()
    if absent := [column for column in NEEDED if columns.count(column) != 1]:
        raise CourseError(
            f"{path}: is no grading worksheet of Moodle: its first line needs once the column {shown(absent[0])}. "
            "Download it with Moodle in English."
        )
    refuse(
        path,
        (
            Fault(
                cells[0].line, "", f"has {len(cells)} cells, but there are {len(columns)} columns. Download it again."
            )
            for cells in found
            if len(cells) != len(columns)
        ),
    )
    return Worksheet(path, decoded, separator, columns, tuple(found[1:]))


def fill(content: bytes, path: Path, came: Mapping[str, Came], roster: Roster, places: int = PLACES) -> Filled:
    """The worksheet `content`, which is the file `path`, with grade and feedback of each key.

    A comment that is there already stays. Raises `CourseError` for points that the worksheet cannot take: then nothing
    is filled.
    """
    sheet = read_worksheet(content, path)
    people = sheet.participants
    sure = {each.line: _sure(each, came, roster) for each in people}
    systems = [system for system in roster.systems if system.lower() == SYSTEM]
    found = whose([Line(each.line, each.name, sure[each.line]) for each in people], roster, systems)
    edits, graded, faults = list[tuple[Cell, str]](), list[str](), list[Fault]()
    locked, said, stale = list[Participant](), list[Participant](), list[Participant]()
    for cells, person in zip(sheet.lines, people, strict=True):
        key = found.keys.get(person.line)
        if key is None or key not in came:
            continue
        if sheet.said(cells, OPEN).lower() == "no":
            locked.append(person)
            continue
        faults += _faults(sheet, cells, came[key])
        now = {GRADE: number(came[key].points, places, sheet.said(cells, MOST)), FEEDBACK: comment(came[key].lines)}
        if _other(sheet.said(cells, FEEDBACK), now[FEEDBACK]):
            (stale if _ours(sheet.said(cells, FEEDBACK), now[FEEDBACK]) else said).append(person)
            del now[FEEDBACK]
        graded.append(key)
        edits += [
            (cell, now[column]) for column in sheet.columns if column in now if (cell := sheet.cell(cells, column))
        ]
    refuse(path, faults)
    reached = set(found.keys.values())
    changed = [(cell, now) for cell, now in edits if cell.value != now]
    return Filled(
        content=sheet.decoded.encoded(edited(sheet.decoded.text, sheet.separator, changed)),
        graded=tuple(graded),
        locked=tuple(locked),
        said=tuple(said),
        stale=tuple(stale),
        only_here=tuple(sorted(key for key in came if key not in reached)),
        only_there=tuple(each for each in people if each.line not in found.keys and each.line not in found.doubtful),
        without=tuple(each for each in people if each.line in found.keys and found.keys[each.line] not in came),
        doubtful=found.doubtful,
    )


def comment(lines: Sequence[str]) -> str:
    """Lines as Moodle keeps comments, which is HTML; harmless where a spreadsheet opens the worksheet."""
    return harmless("<br>".join(html.escape(line, quote=False) for line in lines))


def _other(there: str, ours: str) -> bool:
    """Whether somebody else's comment stands there."""
    return there not in ("", harmed(ours))


def _ours(there: str, ours: str) -> bool:
    """Whether what stands there begins as an earlier filling wrote it. People may have added to it."""
    known, now = _POINTS.match(there), _POINTS.match(harmed(ours))
    return bool(known and now and known["homework"] == now["homework"])


def _sure(person: Participant, came: Mapping[str, Came], roster: Roster) -> frozenset[str]:
    """Whose numbers stand in a line: the participant's as the names of submissions end, and what the roster knows."""
    keys = {key for key, each in came.items() if _is_of(each.submission, person)}
    told = {folded(text) for text in (person.number, person.email) if text}
    for each in roster.people:
        if told & {folded(name) for name in (each.key, *each.merged, *each.names.values())}:
            keys.add(each.key)
    return frozenset(keys)


def _is_of(submission: str, person: Participant) -> bool:
    """Whether this is Moodle's name for what a participant handed in: "Ada Lovelace_1234", "Participant_1234"."""
    who, _, digits = submission.rpartition("_")
    if not digits.isdecimal() or digits != person.id.rpartition(" ")[2]:
        return False
    return not person.name or plain(who).endswith(plain(person.name))


def _faults(sheet: Worksheet, cells: Sequence[Cell], came: Came) -> Iterator[Fault]:
    most = value_of(sheet.said(cells, MOST))
    if most != came.of:
        yield Fault(
            cells[0].line,
            MOST,
            f"says {shown(sheet.said(cells, MOST))}, and there are {rounded(came.of)} points to earn. Set the maximum "
            f"grade of the assignment in Moodle to {rounded(came.of)}, and download the worksheet again.",
        )

"""Times of hand-ins in tables that platforms give out beside the download: Moodle's and GitHub Classroom's.

GitHub Classroom's also says who handed in: the name of a repository holds only what its owner is called on GitHub.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from grader.book.moments import spoken, stamped
from grader.book.scores import HandedIn
from grader.book.tables import read_table
from grader.book.times import CLASSROOM, MOODLE
from grader.errors import CourseError
from grader.intake.names import folded, safe_name
from grader.intake.submitters import Submitter

_MOODLE, _GITHUB = ("Identifier", "Last modified (submission)"), ("student_repository_name", "submission_timestamp")
_USER, _IDENTIFIER = "github_username", "roster_identifier"


@dataclass(frozen=True)
class Told:
    """What a table says. `people` are those who handed in, by submission; `notes` are for staff."""

    times: tuple[HandedIn, ...] = ()
    people: Mapping[str, tuple[Submitter, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def of_table(place: Path, submissions: Sequence[str], zone: str) -> Told:
    """What a platform's table says of submissions of these names. Raises `CourseError`."""
    heading = {folded(column) for column in read_table(place, ()).columns}
    if set(map(folded, _MOODLE)) <= heading:
        return _moodle(place, submissions, ZoneInfo(zone))
    if set(map(folded, _GITHUB)) <= heading:
        return _github(place, submissions)
    raise CourseError(
        f"{place}: is neither Moodle's grading worksheet nor GitHub Classroom's grades.csv. Name your own table with "
        "--times."
    )


def _moodle(place: Path, submissions: Sequence[str], zone: ZoneInfo) -> Told:
    """Participants have the number with which a submission's name ends: "Participant 1234", "Ada Lovelace_1234"."""
    by_number = {name.rpartition("_")[2]: name for name in submissions if "_" in name}
    times, notes = list[HandedIn](), list[str]()
    for row in read_table(place, _MOODLE).rows:
        number, text = row[_MOODLE[0]].split(" ")[-1], row[_MOODLE[1]]
        if number not in by_number or text in ("", "-"):
            continue
        if at := spoken(text, zone):
            times.append(HandedIn(by_number[number], at, row.line, MOODLE))
        else:
            notes.append(f"{place}: line {row.line}: {text!r} is no time that can be read: download it in English.")
    return Told(tuple(times), {}, tuple(notes))


def _github(place: Path, submissions: Sequence[str]) -> Told:
    """A submission is called as its repository is, or as its student is there."""
    known = {folded(name): name for name in submissions}
    times, people, notes = list[HandedIn](), dict[str, tuple[Submitter, ...]](), list[str]()
    for row in read_table(place, _GITHUB).rows:
        user, identifier = row.cells.get(_USER, ""), row.cells.get(_IDENTIFIER, "")
        names = [row[_GITHUB[0]], user, identifier]
        name = next((known[folded(safe_name(each))] for each in names if folded(safe_name(each)) in known), None)
        if name is None:
            continue
        if name == known.get(folded(safe_name(row[_GITHUB[0]]))) and (user or identifier):
            people[name] = (Submitter(identifier or user, user, identifier),)
        if not row[_GITHUB[1]]:
            continue
        if at := stamped(row[_GITHUB[1]]):
            times.append(HandedIn(name, at, row.line, CLASSROOM))
        else:
            notes.append(f"{place}: line {row.line}: {row[_GITHUB[1]]!r} is no time with an offset.")
    return Told(tuple(times), people, tuple(notes))

"""Times of hand-ins in tables that platforms give out beside the download: Moodle's and GitHub Classroom's."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from grader.book.moments import spoken, stamped
from grader.book.scores import HandedIn
from grader.book.tables import read_table
from grader.errors import CourseError
from grader.intake.names import folded, safe_name

Told = tuple[tuple[HandedIn, ...], tuple[str, ...]]
_MOODLE, _GITHUB = ("Identifier", "Last modified (submission)"), ("student_repository_name", "submission_timestamp")


def of_table(place: Path, submissions: Sequence[str], zone: str) -> Told:
    """The times in a platform's table, for submissions of these names, and notes. Raises `CourseError`."""
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
            times.append(HandedIn(by_number[number], at, row.line, "Moodle's grading worksheet"))
        else:
            notes.append(f"{place}: line {row.line}: {text!r} is no time that can be read: download it in English.")
    return tuple(times), tuple(notes)


def _github(place: Path, submissions: Sequence[str]) -> Told:
    """A submission is called as its repository is, or as its student is there."""
    known = {folded(name): name for name in submissions}
    times, notes = list[HandedIn](), list[str]()
    for row in read_table(place, _GITHUB).rows:
        names = [row.cells.get(column, "") for column in (_GITHUB[0], "github_username", "roster_identifier")]
        name = next((known[folded(safe_name(each))] for each in names if folded(safe_name(each)) in known), None)
        if name is None or not row[_GITHUB[1]]:
            continue
        if at := stamped(row[_GITHUB[1]]):
            times.append(HandedIn(name, at, row.line, "GitHub Classroom's grades.csv"))
        else:
            notes.append(f"{place}: line {row.line}: {row[_GITHUB[1]]!r} is no time with an offset.")
    return tuple(times), tuple(notes)

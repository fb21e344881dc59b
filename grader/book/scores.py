"""What comes into the book: results of `make grade`, and tables of times, project scores, extensions and excusals.

A table with anything wrong is not taken at all: everything that is wrong in it is told, with lines and columns.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from grader.book.lines import Line, taken
from grader.book.moments import possible
from grader.book.policy import Policy
from grader.book.tables import read_table, shown
from grader.course.points import decimal
from grader.errors import CourseError
from grader.intake.names import folded
from grader.judge.result import Result
from grader.report.earlier import CLASS
from grader.report.files import NOT_GRADED, read_result

NO_TIME = datetime.min.replace(tzinfo=UTC)  # in lines that are refused

# ---- results of a run ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ResultScore:
    """What one submission earned by its checks.

    `points` is None for one that we failed to judge: that is no zero. `refused` says why a submission could not be
    read, which is one. `problems` are those that were graded, and `of` is what they are worth together.
    """

    submission: str
    homework: str
    points: Fraction | None
    of: Fraction
    fingerprint: str
    graded_at: datetime
    refused: str
    problems: tuple[str, ...]

    @property
    def ungraded(self) -> bool:
        """Whether we failed to judge it: grade it again."""
        return self.points is None


@dataclass(frozen=True)
class Results:
    """What a run left in its folder.

    `ungraded` are those that we failed to judge last, even if `scores` has an earlier grade of theirs. `unreadable`
    says of files why they are no results, and `waiting` names the submissions that no run has come to.
    """

    folder: Path
    scores: tuple[ResultScore, ...]
    ungraded: tuple[ResultScore, ...]
    unreadable: Mapping[str, str]
    waiting: tuple[str, ...]


def read_results(folder: Path) -> Results:
    """The results in a folder that `make grade` wrote, or in `results` below it. Raises `CourseError` without any."""
    place = _place(folder)
    scores, ungraded = list[ResultScore](), list[ResultScore]()
    unreadable: dict[str, str] = {}
    for path in [*sorted(place.glob("*.json")), *sorted((place / NOT_GRADED).glob("*.json"))]:
        if path.name.startswith("."):
            continue
        try:
            score = _score(path)
        except CourseError as error:
            unreadable[path.relative_to(place).as_posix()] = str(error)
            continue
        (ungraded if score.ungraded else scores).append(score)
    known = {score.submission for score in (*scores, *ungraded)} | {Path(name).stem for name in unreadable}
    waiting = tuple(name for name in _without_verdict(place / CLASS) if name not in known)
    return Results(place, tuple(scores), tuple(ungraded), unreadable, waiting)


def _place(folder: Path) -> Path:
    for place in (folder, folder / "results"):
        if (place / CLASS).is_file() or any(place.glob("*.json")) or any((place / NOT_GRADED).glob("*.json")):
            return place
    runs = sorted(path.parent.name for path in folder.glob(f"*/{CLASS}"))
    there = f"It holds those of several runs ({', '.join(runs)}): name one. " if runs else ""
    raise CourseError(f"{folder}: has no results of `make grade`. {there}Results are one JSON a submission.")


def _score(path: Path) -> ResultScore:
    result = read_result(path)
    if result.submission != path.stem:
        raise CourseError(f"{path}: is the result of {result.submission}. Remove the copy, or name it back.")
    if result.verdict != "grader_error" and not 0 <= result.points <= result.max_points:
        raise CourseError(f"{path}: has {result.points} of {result.max_points} points. Grade it again.")
    if not result.max_points:
        raise CourseError(f"{path}: is of a run that could give no points. Grade it with all problems.")
    return ResultScore(
        submission=result.submission,
        homework=result.assignment,
        points=None if result.verdict == "grader_error" else result.points,
        of=result.max_points,
        fingerprint=result.fingerprint,
        graded_at=_graded_at(path, result),
        refused=result.refusal,
        problems=tuple(problem.id for problem in result.problems if problem.kind == "code"),
    )


def _graded_at(path: Path, result: Result) -> datetime:
    try:
        at = datetime.fromisoformat(result.graded_at)
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)  # it is always in UTC
    except (ValueError, OverflowError):
        raise CourseError(f"{path}: graded_at is no time: {result.graded_at!r}. Grade it again.") from None


def _without_verdict(path: Path) -> list[str]:
    """The submissions of which class.csv says that no run came to them."""
    if not path.is_file():
        return []
    return [row["submission"] for row in read_table(path, ("submission", "verdict")).rows if not row["verdict"]]


# ---- times ---------------------------------------------------------------------------------------------------------

_TIME = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)[T ](?P<time>\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?) ?(?P<offset>Z|UTC|[+-]\d\d:?\d\d)?",
    re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True)
class HandedIn:
    """When a submission was handed in, and who says so. `at` has an offset; `line` is where a table says it."""

    submission: str
    at: datetime
    line: int
    by: str = ""


def read_times(path: Path) -> tuple[HandedIn, ...]:
    """Times of hand-ins: `submission,handed_in`, and a column `zone` where times have no offset.

    A time that a clock in the zone shows twice is the first of the two, which is better for the student. Raises
    `CourseError` with all that is wrong.
    """
    table = read_table(path, ("submission", "handed_in"), ("zone",))
    found = taken(table, _time, lambda time: (time.submission,))
    return tuple(replace(time, by=path.name) for time in found)


def _time(line: Line) -> HandedIn:
    zone = line.row.cells.get("zone", "")
    submission, text = line.text("submission"), line.text("handed_in")
    try:
        at = _moment(text, zone) if text else NO_TIME
    except ValueError as error:
        column = "zone" if isinstance(error, _NoZone) else "handed_in"
        at = line.wrong(column, str(error), NO_TIME)
    return HandedIn(submission, at, line.row.line)


class _NoZone(ValueError):
    """A zone that is not known."""


def _moment(text: str, zone: str) -> datetime:
    """A time with its offset. Raises ValueError, which says what is wrong and what to do."""
    match = _TIME.fullmatch(text)
    if match is None:
        raise ValueError(f"{shown(text)} is no time. Write it like 2027-02-12T23:59:00+01:00.")
    offset = (match["offset"] or "").upper().replace("UTC", "Z")
    try:
        at = datetime.fromisoformat(f"{match['day']}T{match['time']}{offset}")
        if not possible(at):
            raise ValueError
        at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"{shown(text)} is in no calendar. Correct it.") from None
    if offset:
        return at
    if not zone:
        raise ValueError(
            f"{shown(text)} has no offset, so it could be anywhere. Write it like {text}+01:00, or add a column 'zone' "
            "with a name such as Europe/Zurich."
        )
    try:
        there = at.replace(tzinfo=ZoneInfo(zone))
        back = there.astimezone(UTC).astimezone(there.tzinfo).replace(tzinfo=None)
    except (ZoneInfoNotFoundError, ValueError, OSError, OverflowError):
        raise _NoZone(f"{shown(zone)} is no time zone. Write one such as Europe/Zurich.") from None
    if back != at:
        raise ValueError(f"{shown(text)} is a time that no clock in {zone} showed: it was put forward. Correct it.")
    return there


# ---- what people enter ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PartScore:
    """Points of one student for one part of the project."""

    student: str
    part: str
    points: Fraction
    of: Fraction
    line: int


@dataclass(frozen=True)
class Extended:
    """More days for one student on one homework."""

    student: str
    homework: str
    days: int
    reason: str
    line: int


@dataclass(frozen=True)
class Excused:
    """One student does not have to do one homework."""

    student: str
    homework: str
    reason: str
    line: int


@dataclass(frozen=True)
class Grouped:
    """One student hands in with a group: one homework, or all where `homework` is ""; alone where `group` is ""."""

    group: str
    student: str
    homework: str
    line: int


def read_project(path: Path, policy: Policy) -> tuple[PartScore, ...]:
    """Scores of the project: `student,part,points`. Raises `CourseError` with all that is wrong."""
    parts = {folded(part.name): part for part in policy.project}

    def score(line: Line) -> PartScore:
        student, name, points = line.text("student"), line.text("part"), line.points("points")
        part = parts.get(folded(name))
        if part is None:
            there = ", ".join(part.name for part in policy.project) or "none"
            if name:
                line.wrong("part", f"{shown(name)} is no part of the project. There is: {there}.", "")
            return PartScore(student, name, points, Fraction(0), line.row.line)
        if points > part.points:
            most = f"more than {part.name} has: {decimal(part.points)}"
            line.wrong("points", f"{shown(line.row['points'])} is {most}. Write fewer points.", "")
        return PartScore(student, part.name, points, part.points, line.row.line)

    table = read_table(path, ("student", "part", "points"), ())
    return taken(table, score, lambda score: (score.student, score.part))


def read_extensions(path: Path, policy: Policy) -> tuple[Extended, ...]:
    """Extensions: `student,homework,days,reason`. Raises `CourseError` with all that is wrong."""

    def extension(line: Line) -> Extended:
        homework, days = line.homework("homework", policy), line.days("days")
        return Extended(line.text("student"), homework, days, line.text("reason"), line.row.line)

    table = read_table(path, ("student", "homework", "days", "reason"), ())
    return taken(table, extension, lambda extended: (extended.student, extended.homework))


def read_excusals(path: Path, policy: Policy) -> tuple[Excused, ...]:
    """Who is excused from what: `student,homework,reason`. Raises `CourseError` with all that is wrong."""

    def excusal(line: Line) -> Excused:
        return Excused(line.text("student"), line.homework("homework", policy), line.text("reason"), line.row.line)

    table = read_table(path, ("student", "homework", "reason"), ())
    return taken(table, excusal, lambda excused: (excused.student, excused.homework))


ALONE = "-"


def read_groups(path: Path, policy: Policy) -> tuple[Grouped, ...]:
    """Who hands in together: `group,student`, and `homework` where groups change. A group `-` is nobody else.

    Raises `CourseError` with all that is wrong.
    """

    def grouped(line: Line) -> Grouped:
        group, student = line.text("group"), line.text("student")
        homework = line.homework("homework", policy) if line.row.cells.get("homework") else ""
        return Grouped("" if group == ALONE else group, student, homework, line.row.line)

    table = read_table(path, ("group", "student"), ("homework",))
    return taken(table, grouped, lambda each: (each.student, each.homework or "every homework"))

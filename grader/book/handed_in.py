"""When submissions were handed in, as the platform says from which they were downloaded.

    Gradescope         submission_metadata.yml beside the folders; it also says whose each folder is
    nbgrader           <student>/<homework>/timestamp.txt, if every student has one; or the folder's name:
                       ada+hw0+2027-03-05 21:10:00 UTC
    Moodle             the grading worksheet, which is downloaded by itself (a CSV)
    GitHub Classroom   grades.csv, which is downloaded by itself; it also says whose each repository is
    Blackboard, Brightspace   the name of each attempt, by a clock in the course's zone
    Canvas             nothing: only that a hand-in was late

A file's date is when somebody saved it, or unpacked it. It counts only where nothing else is there, and only if asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from zoneinfo import ZoneInfo

from grader.book.downloads import Files, of_folder, of_zip
from grader.book.moments import stamped
from grader.book.platform_tables import of_table
from grader.book.scores import HandedIn
from grader.book.times import FILE_DATE, GRADESCOPE, NAMED, NBGRADER
from grader.errors import CourseError
from grader.intake.names import listed, safe_name, stem
from grader.intake.platforms import Label, labels
from grader.intake.submitters import METADATA, Submitter, listed_in

TIMESTAMP = "timestamp.txt"
LOCAL = ("Blackboard", "Brightspace")


@dataclass(frozen=True)
class Download:
    """What a download says. `people` are those who handed in, where folders do not say it; `notes` are for staff."""

    times: tuple[HandedIn, ...] = ()
    people: Mapping[str, tuple[Submitter, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def read_download(place: Path, submissions: Sequence[str], zone: str, file_dates: bool = False) -> Download:
    """The times in a zip, a folder, or a CSV of Moodle or GitHub Classroom, for submissions of these names.

    Raises `CourseError` for a file that cannot be read.
    """
    if place.suffix.lower() == ".csv":
        table = of_table(place, submissions, zone)
        return Download(table.times, table.people, table.notes)
    files = of_folder(place) if place.is_dir() else of_zip(place, ZoneInfo(zone))
    level = max((0, 1), key=lambda level: len(set(_named(files, level)) & set(submissions)))
    found = _gradescope(files, level)
    named = _named(files, level)
    times = dict[str, tuple[datetime, str]]()
    for name, at in found.at.items():
        times[name] = at, GRADESCOPE
    for name, tops in named.items():
        if name not in times and (told := _by_name(list(tops.values()), ZoneInfo(zone))):
            times[name] = told
    stamps, doubts = ({}, "") if found.at or any(map(_labelled, named.values())) else _timestamps(files, level, named)
    for name, at in stamps.items():
        times.setdefault(name, (at, NBGRADER))
    if file_dates:
        for name, tops in named.items():
            dates = [at for path, at in files.dates.items() if _top(path, level) in tops]
            times.setdefault(name, (max(dates), FILE_DATE))
    told_late = sorted(name for name, tops in named.items() if any(each and each.late for each in tops.values()))
    notes = [f"Canvas says late, and not when: {listed(told_late, 9)}."] if told_late else []
    notes += [f"{place}: {doubts}"] if doubts else []
    if not times:
        notes.append(f"{place}: holds no times of hand-ins. {_ELSEWHERE}")
    return Download(tuple(HandedIn(name, at, 0, by) for name, (at, by) in times.items()), found.people, tuple(notes))


_ELSEWHERE = (
    "Name a table with --times, Moodle's grading worksheet or GitHub Classroom's grades.csv, or take files' dates with "
    "--file-dates."
)


# ---- names -----------------------------------------------------------------------------------------------------------


def _top(path: str, level: int) -> str:
    parts = path.split("/")
    return parts[level] if len(parts) > level else ""


def _named(files: Files, level: int) -> dict[str, dict[str, Label | None]]:
    """The names of submissions, each with the files or folders that lie on this level and what their names say."""
    tops = {top: len(path.split("/")) > level + 1 for path in files.dates if (top := _top(path, level))}
    told = labels(tops)
    found = dict[str, dict[str, Label | None]]()
    for top, folder in tops.items():
        label = told.get(top)
        name = safe_name(label.who if label else top if folder else stem(top))
        found.setdefault(name, {})[top] = label
    return found


# ---- what says when ------------------------------------------------------------------------------------------------


@dataclass
class _Gradescope:
    at: dict[str, datetime] = field(default_factory=dict)
    people: dict[str, tuple[Submitter, ...]] = field(default_factory=dict)


def _gradescope(files: Files, level: int) -> _Gradescope:
    found = _Gradescope()
    for path in files.dates:
        if PurePosixPath(path).name != METADATA or len(path.split("/")) > level + 1:
            continue
        for folder, told in listed_in(files.read(path).decode("utf-8", "replace")).items():
            if told.people:
                found.people[safe_name(folder)] = told.people
            if at := stamped(told.created_at):
                found.at[safe_name(folder)] = at
    return found


def _by_name(told: Sequence[Label | None], zone: ZoneInfo) -> tuple[datetime, str] | None:
    """The latest time in the names of one student's attempts."""
    found = list[tuple[datetime, str]]()
    for label in told:
        if label is None or not label.order or len(label.order) < 5:
            continue
        where = zone if label.platform in LOCAL else UTC
        try:
            at = datetime(*label.order[:6], tzinfo=where)  # type: ignore[misc, arg-type]
        except ValueError:
            continue
        found.append((at, f"{label.platform}{NAMED}"))
    return max(found, default=None)


def _labelled(tops: Mapping[str, Label | None]) -> bool:
    return any(tops.values())


def _timestamps(
    files: Files, level: int, named: Mapping[str, Mapping[str, Label | None]]
) -> tuple[dict[str, datetime], str]:
    """The times in nbgrader's files, <student>/<homework>/timestamp.txt, or why none of them is believed.

    Anybody can hand in a file of this name. nbgrader writes one for everybody and each at the same place, which no
    student can do for the others: so one that others lack, and one at another place, says nothing.
    """
    inside = [path.split("/")[level:] for path in files.dates]
    here = {(parts[0], parts[1]) for parts in inside if len(parts) == 3 and parts[2] == TIMESTAMP}
    homeworks = {homework for _, homework in here}
    if not here:
        return {}, ""
    lacking = sorted(name for name, tops in named.items() if not {top for top, _ in here} & set(tops))
    if len(homeworks) > 1 or lacking or len(named) < 2 or len(here) != len({top for top, _ in here}):
        who = f" ({listed(lacking, 3)} have none)" if lacking else ""
        return {}, f"not everybody has nbgrader's {TIMESTAMP} at the same place{who}, so none is believed: {_ANYBODY}"
    found = dict[str, datetime]()
    for name, tops in named.items():
        stamps = [
            _stamp(files, "/".join([*_prefix(files, level, top), top, homework, TIMESTAMP]))
            for top in tops
            for homework in homeworks
        ]
        if times := [at for at in stamps if at]:
            found[name] = max(times)
    return found, ""


_ANYBODY = "a student can hand in such a file. Name a table with --times."


def _stamp(files: Files, path: str) -> datetime | None:
    """What a stamp says; one that cannot be read is this student's alone."""
    try:
        return stamped(files.read(path).decode("utf-8", "replace"))
    except CourseError:
        return None


def _prefix(files: Files, level: int, top: str) -> list[str]:
    """What stands before the name of a submission."""
    return next(parts[:level] for path in files.dates if (parts := path.split("/"))[level : level + 1] == [top])

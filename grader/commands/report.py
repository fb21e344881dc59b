"""`report`: pages of a class and of each submission, from the results of `grade`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from rich.console import Console

from grader.atomic import write_atomically
from grader.book.matching import match
from grader.book.roster import read_roster
from grader.course.assignment import Assignment
from grader.errors import CourseError
from grader.judge.result import Result
from grader.report.class_page import ClassReport, class_page
from grader.report.earlier import earlier
from grader.report.student_page import student_markdown, student_page
from grader.report.terminal import wide_console

STUDENTS, STAFF = "students", "staff"


@dataclass(frozen=True)
class Wanted:
    """What a report may show. `system` is the roster's column with the names of submissions."""

    after_due: bool = False
    roster: Path | None = None
    system: str = "results"


def write_report(
    assignment: Assignment, folder: Path, out: Path, wanted: Wanted, console: Console | None = None
) -> None:
    """Writes `index.html`, and for each submission a page for its student, the same as Markdown, and one for staff.

    Pages of earlier reports whose submissions have no result now are removed from `students` and `staff`.
    Only pages in `students` may be given away: `staff` and `index.html` tell hidden inputs and speak of everybody.
    Raises `CourseError` where `folder` has no results, or those of another homework.
    """
    console = console or wide_console()
    found = earlier(folder)
    results = sorted(found.results.values(), key=lambda each: each.submission)
    if not results:
        raise CourseError(f"{folder}: has no results of `make grade`. Grade the class first, or name its folder.")
    if others := {each.assignment for each in results} - {assignment.name}:
        raise CourseError(f"{folder}: holds results of {sorted(others)[0]}, not of {assignment.name}. Name that one.")
    title = f"{assignment.short.upper()}: {assignment.title}"
    for result in results:
        given = result.for_student(after_due=wanted.after_due)
        for path, text in (
            (out / STUDENTS / f"{result.submission}.html", student_page(title, given)),
            (out / STUDENTS / f"{result.submission}.md", student_markdown(title, given)),
            (out / STAFF / f"{result.submission}.html", student_page(title, result, staff=True)),
        ):
            _write(path, text)
    report = ClassReport(
        title,
        results,
        {result.submission: quote(f"{STAFF}/{result.submission}.html") for result in results},
        found.ungraded,
        _absent(results, wanted, console),
        datetime.now(UTC).isoformat(" ", "minutes").replace("+00:00", " UTC"),
    )
    _write(out / "index.html", class_page(report))
    if gone := _cleared(out, {result.submission for result in results}):
        told = f"{gone} {'page' if gone == 1 else 'pages'} of submissions without a result here: removed."
        console.print(told, markup=False, highlight=False, soft_wrap=True)
    for name, why in found.unreadable.items():
        console.print(f"{name}: left out: {why}", style="yellow", markup=False, highlight=False, soft_wrap=True)
    told = f"{len(results)} submissions: {out / 'index.html'} for staff, {out / STUDENTS} for students."
    console.print(told, markup=False, highlight=False, soft_wrap=True)


def _cleared(out: Path, names: set[str]) -> int:
    """Removes pages that an earlier report left of submissions that have no result now: they would pass for current."""
    pages = [page for folder in (STUDENTS, STAFF) for page in (out / folder).iterdir()]
    old = [page for page in pages if page.suffix in (".html", ".md") and page.stem not in names]
    for page in old:
        page.unlink(missing_ok=True)
    return len(old)


def _absent(results: Sequence[Result], wanted: Wanted, console: Console) -> tuple[str, ...]:
    """Those of the roster to whom no submission belongs, by their names. Submissions of nobody there are told."""
    if wanted.roster is None:
        return ()
    roster = read_roster(wanted.roster)
    matched = match([result.submission for result in results], roster, wanted.system)
    for name, nearest in matched.unknown.items():
        perhaps = f" Perhaps {', '.join(each.spelling for each in nearest)}?" if nearest else ""
        told = f"{name}: is nobody in {wanted.roster}.{perhaps}"
        console.print(told, style="yellow", markup=False, highlight=False, soft_wrap=True)
    there = {*matched.found.values(), *matched.twice}
    return tuple(person.name for person in roster.people if person.key not in there)


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, text.encode())
    except OSError as error:
        raise CourseError(f"{path}: cannot be written ({error.strerror}). Name another folder with --out.") from None

"""`report`: pages of a class and of each submission, from the results of `grade`, and from the book if asked."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from rich.console import Console

from grader.atomic import write_atomically
from grader.book.by_hand import line_of
from grader.book.entered import entered_for, submissions_in
from grader.book.importing import RESULTS, roster_of
from grader.book.matching import Matched, match
from grader.book.policy import Policy
from grader.book.roster import KEY, Roster, read_roster
from grader.book.rounding import rounded
from grader.book.store import Book
from grader.course.assignment import Assignment
from grader.errors import CourseError
from grader.hand.marking import Answered
from grader.judge.result import Result
from grader.report.alike import Cluster, clusters
from grader.report.by_hand import Marked
from grader.report.class_page import ClassReport, class_page
from grader.report.earlier import earlier
from grader.report.student_page import student_markdown, student_page
from grader.report.terminal import wide_console

STUDENTS, STAFF = "students", "staff"


@dataclass(frozen=True)
class Wanted:
    """What a report may show. `system` is the roster's column with the names of submissions.

    With a `book`, pages show what people gave. `similar` is a folder that `make similar` wrote.
    """

    after_due: bool = False
    roster: Path | None = None
    system: str = "results"
    book: Book | None = None
    policy: Policy | None = None
    similar: Path | None = None


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
    by_hand = _by_hand(assignment, results, wanted)
    for result in results:
        marked = by_hand.get(result.submission, ())
        given = result.for_student(after_due=wanted.after_due)
        for path, text in (
            (out / STUDENTS / f"{result.submission}.html", student_page(title, given, marked)),
            (out / STUDENTS / f"{result.submission}.md", student_markdown(title, given, marked)),
            (out / STAFF / f"{result.submission}.html", student_page(title, result, marked, staff=True)),
        ):
            _write(path, text)
    alike, alike_page = _alike(wanted, out)
    report = ClassReport(
        title,
        results,
        {result.submission: quote(f"{STAFF}/{result.submission}.html") for result in results},
        found.ungraded,
        _absent(assignment, results, wanted, console),
        datetime.now(UTC).isoformat(" ", "minutes").replace("+00:00", " UTC"),
        alike,
        alike_page,
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


def _by_hand(assignment: Assignment, results: Sequence[Result], wanted: Wanted) -> Mapping[str, Sequence[Marked]]:
    """What the book has of each submission's student, in the order of the rubric.

    Pages are given away: a submission is somebody's if their score of it is in the book, or if it is called just as
    they are, and the book has no submission of this name that is somebody else's.
    """
    if wanted.book is None or wanted.policy is None:
        return {}
    works, said, entries = wanted.book.works(), dict[str, Sequence[Marked]](), wanted.book.entries()
    matched, named = _matched(results, wanted), submissions_in(entries, assignment.name)
    exactly = {name: key for name, key in matched.found.items() if name not in matched.how}
    whose = {name: key for name, key in exactly.items() if named.get(name, {key}) == {key}}
    for submission, key in {**whose, **_entered(assignment, results, wanted.book)}.items():
        if key in works and (by_hand := works[key].by_hand.get(assignment.name)):
            said[submission] = [_marked(wanted.policy, each) for each in by_hand.answers]
    return said


def _marked(policy: Policy, answered: Answered) -> Marked:
    question, line = answered.question, line_of(policy, answered, rounded(answered.points))
    says, is_open = "" if answered.lacks else line.says, bool(answered.lacks)
    of = question.problem, question.id, question.title, answered.points, question.points
    return Marked(*of, says, line.comment, is_open)


def _alike(wanted: Wanted, out: Path) -> tuple[Sequence[Cluster], str]:
    """Who is alike, and where the pairs are, as seen from the page of the class."""
    if wanted.similar is None:
        return (), ""
    page = os.path.relpath(wanted.similar / "index.html", out)
    return clusters(wanted.similar / "similar.csv"), quote(page)


def _absent(assignment: Assignment, results: Sequence[Result], wanted: Wanted, console: Console) -> tuple[str, ...]:
    """Those of the roster, or else of the book, to whom no submission belongs, by their names. Submissions of nobody
    there are told."""
    if wanted.roster is None and wanted.book is None:
        return ()
    matched = _matched(results, wanted)
    entered = _entered(assignment, results, wanted.book) if wanted.book and not wanted.roster else {}
    for name, nearest in matched.unknown.items():
        if name in entered:
            continue
        perhaps = f" Perhaps {', '.join(each.spelling for each in nearest)}?" if nearest else ""
        told = f"{name}: is nobody in {wanted.roster or 'the book'}.{perhaps}"
        console.print(told, style="yellow", markup=False, highlight=False, soft_wrap=True)
    there = {*matched.found.values(), *matched.twice, *entered.values()}
    if wanted.book and not wanted.roster:  # also who handed in together with somebody
        there |= {key for key, work in wanted.book.works().items() if work.handed_in.get(assignment.name)}
    return tuple(person.name for person in _roster(wanted).people if person.key not in there)


def _roster(wanted: Wanted) -> Roster:
    if wanted.roster is not None:
        return read_roster(wanted.roster)
    assert wanted.book is not None
    return roster_of(wanted.book.students().values())


def _matched(results: Sequence[Result], wanted: Wanted) -> Matched:
    """Submissions by their names. A book without names of results knows the same people by their keys."""
    roster = _roster(wanted)
    by_key = wanted.roster is None and wanted.system == RESULTS and not roster.has(RESULTS)
    return match([result.submission for result in results], roster, KEY if by_key else wanted.system)


def _entered(assignment: Assignment, results: Sequence[Result], book: Book) -> Mapping[str, str]:
    return entered_for(results, book.entries(), assignment.name)


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, text.encode())
    except OSError as error:
        raise CourseError(f"{path}: cannot be written ({error.strerror}). Name another folder with --out.") from None

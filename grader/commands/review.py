"""`review`: a page on this machine, on which people mark written answers. The gradebook keeps what they give."""

from __future__ import annotations

import webbrowser
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console

from grader.book.demonstration import demonstration
from grader.book.handed_in import read_download
from grader.book.policy import policy_of
from grader.book.rows import Alias, Student
from grader.book.store import SQLITE, Book
from grader.commands.book import DEMONSTRATION, open_book
from grader.course.assignment import Assignment, Course
from grader.errors import GraderError
from grader.hand.rubric import Rubric, rubric_of
from grader.intake import Asked, ClassFolder, look_through
from grader.report.terminal import wide_console
from grader.review.classes import Handed, handed_in, problems_behind, questions_of, shared, wrong_problems
from grader.review.demonstration import write_demonstration
from grader.review.desk import Desk, Setup
from grader.review.drawn import drawn, walls
from grader.review.marks import BookMarks
from grader.review.place import Place, place_of
from grader.review.queue import By, tasks
from grader.review.server import serve
from grader.text import clean_line

LONGEST = 300


@dataclass(frozen=True)
class Wishes:
    """How somebody wants to review."""

    who: str
    by: By = "question"
    hide_names: bool = False
    shuffle: bool = False
    questions: tuple[str, ...] = ()
    port: int | None = None
    keep: Path | None = None
    system: str = "results"
    results: Path | None = None
    open_browser: bool = False


def review(
    course: Course, assignment: Assignment, submissions: Path, url: str, wishes: Wishes, console: Console | None = None
) -> None:
    """Serves the page until it is told to end. Raises `GraderError` where it cannot begin."""
    with open_book(course, url, create=False) as book:
        found = look_through(submissions, Asked.of(assignment))
        _serve(course, assignment, book, found, _folder(course, url), wishes, console or wide_console())


def review_demonstration(
    course: Course, assignment: Assignment, wishes: Wishes, console: Console | None = None
) -> None:
    """The same with the demonstration course, and answers that a program wrote."""
    console = console or wide_console()
    console.print("There is no book or no SUBMISSIONS: this is a demonstration.", highlight=False)
    folder = course.folder / "results" / DEMONSTRATION / "review"
    submissions = folder / assignment.name
    folder.mkdir(parents=True, exist_ok=True)
    with Book.open(f"sqlite:///{folder / 'book.db'}") as book:
        people = [each for each in demonstration(policy_of(course)) if isinstance(each, Student | Alias)]
        book.enter(people, who=DEMONSTRATION, why="a course to look at")
        rubric = rubric_of(assignment)
        book.enter_rubric(rubric, who=DEMONSTRATION, why="a course to look at")
        write_demonstration(assignment, rubric, list(book.students()), submissions)
        found = look_through(submissions, Asked.of(assignment))
        _serve(course, assignment, book, found, folder, wishes, console)


def _serve(
    course: Course,
    assignment: Assignment,
    book: Book,
    found: ClassFolder,
    folder: Path,
    wishes: Wishes,
    console: Console,
) -> None:
    def say(line: str, style: str = "") -> None:
        console.print(line, style=style or None, markup=False, highlight=False, soft_wrap=True)

    place = place_of(wishes.keep or folder, assignment.name, wishes.who, wishes.port)
    rubric = rubric_in_force(book, assignment, wishes.who, say)
    asked = Asked.of(assignment)
    submitters = read_download(found.folder, [entry.name for entry in found.entries], "UTC").people
    known = {name: who for name, who in submitters.items() if who}
    handed = handed_in(found, asked, book.students().values(), wishes.system, known)
    for line in handed.left:
        say(f"not shown: {clean_line(line, LONGEST)}", "yellow")
    setup = setup_of(course, assignment, book, rubric, found, handed, place, wishes)
    if not setup.tasks:
        raise GraderError("There is nobody in the book to mark. Enter a roster first.")
    if lacks := walls(drawn):
        say(lacks, "yellow")
    desk = Desk(replace(setup, walls=lacks), BookMarks(book, assignment.name), drawn)

    def ready() -> None:
        say(f"{len(setup.tasks)} answers of {len(setup.names)} students. Open this address; Ctrl-C ends the review:")
        say(f"  {place.address}", "bold")
        if wishes.open_browser:
            webbrowser.open(place.address)

    serve(desk, place, ready)


def rubric_in_force(book: Book, assignment: Assignment, who: str, say: Callable[[str, str], None]) -> Rubric:
    """The book's rubric; where it has none, that of the homework, which is entered. Raises `GraderError`."""
    written = rubric_of(assignment)
    rubric = book.rubric(assignment.name)
    if rubric is None:
        book.enter_rubric(written, who=who, why="a review begins")
        return written
    if rubric != written:
        say(
            f"rubric.toml is not what the book has. The book counts; to change it: "
            f'make book ARGS="rubric {assignment.short}"',
            "yellow",
        )
    return rubric


def setup_of(
    course: Course,
    assignment: Assignment,
    book: Book,
    rubric: Rubric,
    found: ClassFolder | None,
    handed: Handed,
    place: Place,
    wishes: Wishes,
) -> Setup:
    """What a review shows, and in which order. Raises `GraderError` for a question that there is none of."""
    ids = [question.id for question in rubric.questions]
    if unknown := [name for name in wishes.questions if name not in ids]:
        raise GraderError(f"{assignment.name} has no question {unknown[0]!r}. There is: {', '.join(ids)}.")
    groups, people = book.groups(), book.students()
    whole = {key: groups.together(key, assignment.name) for key in people}
    together = {key: tuple(each for each in all_of_them if each in people) for key, all_of_them in whole.items()}
    handed = shared(handed, together)
    to_mark = _to_mark(book, assignment, handed, together)
    asked = questions_of(assignment, ids)
    results = wishes.results or course.folder / "results" / assignment.name
    remarks = [*handed.left, *(found.notes if found else ())]
    remarks += [
        f"{entry.name}: {note}" for entries in handed.entries.values() for entry in entries for note in entry.remarks
    ]
    return Setup(
        title=f"{assignment.short.upper()}: {assignment.title}",
        homework=assignment.name,
        who=wishes.who,
        tasks=tasks(
            list(to_mark),
            [name for name in ids if not wishes.questions or name in wishes.questions],
            by=wishes.by,
            shuffled_for=wishes.who if wishes.shuffle else "",
            secret=place.token,
        ),
        names={key: ", ".join(people[each].name for each in together[key]) for key in to_mark},
        asked=asked,
        handed=handed,
        files=Asked.of(assignment),
        found=found,
        hide_names=wishes.hide_names,
        by=wishes.by,
        wrong=wrong_problems(results, handed) if results.is_dir() else {},
        behind=problems_behind(asked),
        stands_for={each: together[key][0] for key, all_of_them in whole.items() for each in all_of_them},
        remarks=tuple(clean_line(line, LONGEST) for line in remarks),
    )


def _to_mark(book: Book, assignment: Assignment, handed: Handed, together: Mapping[str, tuple[str, ...]]) -> list[str]:
    """One of all who hand in together; not those who are excused and handed nothing in."""
    excused = {key for key, work in book.works().items() if assignment.name in work.excused}
    firsts = [key for key, all_of_them in together.items() if all_of_them[0] == key]
    return [key for key in firsts if key in handed.entries or not set(together[key]) <= excused]


def _folder(course: Course, url: str) -> Path:
    """Where the book lies; of a server's, where the course's would."""
    path = url.removeprefix(f"{SQLITE}:///")
    return Path(path).parent if url.startswith(f"{SQLITE}:///") and path else course.folder / "book"

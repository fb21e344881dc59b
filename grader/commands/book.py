"""`book`: enter scores, dates and people, and make grades of them."""

from __future__ import annotations

import hashlib
import statistics
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlalchemy import URL

from grader.atomic import write_atomically
from grader.book import importing, rows, scores, tables, warnings
from grader.book.by_hand import lacking
from grader.book.demonstration import demonstration, marks
from grader.book.entered import why_results, with_known_times
from grader.book.explained import HUNDRED, explained
from grader.book.handed_in import read_download
from grader.book.importing import Imported
from grader.book.matching import match
from grader.book.page import page_of
from grader.book.policy import LEFT_OUT, Policy, policy_of
from grader.book.roster import read_roster
from grader.book.rounding import rounded
from grader.book.rows import Content, Membership, Merge, Student, Withdrawn, contents_of, counting, told
from grader.book.scores import HandedIn
from grader.book.standing import Standing, Work, standing, standings
from grader.book.store import Book
from grader.book.times import FILE_DATE
from grader.course.assignment import Assignment, Course
from grader.errors import GraderError
from grader.hand.rubric import RUBRIC, rubric_of
from grader.intake.names import folded, listed, safe_name
from grader.intake.submitters import Submitter
from grader.report.terminal import wide_console
from grader.text import clean_line

DEMONSTRATION = "demonstration"
LONGEST_CELL, LONGEST_LINE = 200, 20_000


@dataclass(frozen=True)
class Desk:
    """An open book, the rules, and who works with it. `dry` enters nothing."""

    course: Course
    book: Book
    who: str
    dry: bool = False
    as_of: datetime | None = None
    console: Console | None = None

    @property
    def policy(self) -> Policy:
        """The course's rules. Raises `CourseError`."""
        return policy_of(self.course)

    def say(self, line: str, style: str = "") -> None:
        """A line for whoever works here."""
        shown = clean_line(line, LONGEST_LINE)  # names of rosters and tables are in it
        (self.console or wide_console()).print(
            shown, style=style or None, markup=False, highlight=False, soft_wrap=True
        )

    def show(self, table: Table) -> None:
        """A table for the same."""
        (self.console or wide_console()).print(table)


def usual_place(course: Course) -> Path:
    """Where a course's book lies if nobody says otherwise. Not in `results`: `make clean` removes that."""
    return course.folder / "book" / "book.db"


def is_missing(course: Course) -> bool:
    """Whether nobody has begun a book in the usual place."""
    return not usual_place(course).is_file()


def open_book(course: Course, url: str, create: bool) -> Book:
    """The book at a URL; "" for the usual place. Raises `BookError`."""
    place = usual_place(course) if not url else Path(url.removeprefix("sqlite:///")) if "sqlite:///" in url else None
    if create and place:
        place.parent.mkdir(parents=True, exist_ok=True)
    return Book.open(url or URL.create("sqlite", database=str(place)), create=create)


def open_demonstration(course: Course) -> Book:
    """A book of the demonstration course, made when it is not there."""
    folder = course.folder / "results" / DEMONSTRATION / "book"
    folder.mkdir(parents=True, exist_ok=True)
    book = Book.open(f"sqlite:///{folder / 'book.db'}", create=True)
    policy = policy_of(course)
    book.enter(demonstration(policy), who=DEMONSTRATION, why="a course to look at")
    if not book.markings(policy.homeworks[0].name):
        for grader, marked in reversed(marks(policy).items()):
            book.enter(marked, who=grader, why="marked")
    return book


def enter(desk: Desk, found: Imported, why: str) -> bool:
    """Enters what was found, and says what could not be. Whether nothing was left."""
    before = desk.book.entries()
    works = desk.book.works() if any(isinstance(each, Membership | Merge) for each in found.contents) else {}
    entering = desk.book.would_enter if desk.dry else desk.book.enter
    entered = entering(found.contents, who=desk.who, why=why)
    new = [entry.content for entry in entered.entries]
    warned = [*warnings.ahead_of_time(before, datetime.now(UTC)), *warnings.entered_again(before, new)]
    if any(isinstance(each, Membership | Merge) for each in new):
        warned += warnings.marked_apart(before, new)
        warned += warnings.hand_ins_lost(works, rows.works([*before, *entered.entries]))
    for line in warned:
        desk.say(line, "yellow")
    would = "would be entered" if desk.dry else "entered"
    desk.say(f"{entered.new} {would}, {entered.known} known already.", "bold")
    for line in found.left:
        desk.say(f"not entered: {clean_line(line, 10 * LONGEST_CELL)}", "yellow")
    return not found.left


def enter_roster(desk: Desk, file: Path) -> bool:
    """Everybody in a roster."""
    found, known = importing.of_roster(read_roster(file)), {folded(key): key for key in desk.book.students()}
    left = [
        f"{each.key}: the book has {known[folded(each.key)]}, who is somebody else by the letter. Write it as there, "
        "or name the new student otherwise."
        for each in found.contents
        if isinstance(each, Student) and known.get(folded(each.key), each.key) != each.key
    ]
    apart = {line.split(":")[0] for line in left}
    contents = [each for each in found.contents if not apart & set(rows.students_in(each))]
    return enter(desk, Imported(tuple(contents), tuple(left)), f"roster {file.name}")


def enter_results(
    desk: Desk,
    folder: Path,
    homework: str,
    times: Path | None,
    system: str,
    submissions: Sequence[Path] = (),
    file_dates: bool = False,
) -> bool:
    """The scores of a run of `make grade`. Times are from a table, and else from the downloads of platforms."""
    assignment = desk.course.assignment(homework)
    name, results = assignment.name, scores.read_results(folder)
    names = [score.submission for score in results.scores]
    handed_in = {each.submission: each for each in scores.read_times(times)} if times else {}
    people: dict[str, Sequence[Submitter]] = {}
    of_files: dict[str, HandedIn] = {}  # only where nothing else is there, in whatever order downloads are named
    for place in submissions:
        download = read_download(place, names, desk.policy.zone, file_dates)
        of_files |= {each.submission: each for each in download.times if each.by == FILE_DATE}
        handed_in = {each.submission: each for each in download.times if each.by != FILE_DATE} | handed_in
        people |= {each: who for each, who in download.people.items() if who}
        for note in download.notes:
            desk.say(clean_line(note, 10 * LONGEST_CELL), "yellow")
    handed_in = of_files | handed_in
    roster = importing.roster_of(desk.book.students().values())
    of, entries = assignment.code_points, desk.book.entries()
    found = importing.of_results(results, tuple(handed_in.values()), roster, system, name, of, people, entries)
    found = Imported(with_known_times(found.contents, entries), found.left)
    if (name in desk.policy.due or name in desk.policy.until) and (
        without := [each for each in names if each not in handed_in]
    ):
        which = "every hand-in" if len(without) == len(names) else listed(without, 9)
        how = "Name a table of times with --times, or the platform's download with --submissions."
        desk.say(f"No time was given, so {which} counts as in time, or as the book has it. {how}", "yellow")
    rubric = _first_rubric(desk, assignment) if found.contents else []
    return enter(desk, Imported((*rubric, *found.contents), found.left), why_results(name))


def _first_rubric(desk: Desk, assignment: Assignment) -> list[Content]:
    """The homework's rubric, where the book has none: then grades say that answers are still to be marked."""
    written = (assignment.solution / RUBRIC).is_file()
    if not written or desk.book.rubric(assignment.name) is not None:
        return []
    desk.say(f"The rubric of {assignment.name} comes into force: its answers are to be marked by people.")
    return contents_of(rubric_of(assignment))


def enter_project(desk: Desk, file: Path) -> bool:
    """Scores of the project."""
    roster = importing.roster_of(desk.book.students().values())
    return enter(desk, importing.of_project(scores.read_project(file, desk.policy), roster, file.name), file.name)


def enter_extensions(desk: Desk, file: Path) -> bool:
    """Extensions."""
    roster = importing.roster_of(desk.book.students().values())
    return enter(desk, importing.of_extensions(scores.read_extensions(file, desk.policy), roster), file.name)


def enter_excusals(desk: Desk, file: Path) -> bool:
    """Who is excused from what."""
    roster = importing.roster_of(desk.book.students().values())
    return enter(desk, importing.of_excusals(scores.read_excusals(file, desk.policy), roster), file.name)


def enter_groups(desk: Desk, file: Path) -> bool:
    """Who hands in together. A group of one is told: somebody may be missing."""
    roster = importing.roster_of(desk.book.students().values())
    found = scores.read_groups(file, desk.policy)
    sizes = Counter((each.group, each.homework) for each in found if each.group)
    for (group, homework), size in sizes.items():
        if size == 1:
            desk.say(f"{group}{f' for {homework}' if homework else ''}: has one student in this table.", "yellow")
    return enter(desk, importing.of_groups(found, roster), file.name)


def merge(desk: Desk, student: str, into: str, why: str) -> bool:
    """One student under two names becomes one."""
    return enter(desk, Imported((Merge(_key(desk, student), _key(desk, into)),)), why)


def withdraw(desk: Desk, entry: str, why: str) -> bool:
    """Takes an entry back."""
    return enter(desk, Imported((Withdrawn(entry),)), why)


def show(desk: Desk) -> None:
    """Everybody with their grade, and what they lack."""
    policy, found = desk.policy, graded(desk)
    names = {key: person.name for key, person in desk.book.students(desk.as_of).items()}
    table = Table(title=f"{len(found)} student{'s' * (len(found) != 1)}", title_justify="left")
    for column in ("key", "name"):
        table.add_column(column)
    for column in ("grade", "late days"):
        table.add_column(column, justify="right")
    table.add_column(f"{policy.replaces.split('_')[0]} replaces" if policy.replaces else "")
    table.add_column("lacks", ratio=1)
    open_answers = any(lacking(policy, work) for work, _ in found.values())
    if open_answers:
        table.add_column("to be marked", ratio=1)
    for key, (work, of) in found.items():
        lacks = [
            each.name for each in policy.graded if not work.handed_in.get(each.name) and each.name not in work.excused
        ]
        lacks += [part.name for part in policy.project if part.name not in work.project]
        spent = f"{of.spent} of {policy.late_days}" if of.spent else ""
        cells = [key, names[key], rounded(HUNDRED * of.grade), spent, of.replaced, ", ".join(lacks)]
        table.add_row(*map(cell, [*cells, to_mark(policy, work)] if open_answers else cells))
    desk.show(table)
    say_what_is_open(desk, [work for work, _ in found.values()])
    for line in warnings.unknown_homeworks(desk.book.entries(desk.as_of), policy):
        desk.say(line, "yellow")
    if grades := [HUNDRED * of.grade for _, of in found.values()]:
        desk.say(f"Mean {rounded(statistics.mean(grades))}, median {rounded(statistics.median(grades))}.")


def to_mark(policy: Policy, work: Work) -> str:
    """What people still have to mark of a student: "hw0_multitask 7a, 7b; ..."."""
    return "; ".join(f"{name} {questions}" for name, questions in lacking(policy, work).items())


def say_what_is_open(desk: Desk, works: Sequence[Work]) -> None:
    """Grades are not final while answers are not marked, or a rubric is not in the book."""
    for homework in desk.policy.homeworks:
        written = (desk.course.folder / "solutions" / homework.name / RUBRIC).is_file()
        if written and any(work.handed_in.get(homework.name) and homework.name not in work.by_hand for work in works):
            how = f'Enter its rubric: make book ARGS="rubric {homework.name}".'
            desk.say(f"Not final: {homework.name} counts by its checks alone. {how}", "yellow")
    if count := sum(bool(lacking(desk.policy, work)) for work in works):
        how = "are left out" if desk.policy.unmarked == LEFT_OUT else "count as 0"
        desk.say(f"Not final: {count} of these grades. Answers that are not marked yet {how}.", "yellow")


def student(desk: Desk, name: str, page: Path | None) -> None:
    """One student's grade, explained; as a page, too, where one is asked for."""
    key, policy = _key(desk, name), desk.policy
    work = desk.book.work(key, desk.as_of)
    of = standing(policy, work)
    for line in explained(policy, work, of):
        desk.say(clean_line(line, 10 * LONGEST_CELL))
    if page:
        names = {key: person.name for key, person in desk.book.students(desk.as_of).items()}
        _write(page, page_of(policy, names[key], work, of, names))
        desk.say(f"Written: {page}")


def pages(desk: Desk, folder: Path) -> None:
    """The page of every student, as <key>.html."""
    found = _pages(desk)
    for person in desk.book.students(desk.as_of).values():
        for merged in person.keys - {person.key}:  # their page has a grade that counts no longer
            (folder / page_name(merged)).unlink(missing_ok=True)
    for key, text in found.items():
        _write(folder / page_name(key), text)
    desk.say(f"Written to {folder}: {len(found)} pages.")


def export(desk: Desk, file: Path) -> None:
    """All grades as a table for spreadsheets."""
    people = desk.book.students(desk.as_of)
    found = graded(desk)
    lines = [tables.Graded(key, people[key].name, of, to_mark(desk.policy, work)) for key, (work, of) in found.items()]
    put(file, tables.table(tables.grades(desk.policy, lines), mark=b"\xef\xbb\xbf"))
    desk.say(f"Written: {file}, {len(lines)} students.")
    say_what_is_open(desk, [work for work, _ in found.values()])


def history(desk: Desk, name: str) -> None:
    """All that was ever entered of one student."""
    table = Table("when", "who", "what", "why", "entry")
    entries = desk.book.history(_key(desk, name, also_withdrawn=True), desk.as_of)
    counts = {entry.id for entry in counting(entries)}
    for entry in entries:
        said = told(entry.content) if entry.id in counts else f"withdrawn: {told(entry.content)}"
        table.add_row(*map(cell, (f"{entry.at:%Y-%m-%d %H:%M}", entry.who, said, entry.why, entry.id)))
    desk.show(table)


def cell(text: str) -> Text:
    """Names and reasons come from files: they are shown, and mean nothing to the terminal."""
    return Text(clean_line(text, LONGEST_CELL))


def graded(desk: Desk) -> dict[str, tuple[Work, Standing]]:
    """Everybody's work and standing, by key."""
    works = desk.book.works(desk.as_of)
    found = standings(desk.policy, works)
    return {key: (work, found[key]) for key, work in works.items()}


def _key(desk: Desk, name: str, also_withdrawn: bool = False) -> str:
    people = desk.book.students(desk.as_of)
    if also_withdrawn and any(
        isinstance(each.content, Student) and each.content.key == name for each in desk.book.entries(desk.as_of)
    ):
        return name
    for person in people.values():
        if name in person.keys:
            return person.key
    found = match([name], importing.roster_of(people.values()), "name")
    if name in found.found:
        return found.found[name]
    near = ", ".join(each.key for each in found.unknown.get(name, ()))
    raise GraderError(f"Nobody in the book is {name!r}. {f'Nearest: {near}.' if near else 'Enter a roster first.'}")


def page_name(key: str) -> str:
    """A file for a student's page. Keys come from a roster, and may hold what no file's name may."""
    plain = safe_name(key)
    return f"{plain}.html" if plain == key else f"{plain}-{hashlib.sha256(key.encode()).hexdigest()[:8]}.html"


def _pages(desk: Desk) -> dict[str, str]:
    """Everybody's page, by key."""
    policy = desk.policy
    names = {key: person.name for key, person in desk.book.students(desk.as_of).items()}
    return {key: page_of(policy, names[key], work, of, names) for key, (work, of) in graded(desk).items()}


def backup(desk: Desk, file: Path) -> None:
    """All of the book in a new SQLite file, whole, while others go on writing."""
    if file.exists():
        raise GraderError(f"{file}: is there already. Name a new file for the backup.")
    entries = desk.book.entries(desk.as_of)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=file.parent, prefix=".backup-") as place:
            part = Path(place, file.name)
            with Book.open(URL.create("sqlite", database=str(part)), create=True) as copy:
                copy.restore(entries)
            part.replace(file)  # whole, or not at all
    except OSError as error:
        raise GraderError(f"{file}: cannot be written ({error.strerror}). Name another file.") from None
    desk.say(f"Written: {file}, {len(entries)} entries. To work with it: --book sqlite:///{file.resolve()}")


def put(file: Path, content: bytes) -> None:
    """Writes a file, whole. Raises `GraderError` where that cannot be."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(file, content)
    except OSError as error:
        raise GraderError(f"{file}: cannot be written ({error.strerror}). Name another file.") from None


def _write(file: Path, text: str) -> None:
    put(file, text.encode())

"""The gradebook's store: a database that only grows, in SQLite or PostgreSQL.

    with Book.open("sqlite:///book.db") as book:
        book.enter([Student("s1", "Ada")], who="roster.csv", why="start of the course")
        book.works()

An entry is one row with who, why and when, and no row is ever changed. What counts is computed from the rows: of two
entries that speak of the same thing, the later one. So a regrade keeps history, and every view takes `as_of`, a moment
whose later entries it leaves out.
"""

from __future__ import annotations

import contextlib
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    create_engine,
    event,
    func,
    insert,
    inspect,
    or_,
    select,
    text,
    tuple_,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from grader.book import claims, rows
from grader.book.claims import Claim
from grader.book.rows import (
    OF_RUBRIC,
    Content,
    Entry,
    Given,
    Groups,
    Marked,
    Membership,
    Merge,
    OfRubric,
    Person,
    Roots,
    Student,
    Withdrawn,
    students_in,
)
from grader.book.schema import ENTRY, entry_of, row_of
from grader.book.standing import Work
from grader.errors import GraderError
from grader.hand.marking import Marking, NoSuchItem, points_of
from grader.hand.rubric import Rubric

SQLITE, POSTGRESQL = "sqlite", "postgresql"
MIGRATIONS = Path(__file__).parent / "migrations"
VERSION_TABLE = "book_version"
PATIENCE_S = 30.0  # how long to wait for others who write
LOCK = 4_206_014_271  # of PostgreSQL, while the book is migrated; any number that nobody else uses
MANY = 1000  # students; an import that speaks of more reads the whole book
MOMENT = timedelta(microseconds=1)


class BookError(GraderError):
    """A book cannot be opened, read or written, or an entry makes no sense in it. Nothing was entered."""


class MarkedMeanwhile(BookError):
    """Somebody else marked the answer since it was looked at. `given` is what counts now; nothing was entered."""

    def __init__(self, message: str, given: Given | None) -> None:
        super().__init__(message)
        self.given = given


@dataclass(frozen=True)
class Entered:
    """What an import brought: how many entries were new, and how many the book held already."""

    new: int
    known: int
    entries: tuple[Entry, ...] = ()


class Book:
    """An open book. Threads may share it; a process that was forked opens its own."""

    def __init__(self, engine: Engine, place: str) -> None:
        self._engine = engine
        self._place = place
        self._reader, self._writer = engine, engine.execution_options(writes=True)
        if engine.dialect.name == POSTGRESQL:  # a reader sees one moment; a writer sees all that was there at its lock
            self._reader = engine.execution_options(isolation_level="REPEATABLE READ")
            self._writer = engine.execution_options(isolation_level="READ COMMITTED")

    @classmethod
    def open(cls, url: str | URL, create: bool = True, patience_s: float = PATIENCE_S) -> Book:
        """Opens the book at a URL, `sqlite:///path` or `postgresql://user@host/database`, and brings it up to date.

        Without `create`, a book that does not exist is an error. Raises `BookError`.
        """
        address = _address(url)
        place = _place_of(address)
        if address.drivername == SQLITE:
            _check_file(address, place, create)
        try:
            engine = _engine(address, patience_s)
        except ImportError as error:
            raise BookError(f"{place}: {error}. Install the driver: pip install 'psycopg[binary]'.") from None
        book = cls(engine, place)
        try:
            book._bring_up_to_date(create, patience_s)
        except BaseException:
            book.close()
            raise
        return book

    def close(self) -> None:
        """Closes all connections."""
        self._engine.dispose()

    def __enter__(self) -> Book:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Entering

    def enter(self, entries: Iterable[Content], *, who: str, why: str, at: datetime | None = None) -> Entered:
        """Enters what is new of these, all or nothing. What counts already is known, and not entered again.

        `at` is when this became known, by default now, and always later than all other entries: clocks of two
        machines differ. Entries with an earlier `at` take their place in time. Raises `BookError`.
        """
        contents = tuple(entries)
        with self._writing() as connection:
            entered = self._compared(connection, contents, who, why, at)
            self._add(connection, entered.entries)
        return entered

    def would_enter(self, entries: Iterable[Content], *, who: str, why: str, at: datetime | None = None) -> Entered:
        """What `enter` would do now. Enters nothing."""
        with self._reading() as connection:
            return self._compared(connection, tuple(entries), who, why, at)

    def enter_rubric(self, rubric: Rubric, *, who: str, why: str, at: datetime | None = None) -> Entered:
        """Puts a rubric in force: what changed in it is entered. Every grade that uses a changed item changes."""
        return self.enter(rows.contents_of(rubric), who=who, why=why, at=at)

    def mark(
        self,
        student: str,
        homework: str,
        question: str,
        marking: Marking,
        *,
        who: str,
        why: str = "marked",
        at: datetime | None = None,
        replaces: Callable[[Given | None], bool] | None = None,
    ) -> Entered:
        """Enters what a grader gave one answer; the same once more enters nothing.

        `replaces` is asked about the marking that counts now, while nobody else can write: whether it may be replaced.
        Raises `MarkedMeanwhile` if not, and `BookError` if the rubric in force has no such question or item.
        """
        try:
            marked = Marked(student, homework, question, marking.items, marking.adjustment, marking.comment)
        except ValueError as error:
            raise self._wrong(f"{error}.") from None
        with self._writing() as connection:
            if replaces is not None:
                of_question = (ENTRY.c.kind == "marked") & (ENTRY.c.what == homework) & (ENTRY.c.question == question)
                entries = self._read(connection, None, or_(of_question, ENTRY.c.kind.in_(("membership", *ALWAYS))))
                counting = rows.counting_markings(entries, homework)
                given = counting.get((rows.roots(entries).of(student), question))
                if not replaces(given):
                    by = f"{given.who} marked" if given else "somebody took back"
                    raise MarkedMeanwhile(f"{self._place}: {by} this answer meanwhile. Look at it again.", given)
            entered = self._compared(connection, (marked,), who, why, at)
            self._add(connection, entered.entries)
        return entered

    # Claims

    def claim(self, homework: str, question: str, student: str, who: str, page: str, until: datetime) -> Claim:
        """Takes an answer for the time that somebody looks at it; what the same page looked at before is let go.

        The claim that stands afterwards: this one, or that of another page which is not over yet. Raises `BookError`.
        """
        wanted = Claim(homework, question, student, who, page, until)
        with self._writing() as connection:
            return claims.take(connection, wanted, datetime.now(UTC))

    def claims(self, homework: str) -> list[Claim]:
        """Who looks at which answer now. Raises `BookError`."""
        with self._reading() as connection:
            return claims.standing(connection, homework, datetime.now(UTC))

    def newest(self) -> int:
        """A number that grows with every entry: while it is the same, so is the book. Raises `BookError`."""
        with self._reading() as connection:
            return connection.scalar(select(func.max(ENTRY.c.number))) or 0

    def restore(self, entries: Iterable[Entry]) -> Entered:
        """Enters entries of another book as they were: who, why and when. Their order does not matter.

        Entries that are here already are left out. Raises `BookError`.
        """
        given = {entry.id: entry for entry in entries}
        with self._writing() as connection:
            here = set(connection.scalars(select(ENTRY.c.id)))
            new = sorted((entry for name, entry in given.items() if name not in here), key=lambda entry: entry.order)
            self._add(connection, new)
        return Entered(len(new), len(given) - len(new), tuple(new))

    # Reading

    def entries(self, as_of: datetime | None = None) -> list[Entry]:
        """All entries in order, also those that were withdrawn or replaced."""
        with self._reading() as connection:
            return self._read(connection, as_of)

    def students(self, as_of: datetime | None = None) -> dict[str, Person]:
        """All students by their keys. A student who was merged into another is part of that one."""
        with self._reading() as connection:
            return rows.people(self._read(connection, as_of, ENTRY.c.kind.in_(("student", "alias", *ALWAYS))))

    def student_of(self, system: str, name: str, as_of: datetime | None = None) -> str | None:
        """The key of the student with this name in a system; None if there is none."""
        name = unicodedata.normalize("NFC", name)
        system = unicodedata.normalize("NFC", system)
        named = (ENTRY.c.kind == "alias") & (ENTRY.c.system == system) & (ENTRY.c.name == name)
        with self._reading() as connection:
            found = rows.counting(self._read(connection, as_of, named | (ENTRY.c.kind == "withdrawn")))
            owners = [each.content.student for each in found if isinstance(each.content, rows.Alias)]
            entries, merged = self._about(connection, owners[-1:], as_of)
        root = merged.of(owners[-1]) if owners else ""
        return root if root in rows.people(entries) else None

    def works(self, as_of: datetime | None = None) -> dict[str, Work]:
        """The work of every student, in one pass over the book. Markings that were replaced are not read."""
        with self._reading() as connection:
            return rows.works(self._read(connection, as_of, or_(ENTRY.c.kind != "marked", _may_count(as_of))))

    def work(self, student: str, as_of: datetime | None = None) -> Work:
        """The work of one student, by any of the student's keys. Raises `BookError` if there is no such student."""
        with self._reading() as connection:
            entries, merged = self._about(connection, [student], as_of)
            own = {each.content.group for each in entries if isinstance(each.content, Membership)} - {""}
            if own:
                in_them = (ENTRY.c.kind == "membership") & ENTRY.c.part_of.in_(sorted(own))
                others = [key for each in self._read(connection, as_of, in_them) for key in students_in(each.content)]
                entries, merged = self._about(connection, [student, *others], as_of)
            entries += self._read(connection, as_of, ENTRY.c.kind.in_(OF_RUBRIC))
        try:
            return rows.works(entries)[merged.of(student)]
        except KeyError:
            raise self._wrong(f"there is no student {student!r}{_when(as_of)}. Check the key.") from None

    def rubric(self, homework: str, as_of: datetime | None = None) -> Rubric | None:
        """The rubric of a homework in force; None before there was any."""
        return self.rubrics(as_of).get(homework)

    def rubrics(self, as_of: datetime | None = None) -> dict[str, Rubric]:
        """The rubrics in force, by homework."""
        with self._reading() as connection:
            return rows.rubrics(self._read(connection, as_of, ENTRY.c.kind.in_((*OF_RUBRIC, "withdrawn"))))

    def rubric_history(self, homework: str, as_of: datetime | None = None) -> list[Entry]:
        """All that was ever entered of a homework's rubric, in order."""
        with self._reading() as connection:
            return self._read(connection, as_of, (ENTRY.c.what == homework) & ENTRY.c.kind.in_(OF_RUBRIC))

    def markings(self, homework: str, as_of: datetime | None = None) -> dict[tuple[str, str], Given]:
        """What counts of a homework's markings, by student and question: the last one of each.

        Students who hand in together have the same one, whoever of them it was entered for.
        """
        return rows.counting_markings(self._of_markings(homework, as_of), homework)

    def all_markings(self, homework: str, as_of: datetime | None = None) -> list[Given]:
        """Every marking of a homework, also those that a later one replaced, in the order of their moments."""
        return rows.markings(self._of_markings(homework, as_of), homework)

    def groups(self, as_of: datetime | None = None) -> Groups:
        """Who hands in with whom."""
        with self._reading() as connection:
            return rows.groups(self._read(connection, as_of, ENTRY.c.kind.in_(("membership", *ALWAYS))))

    def _of_markings(self, homework: str, as_of: datetime | None) -> list[Entry]:
        of_homework = (ENTRY.c.kind == "marked") & (ENTRY.c.what == homework)
        with self._reading() as connection:
            return self._read(connection, as_of, or_(of_homework, ENTRY.c.kind.in_(("membership", *ALWAYS))))

    def history(self, student: str, as_of: datetime | None = None) -> list[Entry]:
        """All that was ever entered about a student and those merged with this one, and what withdrew it."""
        with self._reading() as connection:
            entries, merged = self._about(connection, [student], as_of)
        root = merged.of(student)
        about = [each for each in entries if root in map(merged.of, rows.students_in(each.content))]
        names = {each.id for each in about}
        withdrawals = [each for each in entries if isinstance(each.content, Withdrawn)]
        while more := [each for each in withdrawals if _target(each) in names and each.id not in names]:
            names.update(each.id for each in more)
        return [each for each in entries if each.id in names]

    # How

    def _compared(
        self, connection: Connection, contents: Sequence[Content], who: str, why: str, at: datetime | None
    ) -> Entered:
        last = connection.scalar(select(func.max(ENTRY.c.entered_at)))
        if at is None:
            now = datetime.now(UTC)
            at = now if last is None else max(now, last + MOMENT)
        try:
            marker = Entry(Student("-", "-"), who, why, at)  # checks who, why and at, also where nothing is new
        except ValueError as error:
            raise self._wrong(f"{error}.") from None
        self._check_names(contents)
        about = {key for content in contents for key in rows.students_in(content)}
        about |= self._partners(connection, [each for each in contents if isinstance(each, Marked)])
        all_entries, _ = self._about(connection, sorted(about), None, contents)
        before = [entry for entry in all_entries if entry.at <= marker.at]
        new = rows.news(before, contents, who)
        place = self._next_place(connection, marker.at)
        entries = tuple(Entry(content, who, why, marker.at, place + i) for i, content in enumerate(new))
        self._check(all_entries, entries)
        return Entered(len(new), len(contents) - len(new), entries)

    def _partners(self, connection: Connection, markings: Sequence[Marked]) -> set[str]:
        """Who hands in together with those who are marked: what they were given is given to all."""
        if not markings:
            return set()
        entries = self._read(connection, None, ENTRY.c.kind.in_(("membership", *ALWAYS)))
        together, merged = rows.groups(entries), rows.roots(entries)
        return {key for each in markings for key in together.together(merged.of(each.student), each.what)}

    def _next_place(self, connection: Connection, at: datetime) -> int:
        highest = connection.scalar(select(func.max(ENTRY.c.place)).where(ENTRY.c.entered_at == at))
        return 0 if highest is None else highest + 1

    def _check_names(self, contents: Iterable[Content]) -> None:
        """In one import, a name belongs to one student."""
        owner = dict[tuple[str, str], str]()
        for content in contents:
            if isinstance(content, rows.Alias):
                first = owner.setdefault((content.system, content.name), content.student)
                if first != content.student:
                    raise self._wrong(
                        f"{content.name!r} in {content.system!r} is the name of two students, {first!r} and "
                        f"{content.student!r}. Correct the import."
                    )

    def _check(self, before: Sequence[Entry], new: Sequence[Entry]) -> None:
        """New entries speak of students and entries that exist, and merge nobody in a circle."""
        after = [*before, *new]
        students = {each.content.key for each in rows.counting(after) if isinstance(each.content, Student)}
        names = {each.id for each in before}
        for entry in new:
            if unknown := [key for key in rows.students_in(entry.content) if key not in students]:
                raise self._wrong(
                    f"there is no student {unknown[0]!r}, of whom the new {rows.kind_of(entry.content)} speaks. "
                    "Enter the student first, or correct the key."
                )
            if isinstance(entry.content, Withdrawn) and entry.content.entry_id not in names:
                raise self._wrong(f"there is no entry {entry.content.entry_id!r} to withdraw. Look up its name.")
        self._check_rubrics(before, new)
        was = {each.id for each in rows.roots(before).circular}
        if circular := [each.content for each in rows.roots(after).circular if each.id not in was]:
            merge = circular[0]
            assert isinstance(merge, Merge)
            raise self._wrong(
                f"{merge.student!r} cannot be merged into {merge.into!r}, which was merged into {merge.student!r} "
                "before. Withdraw that merge first."
            )

    def _check_rubrics(self, before: Sequence[Entry], new: Sequence[Entry]) -> None:
        """A marking names what the rubric in force has; a rubric is replaced, and not taken back."""
        of_rubric = {each.id for each in before if isinstance(each.content, OfRubric)}
        for entry in new:
            if isinstance(entry.content, Withdrawn) and entry.content.entry_id in of_rubric:
                raise self._wrong(
                    f"entry {entry.content.entry_id} is part of a rubric, which is not taken back. "
                    "Correct rubric.toml and enter it again."
                )
        marked = [entry.content for entry in new if isinstance(entry.content, Marked)]
        rubrics = rows.rubrics([*before, *new]) if marked else {}
        for content in marked:
            if content.what not in rubrics:
                raise self._wrong(f"{content.what} has no rubric here yet. Enter it first: book rubric {content.what}.")
            question = rubrics[content.what].question(content.question)
            if question is None:
                there = ", ".join(each.id for each in rubrics[content.what].questions) or "none"
                raise self._wrong(f"{content.what} has no question {content.question!r}. There is: {there}.")
            try:
                points_of(question, content.marking)
            except NoSuchItem as error:
                raise self._wrong(f"{content.what}: {content.student}: {error}") from None

    def _about(
        self,
        connection: Connection,
        keys: Sequence[str],
        as_of: datetime | None,
        contents: Iterable[Content] = (),
    ) -> tuple[list[Entry], Roots]:
        """All entries about these students and everybody merged with them, and all that `contents` may replace."""
        always = self._read(connection, as_of, ENTRY.c.kind.in_(ALWAYS))
        merged = rows.roots(always)
        roots = {merged.of(key) for key in keys}
        group = sorted({*keys, *roots, *(key for key in merged.into if merged.of(key) in roots)})
        names = sorted({content.name for content in contents if isinstance(content, rows.Alias)})
        targets = sorted({content.entry_id for content in contents if isinstance(content, Withdrawn)})
        homeworks = sorted({each.what for each in contents if isinstance(each, rows.OfRubric | Marked)})
        if len(group) + len(names) + len(targets) > MANY:
            return self._read(connection, as_of), merged
        wanted = or_(
            ENTRY.c.student.in_(group),
            ENTRY.c.kind.in_(ALWAYS),
            ENTRY.c.name.in_(names) & (ENTRY.c.kind == "alias"),
            ENTRY.c.what.in_(homeworks) & ENTRY.c.kind.in_(OF_RUBRIC),
            ENTRY.c.id.in_(targets),
        )
        return self._read(connection, as_of, wanted), merged

    def _read(self, connection: Connection, as_of: datetime | None, *wanted: Any) -> list[Entry]:
        query = select(ENTRY).where(*wanted)
        if as_of is not None:
            if as_of.utcoffset() is None:
                raise self._wrong(f"{as_of} has no offset or zone, so it is no moment.")
            query = query.where(ENTRY.c.entered_at <= as_of)
        try:
            return sorted(map(entry_of, connection.execute(query)), key=lambda entry: entry.order)
        except ValueError as error:
            raise self._wrong(f"{error}. Restore the book from a copy.") from None

    def _add(self, connection: Connection, entries: Sequence[Entry]) -> None:
        if entries:
            connection.execute(insert(ENTRY), [row_of(entry) for entry in entries])

    @contextlib.contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._speaking(), self._reader.begin() as connection:
            yield connection

    @contextlib.contextmanager
    def _writing(self) -> Iterator[Connection]:
        """A transaction that no other writer shares. On SQLite, `BEGIN IMMEDIATE` is the lock."""
        with self._speaking(), self._writer.begin() as connection:
            if connection.dialect.name == POSTGRESQL:
                connection.execute(text("LOCK TABLE entry IN SHARE ROW EXCLUSIVE MODE"))
            yield connection

    @contextlib.contextmanager
    def _speaking(self) -> Iterator[None]:
        """What a database says becomes a `BookError` for people."""
        try:
            yield
        except DBAPIError as error:
            raise self._wrong(_said(error.orig)) from None
        except self._engine.dialect.loaded_dbapi.Error as error:  # while it connects
            raise self._wrong(_said(error)) from None
        except SQLAlchemyError as error:
            raise self._wrong(f"{error}.") from None

    def _wrong(self, message: str) -> BookError:
        return BookError(f"{self._place}: {message}")

    # Opening

    def _bring_up_to_date(self, create: bool, patience_s: float) -> None:
        with self._speaking():
            if self._engine.dialect.name == SQLITE:
                _keep_a_log(self._engine, patience_s)
            script = ScriptDirectory(str(MIGRATIONS))
            newest = script.get_current_head()
            with self._reader.begin() as connection:
                if self._version(connection, script, create) == newest:
                    return
            with self._writer.begin() as connection:
                if connection.dialect.name == POSTGRESQL:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
                if self._version(connection, script, create) != newest:  # nobody else was faster
                    config = Config()
                    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
                    config.attributes["connection"] = connection
                    command.upgrade(config, "head")

    def _version(self, connection: Connection, script: ScriptDirectory, create: bool) -> str | None:
        """The version of the book; None for a database with nothing in it. Raises `BookError` for any other."""
        version = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE}).get_current_revision()
        known = {each.revision for each in script.walk_revisions()}
        if version is not None and version not in known:
            raise self._wrong(
                f"this book is of version {version!r}, which is newer than this grader. Update the grader."
            )
        if version is None and (tables := inspect(connection).get_table_names()):
            raise self._wrong(
                f"this is the database of another program (it has a table {sorted(tables)[0]!r}). "
                "Name a new file or an empty database."
            )
        if version is None and not create:
            raise self._wrong("there is no book here. Check the address, or make a book first.")
        return version


ALWAYS = ("merge", "withdrawn")  # kinds of which there are few, and that bear on entries of other students


def _may_count(as_of: datetime | None) -> ColumnElement[bool]:
    """The last marking of each answer, and all of an answer of which one was withdrawn.

    Each key of a review page enters one, so most of them were replaced.
    """
    answer = (ENTRY.c.student, ENTRY.c.what, ENTRY.c.question)
    later = (ENTRY.c.entered_at.desc(), ENTRY.c.place.desc(), ENTRY.c.id.desc())
    place = func.row_number().over(partition_by=answer, order_by=later).label("place_from_the_end")
    marked = select(ENTRY.c.number, place).where(ENTRY.c.kind == "marked")
    if as_of is not None:
        marked = marked.where(ENTRY.c.entered_at <= as_of)
    ordered = marked.subquery()
    last = select(ordered.c.number).where(ordered.c.place_from_the_end == 1)
    targets = select(ENTRY.c.target).where(ENTRY.c.kind == "withdrawn")
    withdrawn = select(*answer).where(ENTRY.c.kind == "marked", ENTRY.c.id.in_(targets))
    return or_(ENTRY.c.number.in_(last), tuple_(*answer).in_(withdrawn))


def _target(entry: Entry) -> str:
    return entry.content.entry_id if isinstance(entry.content, Withdrawn) else ""


def _when(as_of: datetime | None) -> str:
    return f" on {as_of.isoformat(' ', 'minutes')}" if as_of else ""


def _address(url: str | URL) -> URL:
    """A URL with the driver that we use. Raises `BookError`."""
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        raise BookError(
            "The book's address is no URL. Write sqlite:///folder/book.db or postgresql://user@host/database."
        ) from None
    kind = address.drivername.split("+")[0]
    if kind == SQLITE:
        return address.set(drivername=SQLITE)
    if kind in (POSTGRESQL, "postgres"):
        return address.set(drivername="postgresql+psycopg")
    raise BookError(f"{_place_of(address)}: a book lies in SQLite or PostgreSQL, not in {kind!r}.")


def _place_of(address: URL) -> str:
    """The file, or the URL without what is secret."""
    if address.drivername == SQLITE:
        return address.database or "the book in memory"
    shown = {name: value for name, value in address.query.items() if name in ("host", "port")}
    return address.set(query=shown).render_as_string(hide_password=True).replace("+psycopg", "")


def _is_file(address: URL) -> bool:
    name = address.database or ":memory:"
    return name != ":memory:" and not name.startswith("file:")


def _check_file(address: URL, place: str, create: bool) -> None:
    if not _is_file(address):
        return
    path = Path(place)
    if path.is_dir():
        raise BookError(f"{place}: this is a folder. Name a file in it.")
    if not path.parent.is_dir():
        raise BookError(f"{place}: the folder {path.parent} does not exist. Make it first.")
    if not create and not path.exists():
        raise BookError(f"{place}: there is no book here. Check the path, or make a book first.")


def _engine(address: URL, patience_s: float) -> Engine:
    if address.drivername == SQLITE:
        engine = create_engine(address, connect_args={"timeout": patience_s})

        @event.listens_for(engine, "connect")
        def prepare(connection: Any, _: object) -> None:
            connection.isolation_level = None  # this module begins transactions, not the driver
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA recursive_triggers = ON")
            connection.execute("PRAGMA synchronous = FULL")  # what was entered survives a power cut

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            writes = connection.get_execution_options().get("writes")
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

        return engine
    waits: Mapping[str, Any] = {} if "connect_timeout" in address.query else {"connect_timeout": 10}
    engine = create_engine(address, connect_args=dict(waits), pool_pre_ping=True)

    @event.listens_for(engine, "connect")
    def patient(connection: Any, _: object) -> None:
        connection.execute(f"SET lock_timeout = {int(patience_s * 1000)}")
        connection.execute("SET client_encoding = 'UTF8'")
        connection.commit()

    return engine


def _keep_a_log(engine: Engine, patience_s: float) -> None:
    """Readers and one writer at once (WAL). SQLite itself does not wait for others while it changes to that."""
    until = time.monotonic() + patience_s
    while True:
        connection = engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute("PRAGMA journal_mode")
            if cursor.fetchone() == ("delete",):
                cursor.execute("PRAGMA journal_mode = WAL")
            return
        except engine.dialect.loaded_dbapi.Error as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
        finally:
            connection.close()
        time.sleep(0.02)


def _said(error: BaseException | None) -> str:
    """What went wrong, and what to do."""
    said = str(error).strip() or type(error).__name__
    for part, message in MESSAGES.items():
        if part in said:
            return message
    return f"{said.splitlines()[0].rstrip('.')}."


MESSAGES = {
    "not a database": "this file is no book and no SQLite database. Name another file.",
    "malformed": "this book is damaged. Restore it from a copy; `sqlite3 FILE .recover` may save what is left.",
    "readonly database": "this book cannot be written. Check the rights of the file and its folder.",
    "read-only transaction": "this book cannot be written: the server only allows reading.",
    "unable to open database file": "this file cannot be opened. Check the rights of the file and its folder.",
    "database is locked": "somebody else has been writing for too long. Try again, or end the other program.",
    "lock timeout": "somebody else has been writing for too long. Try again, or end the other program.",
    "database or disk is full": "the disk is full. Nothing was entered; make room and try again.",
    "No space left": "the server's disk is full. Nothing was entered; make room and try again.",
    "Connection refused": "there is no server. Start PostgreSQL, or check host and port.",
    "No such file or directory": "there is no server. Start PostgreSQL, or check host and port.",
    "could not translate host name": "there is no such host. Check the name and the network.",
    "failed to resolve host": "there is no such host. Check the name and the network.",
    "permission denied": "the user may not do this in the database. Grant the right, or use another user.",
    "closed the connection": "the connection to the server broke. Try again; what was entered is known.",
    "terminating connection": "the connection to the server broke. Try again; what was entered is known.",
    "timeout expired": "the server does not answer. Check host and port.",
    "authentication failed": "the server refuses user or password. Check them.",
    "does not exist": "the server has no such database or user. Make it (createdb), or check the name.",
}

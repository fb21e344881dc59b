"""The book only grows, loses nothing, and shows every moment of its past; SQLite and PostgreSQL alike."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from grader.book import standing
from grader.book.rows import (
    IN_TIME,
    KINDS,
    Alias,
    Content,
    Excused,
    Extension,
    Marked,
    Membership,
    Merge,
    Pending,
    RubricItem,
    RubricQuestion,
    RubricQuestions,
    Score,
    Student,
    Withdrawn,
    contents_of,
)
from grader.book.schema import METADATA
from grader.book.standing import PROJECT, HandIn, Work
from grader.book.store import VERSION_TABLE, Book, BookError, Entered
from grader.hand.rubric import Item, Question, Rubric

DAY = timedelta(days=1)
START = datetime(2027, 2, 1, 12, tzinfo=UTC)
KILLS = {"sqlite": 24, "postgresql": 8}
ROSTER = (Student("s1", "Ada"), Student("s2", "Blaise"), Student("s3", "Ada L."), Alias("s1", "moodle", "ada@x"))


@pytest.fixture
def book(url: str) -> Iterator[Book]:
    with Book.open(url) as book:
        book.enter(ROSTER, who="roster.csv", why="start", at=START)
        yield book


def score(student: str, points: object, fingerprint: str = "f1", what: str = "hw1", **other: object) -> Score:
    return Score(student, what, Fraction(str(points)), Fraction(10), fingerprint=fingerprint, **other)  # type: ignore[arg-type]


def enter(book: Book, *contents: Content, day: int | None = None) -> Entered:
    return book.enter(contents, who="me", why="test", at=None if day is None else START + day * DAY)


def shares(work: Work, what: str = "hw1") -> list[Fraction]:
    return [each.points for each in work.handed_in.get(what, ())]


# What is entered is read back


def test_every_kind_of_entry_is_read_back_as_it_was(book: Book) -> None:
    zone = timezone(timedelta(hours=1))
    at = datetime(2027, 3, 1, 9, 30, 0, 123456, tzinfo=zone)
    contents = (
        Score("s1", "hw1", Fraction(1, 3), Fraction(10**30), at, "results/é 漢字", "f'\"%s", timed_by="Canvas"),
        score("s1", "7.5", what="report", group=PROJECT),
        Score("s1", "hw1", Fraction(7), Fraction(10), fingerprint="g", graded_at=at),
        Pending("s2", "hw1", "f"),
        Extension("s1", "hw1", 2, "ill"),
        Excused("s2", "hw1", "moved\nhere"),
        Merge("s3", "s1"),
        RubricQuestions("hw1", ("7a", "7b"), Fraction(1, 3)),
        RubricQuestion("hw1", "7a", "7", "Why é", Fraction(2), Fraction(0), ("idea", "slip")),
        RubricQuestion("hw1", "7b", "7", "", Fraction(2), Fraction(1, 2), ()),
        RubricItem("hw1", "7a", "idea", Fraction(-1, 2), "a, b\nc"),
        RubricItem("hw1", "7a", "slip", Fraction(2), ""),
        Marked("s1", "hw1", "7a", ("slip", "idea"), Fraction(-1, 3), 'see "7b"'),
        Marked("s1", "hw1", "7b"),
        Membership("s1", "team é"),
        Membership("s2", "", "hw1"),
    )
    entered = book.enter(contents, who="a=b", why="because", at=at)
    assert {type(each.content) for each in book.entries()} | {Withdrawn} == set(KINDS.values())
    read = book.entries()[len(ROSTER) :]
    assert tuple(read) == entered.entries
    assert [each.content for each in read] == list(contents)
    assert {(each.who, each.why, each.at, each.at.tzinfo) for each in read} == {("a=b", "because", at, UTC)}
    first = read[0].content
    assert isinstance(first, Score)
    assert (first.handed_in, first.handed_in and first.handed_in.tzinfo) == (at, UTC)


def test_work_has_homeworks_parts_extensions_and_excuses(book: Book) -> None:
    at = START + 3 * DAY
    enter(
        book,
        score("s1", 7, handed_in=at),
        score("s1", 8, "f2", handed_in=at + DAY),
        score("s1", 9, what="report", group=PROJECT),
        Extension("s1", "hw1", 2, "ill"),
        Excused("s1", "hw2", "moved"),
    )
    ten = Fraction(10)
    assert book.work("s1") == Work(
        handed_in={"hw1": (HandIn(Fraction(7), ten, at), HandIn(Fraction(8), ten, at + DAY))},
        project={"report": Fraction(9, 10)},
        extensions={"hw1": standing.Extension(2, "ill")},
        excused={"hw2": "moved"},
    )
    assert book.works() == {"s1": book.work("s1"), "s2": Work(), "s3": Work()}


def test_a_regrade_replaces_the_score_and_stays_in_history(book: Book) -> None:
    enter(book, score("s1", 5))
    enter(book, score("s1", 6, "f2"))
    enter(book, score("s1", 9))
    assert sorted(shares(book.work("s1"))) == [6, 9]
    scores = [each.content.points for each in book.history("s1") if isinstance(each.content, Score)]
    assert scores == [5, 6, 9]


def test_a_score_without_a_moment_is_in_time(book: Book) -> None:
    enter(book, score("s1", 5))
    assert [each.at for each in book.work("s1").handed_in["hw1"]] == [IN_TIME]


def test_the_latest_extension_and_excuse_count(book: Book) -> None:
    enter(book, Extension("s1", "hw1", 2, "ill"), Excused("s1", "hw1", "moved"))
    enter(book, Extension("s1", "hw1", 0, "well"), Excused("s1", "hw1", "moved far"))
    work = book.work("s1")
    assert (work.extensions["hw1"].days, work.excused["hw1"]) == (0, "moved far")


def test_the_latest_entry_counts_where_clocks_differ(book: Book) -> None:
    enter(book, score("s1", 5), day=50_000)  # somebody's clock is far ahead
    enter(book, score("s1", 6))
    assert shares(book.work("s1")) == [6]
    assert book.entries()[-1].at > book.entries()[-2].at


def test_a_later_entry_of_the_same_moment_counts(book: Book) -> None:
    for points in range(8):
        enter(book, score("s1", points), day=1)
        assert shares(book.work("s1")) == [points]


# The past


def test_the_book_is_shown_as_of_any_moment(book: Book) -> None:
    enter(book, score("s1", 5), day=1)
    enter(book, score("s1", 9), Student("s4", "Emmy"), day=2)
    merge = enter(book, Merge("s3", "s1"), day=3)
    enter(book, Withdrawn(merge.entries[0].id), day=4)

    def on(day: float) -> tuple[list[str], list[Fraction]]:
        at = START + day * DAY
        return list(book.students(at)), shares(book.work("s1", at))

    assert on(0) == (["s1", "s2", "s3"], [])
    assert on(1) == (["s1", "s2", "s3"], [5])
    assert on(2) == (["s1", "s2", "s3", "s4"], [9])
    assert on(3) == (["s1", "s2", "s4"], [9])
    assert on(4) == (["s1", "s2", "s3", "s4"], [9])
    assert book.students(START - DAY) == {}
    assert len(book.entries(START + DAY)) == len(ROSTER) + 1
    assert book.works(START + DAY)["s1"] == book.work("s1", START + DAY)
    assert book.student_of("moodle", "ada@x", START - DAY) is None
    with pytest.raises(BookError, match="no student 's4' on 2027-02-02"):
        book.work("s4", START + DAY)


def test_nothing_is_changed_or_deleted(book: Book, url: str) -> None:
    enter(book, score("s1", 5))
    own = "INSERT OR REPLACE INTO entry SELECT * FROM entry" if url.startswith("sqlite") else "TRUNCATE entry"
    before = book.entries()
    engine = create_engine(url)  # a program that knows nothing of the book
    for change in ("UPDATE entry SET points = '10'", "DELETE FROM entry", own):
        with pytest.raises(DBAPIError, match="the book only grows"), engine.begin() as connection:
            connection.execute(text(change))
    engine.dispose()
    assert book.entries() == before


def test_a_row_that_was_changed_behind_our_back_is_found(book: Book, url: str) -> None:
    enter(book, score("s1", 5))
    sqlite = url.startswith("sqlite")
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(
            text("DROP TRIGGER entry_refuses_update" if sqlite else "ALTER TABLE entry DISABLE TRIGGER ALL")
        )
        connection.execute(text("UPDATE entry SET points = '10' WHERE kind = 'score'"))
    engine.dispose()
    with pytest.raises(BookError, match="was changed after it was entered"):
        book.works()


# The same import twice


def test_the_same_import_adds_nothing(book: Book) -> None:
    contents = (score("s1", 5), Extension("s1", "hw1", 1, "ill"), score("s2", 5))
    assert enter(book, *contents) == Entered(3, 0, tuple(book.entries()[-3:]))
    assert enter(book, *contents, Excused("s2", "hw1", "moved")).new == 1
    assert enter(book, *contents, Excused("s2", "hw1", "moved")) == Entered(0, 4)
    assert enter(book, *ROSTER) == Entered(0, len(ROSTER))


def test_what_was_withdrawn_or_replaced_may_be_entered_again(book: Book) -> None:
    first = enter(book, score("s1", 5)).entries[0]
    assert enter(book, score("s1", 5)).new == 0
    withdrawal = enter(book, Withdrawn(first.id))
    assert enter(book, Withdrawn(first.id)).new == 0
    assert shares(book.work("s1")) == []
    assert enter(book, score("s1", 5)).new == 1
    assert enter(book, score("s1", 6)).new == 1
    assert enter(book, score("s1", 5)).new == 1
    assert shares(book.work("s1")) == [5]
    assert withdrawal.entries[0] in book.history("s1")


def test_a_withdrawal_may_be_withdrawn(book: Book) -> None:
    first = enter(book, score("s1", 5)).entries[0]
    second = enter(book, Withdrawn(first.id)).entries[0]
    third = enter(book, Withdrawn(second.id)).entries[0]
    assert shares(book.work("s1")) == [5]
    assert enter(book, Withdrawn(first.id)).new == 1
    assert shares(book.work("s1")) == []
    assert {first, second, third} < set(book.history("s1"))
    assert not {first, second, third} & set(book.history("s2"))


def test_an_import_may_withdraw_and_enter_the_same(book: Book) -> None:
    first = enter(book, score("s1", 5)).entries[0]
    for new in (2, 0):
        assert enter(book, Withdrawn(first.id), score("s1", 5)).new == new
        assert shares(book.work("s1")) == [5]


def test_an_import_with_its_own_regrades_may_run_again(book: Book) -> None:
    """The first score of a hand-in and its regrade in one file."""
    contents = (score("s1", 5), score("s1", 5), score("s1", 6))
    assert enter(book, *contents) == Entered(2, 1, tuple(book.entries()[-2:]))
    assert enter(book, *contents) == Entered(0, 3)
    assert enter(book, *contents, score("s1", 7)).new == 1
    assert shares(book.work("s1")) == [7]


def test_an_import_may_run_again_after_students_were_merged(book: Book) -> None:
    enter(book, score("s3", 5), Alias("s3", "results", "ada"))
    enter(book, Merge("s3", "s1"))
    assert enter(book, score("s1", 5), score("s3", 5), Alias("s1", "results", "ada"), *ROSTER).new == 0


def test_what_would_be_entered_is_shown_first(book: Book) -> None:
    before = book.entries()
    would = book.would_enter([score("s1", 5), *ROSTER], who="me", why="test", at=START + DAY)
    assert (would.new, would.known, book.entries()) == (1, len(ROSTER), before)
    assert enter(book, score("s1", 5), *ROSTER, day=1) == Entered(1, len(ROSTER), tuple(book.entries()[-1:]))


# People


def test_merged_students_are_one(book: Book) -> None:
    enter(book, score("s1", 5), score("s3", 9, "f3"), score("s3", 6), Extension("s3", "hw1", 1, "ill"))
    enter(book, Alias("s3", "results", "ada-l"), Alias("s3", "moodle", "lovelace@x"))
    enter(book, Merge("s3", "s2"))
    enter(book, Merge("s2", "s1"))  # a chain
    person = book.students()["s1"]
    assert list(book.students()) == list(book.works()) == ["s1"]
    assert (person.name, person.keys) == ("Ada", {"s1", "s2", "s3"})
    assert person.names == {"moodle": ("ada@x", "lovelace@x"), "results": ("ada-l",)}
    assert book.student_of("results", "ada-l") == book.student_of("moodle", "ada@x") == "s1"
    assert book.student_of("results", "ada@x") is None
    assert book.work("s3") == book.work("s1")
    assert sorted(shares(book.work("s1"))) == [6, 9]  # s1 and s3 handed in the same "f1"; it was graded twice
    assert {"s1", "s2", "s3"} == {each.content.key for each in book.history("s2") if isinstance(each.content, Student)}


def test_a_circle_of_merges_is_refused(book: Book) -> None:
    enter(book, Merge("s1", "s2"))
    merge = enter(book, Merge("s2", "s3")).entries[0]
    with pytest.raises(BookError, match="'s3' cannot be merged into 's1', which was merged into 's3' before"):
        enter(book, Merge("s3", "s1"))
    with pytest.raises(BookError, match="merged"):
        book.would_enter([Merge("s3", "s1")], who="me", why="test")
    enter(book, Withdrawn(merge.id))
    enter(book, Merge("s3", "s1"))
    assert list(book.students()) == ["s2"]
    with pytest.raises(BookError, match="merged"):
        enter(book, Withdrawn(book.entries()[-2].id))


def test_a_merge_may_be_corrected(book: Book) -> None:
    enter(book, Merge("s3", "s2"))
    enter(book, Merge("s3", "s1"))
    assert book.students()["s1"].keys == {"s1", "s3"}


def test_a_name_moves_to_another_student(book: Book) -> None:
    assert book.student_of("moodle", "ada@x") == "s1"
    alias = enter(book, Alias("s2", "moodle", "ada@x")).entries[0]
    assert book.student_of("moodle", "ada@x") == "s2"
    enter(book, Withdrawn(alias.id))
    assert book.student_of("moodle", "ada@x") == "s1"


def test_names_are_found_in_either_spelling_of_accents(book: Book) -> None:
    enter(book, Alias("s1", "results", "Jose\u0301"))
    assert book.student_of("results", "Jos\u00e9") == book.student_of("results", "Jose\u0301") == "s1"
    assert enter(book, Alias("s1", "results", "Jos\u00e9")).new == 0


def test_one_name_of_two_students_is_refused(book: Book) -> None:
    with pytest.raises(BookError, match="'b' in 'moodle' is the name of two students, 's1' and 's2'"):
        enter(book, Alias("s1", "moodle", "b"), Alias("s2", "moodle", "b"))


def test_a_student_is_renamed_and_withdrawn(book: Book) -> None:
    enter(book, Student("s2", "Blaise Pascal"))
    assert book.students()["s2"].name == "Blaise Pascal"
    for each in [each for each in book.entries() if each.content in (Student("s3", "Ada L."),)]:
        enter(book, Withdrawn(each.id))
    assert list(book.students()) == list(book.works()) == ["s1", "s2"]


# What is wrong


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (score("nobody", 5), "there is no student 'nobody', of whom the new score speaks"),
        (Merge("s1", "nobody"), "there is no student 'nobody'"),
        (Withdrawn("0" * 32), "there is no entry '0000"),
    ],
)
def test_an_import_with_one_wrong_entry_enters_nothing(book: Book, content: Content, message: str) -> None:
    before = book.entries()
    with pytest.raises(BookError, match=message):
        enter(book, score("s1", 5), content, score("s2", 5))
    assert book.entries() == before


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: Student("", "Ada"), "key is empty"),
        (lambda: Student("a\0", "Ada"), "key has a character that is no text"),
        (lambda: Student("a", "\ud800"), "name has a character"),
        (lambda: Student("a" * 251, "Ada"), "key is longer than 250"),
        (lambda: score("s1", -1), "-1 of 10 points cannot be"),
        (lambda: Score("s1", "hw1", 7.5, 10), "points are fractions"),  # type: ignore[arg-type]
        (lambda: score("s1", 1, handed_in=datetime(2027, 1, 1)), "handed_in needs an offset"),
        (lambda: score("s1", 1, group="exam"), "not 'exam'"),
        (lambda: Extension("s1", "hw1", -1, ""), "whole number of days"),
        (lambda: Extension("s1", "hw1", True, ""), "whole number of days"),
        (lambda: Merge("s1", "s1"), "cannot be merged into itself"),
    ],
)
def test_what_makes_no_sense_is_no_entry(wrong: Callable[[], Content], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        wrong()


def test_a_moment_without_an_offset_is_refused(book: Book) -> None:
    with pytest.raises(BookError, match="at needs an offset"):
        book.enter([score("s1", 5)], who="me", why="test", at=datetime(2027, 1, 1))
    with pytest.raises(BookError, match="no offset"):
        book.entries(datetime(2027, 1, 1))
    assert len(book.entries()) == len(ROSTER)


# Opening


def test_migrations_make_the_tables_that_the_code_expects(book: Book, url: str) -> None:
    engine = create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert compare_metadata(context, METADATA) == []
    engine.dispose()


def test_a_book_that_is_not_there_is_not_made_unasked(url: str) -> None:
    with pytest.raises(BookError, match="there is no book here"):
        Book.open(url, create=False)
    Book.open(url).close()
    Book.open(url, create=False).close()


def test_a_newer_book_and_another_database_are_refused(url: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE songs (name TEXT)"))
    with pytest.raises(BookError, match=r"the database of another program .*'songs'"):
        Book.open(url)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE songs"))
    Book.open(url).close()
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = 'v99'"))
    engine.dispose()
    with pytest.raises(BookError, match=r"'v99', which is newer than this grader\. Update the grader"):
        Book.open(url)


def test_waiting_for_somebody_who_writes_ends(url: str) -> None:
    with Book.open(url, patience_s=0.3) as book:
        book.enter(ROSTER, who="me", why="test")
        engine = create_engine(url)
        with engine.connect() as connection:
            connection.execute(text("BEGIN IMMEDIATE" if url.startswith("sqlite") else "LOCK TABLE entry"))
            with pytest.raises(BookError, match="somebody else has been writing for too long"):
                enter(book, score("s1", 5))
        engine.dispose()
        assert enter(book, score("s1", 5)).new == 1


def test_files_that_are_no_books(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("no database at all\n" * 100)
    for name, message in {
        "text.db": "text.db: this file is no book and no SQLite database",
        "none/book.db": "none/book.db: the folder .*none does not exist",
        "": "this is a folder",
    }.items():
        with pytest.raises(BookError, match=message):
            Book.open(f"sqlite:///{tmp_path / name}")
    with pytest.raises(BookError, match="is no URL"):
        Book.open("book.db")
    with pytest.raises(BookError, match="not in 'mysql'"):
        Book.open("mysql://x/y")


def test_a_book_that_cannot_be_written_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "book.db"
    with Book.open(f"sqlite:///{path}") as book:
        enter(book, *ROSTER)
    with Book.open(f"sqlite:///file:{path}?mode=ro&uri=true") as book:
        assert list(book.students()) == ["s1", "s2", "s3"]
        with pytest.raises(BookError, match="this book cannot be written"):
            enter(book, score("s1", 5))


def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    with pytest.raises(BookError, match="there is no server") as caught:
        Book.open("postgresql://me:secret@127.0.0.1:1/book?application_name=secret")
    assert "postgresql://me:***@127.0.0.1:1/book" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_database_that_the_server_does_not_have(postgresql: str) -> None:
    with pytest.raises(BookError, match="has no such database or user"):
        Book.open(postgresql.replace("/postgres?", "/nowhere?"))


def test_sqlite_keeps_a_log_so_that_readers_do_not_wait(tmp_path: Path) -> None:
    with Book.open(f"sqlite:///{tmp_path / 'book.db'}") as book:
        enter(book, *ROSTER)
        with book._writing():
            assert len(book.entries()) == len(ROSTER)
    connection = sqlite3.connect(tmp_path / "book.db")
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


# Several processes


def forked(work: Callable[[], None]) -> int:
    """Runs this in another process; gives its number."""
    pid = os.fork()
    if pid:
        return pid
    try:
        work()
    except BaseException as error:
        os.write(2, repr(error).encode())
        os._exit(1)
    os._exit(0)


def ended_well(pids: Sequence[int]) -> bool:
    return all([os.waitpid(pid, 0)[1] == 0 for pid in pids])


def class_of(students: range) -> list[Content]:
    return [
        each
        for i in students
        for each in (Student(f"s{i}", f"Student {i}"), Alias(f"s{i}", "results", f"n{i}"), score(f"s{i}", i % 10))
    ]


def test_two_people_open_and_write_at_once(url: str) -> None:
    def writes(first: int) -> None:
        with Book.open(url) as book:
            for i in range(first, first + 20):
                book.enter(class_of(range(i, i + 2)), who=f"process {first}", why="test")

    assert ended_well([forked(lambda first=first: writes(first)) for first in (0, 0, 10)])  # type: ignore[misc]
    with Book.open(url, create=False) as book:
        entries = book.entries()
        assert len(entries) == len({each.id for each in entries}) == 3 * 31
        assert book.works().keys() == {f"s{i}" for i in range(31)}
        assert all(len(shares(work)) == 1 for work in book.works().values())


def test_a_writer_that_is_killed_leaves_whole_imports(url: str) -> None:
    """The first kills meet a book that is being made, the later ones an import of 30 entries."""
    kills, size = KILLS[url.split(":")[0].split("+")[0]], 10
    chance = random.Random(16)

    def imports() -> None:
        with Book.open(url) as book:
            for number in range(1000):
                book.enter(class_of(range(number * size, (number + 1) * size)), who="me", why=f"import {number}")
                os.write(said, b".")

    for kill in range(kills):
        progress, said = os.pipe()
        pid = forked(imports)
        os.close(said)
        if kill < kills // 4:
            time.sleep(0.03 * kill)
        else:
            for _ in range(chance.randint(1, kill + 1)):
                assert os.read(progress, 1)
            time.sleep(chance.uniform(0, 0.03))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(progress)
        with Book.open(url) as book:
            entries = book.entries()
            found = [sum(each.why == f"import {i}" for each in entries) for i in range(len(entries) // (3 * size) + 2)]
            assert set(found) <= {0, 3 * size}
            assert found == sorted(found, reverse=True)
            assert len(entries) == len({each.content for each in entries})
    with Book.open(url) as book:
        held = size * found.index(0)
        assert held > 0
        assert book.enter(class_of(range(held + 5)), who="me", why="all").new == 15
        assert book.works().keys() == {f"s{i}" for i in range(held + 5)}


def test_threads_share_a_book(book: Book) -> None:
    def writes(i: int) -> int:
        book.works()
        return enter(book, *class_of(range(i, i + 2))).new

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(writes, range(10, 20))) == 3 * 11
    assert len(book.entries()) == len(ROSTER) + 3 * 11


# Any order


IDEA = Item(id="idea", points=Fraction(2), text="the idea")
RUBRIC = Rubric(
    homework="hw1",
    questions=(Question(id="7a", problem="7", title="Why", points=Fraction(2), items=(IDEA,)),),
    by_checks=Fraction(10),
)
KEYS = st.sampled_from(["s1", "s2", "s3", "s4"])
WHAT = st.sampled_from(["hw1", "hw2"])
CONTENTS = st.one_of(
    st.builds(Student, KEYS, st.sampled_from(["Ada", "Blaise"])),
    st.builds(Alias, KEYS, st.just("moodle"), st.sampled_from(["a", "b"])),
    st.permutations(["s1", "s2", "s3", "s4"]).map(lambda keys: Merge(keys[0], keys[1])),
    st.builds(
        score,
        KEYS,
        st.integers(0, 3),
        st.sampled_from(["f1", "f2"]),
        WHAT,
        handed_in=st.none() | st.integers(0, 3).map(lambda day: START + day * DAY),
    ),
    st.builds(lambda key, points: score(key, points, what="report", group=PROJECT), KEYS, st.integers(0, 3)),
    st.builds(Extension, KEYS, WHAT, st.integers(0, 2), st.just("ill")),
    st.builds(Excused, KEYS, WHAT, st.just("moved")),
    st.builds(Membership, KEYS, st.sampled_from(["", "g", "h"]), st.sampled_from(["", "hw1"])),
    st.builds(Marked, KEYS, WHAT, st.just("7a"), st.sampled_from([(), ("idea",)]), st.integers(0, 2).map(Fraction)),
    st.integers(0, 30),  # withdraws the entry with this number
)
IMPORTS = st.lists(st.tuples(st.integers(0, 5), st.lists(CONTENTS, min_size=1, max_size=4)), max_size=12)


def fill(book: Book, imports: list[tuple[int, list[Content | int]]]) -> None:
    """Enters what the book takes of these, at moments that are not in order and of which several are the same."""
    enter(book, *(Student(f"s{i}", "Somebody") for i in range(1, 5)), *contents_of(RUBRIC), day=0)
    enter(book, *contents_of(RUBRIC.model_copy(update={"homework": "hw2"})), day=0)
    for day, contents in imports:
        for content in contents:
            entries = book.entries()
            if isinstance(content, int):
                content = Withdrawn(entries[content % len(entries)].id)
            try:
                enter(book, content, day=day)
            except BookError as error:
                said = ("merged", "no student", "is part of a rubric")
                assert any(each in str(error) for each in said)  # noqa: PT017


def state(book: Book) -> object:
    moments = [START + day * DAY for day in range(6)]
    past = [(book.students(at), book.works(at), book.markings("hw1", at), book.groups(at)) for at in moments]
    return book.entries(), book.students(), book.works(), past


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(imports=IMPORTS, chance=st.randoms(use_true_random=False))
def test_a_book_rebuilt_in_any_order_equals_itself(
    imports: list[tuple[int, list[Content | int]]], chance: random.Random
) -> None:
    with Book.open("sqlite://") as first, Book.open("sqlite://") as second:
        fill(first, imports)
        rebuilt(first, second, chance)


def rebuilt(first: Book, second: Book, chance: random.Random) -> None:
    entries = first.entries()
    chance.shuffle(entries)
    while entries:
        size = chance.randint(1, 6)
        part, entries = entries[:size], entries[size:]
        assert second.restore(part).new == len(part)
        assert second.restore(part).known == len(part)
    assert state(first) == state(second)
    for key in first.students():
        assert first.work(key) == first.works()[key] == second.work(key)
        assert first.history(key) == second.history(key)
        for system, names in first.students()[key].names.items():
            assert {first.student_of(system, name) for name in names} == {key}


@settings(deadline=None, max_examples=3, suppress_health_check=list(HealthCheck))
@given(imports=IMPORTS, chance=st.randoms(use_true_random=False))
def test_a_book_moves_to_another_database(
    new_url: Callable[[], str], imports: list[tuple[int, list[Content | int]]], chance: random.Random
) -> None:
    with Book.open(new_url()) as first, Book.open(new_url()) as second:
        fill(first, imports)
        rebuilt(first, second, chance)


def test_a_large_class_is_read_in_one_pass(book: Book) -> None:
    """300 students with 6 homeworks and 4 parts of a project."""
    students = [Student(f"k{i}", f"Student {i}") for i in range(300)]
    scores = [score(each.key, 5, "f", f"hw{i}", handed_in=START) for each in students for i in range(6)]
    parts = [score(each.key, 5, "f", f"part{i}", group=PROJECT) for each in students for i in range(4)]
    enter(book, *students, *scores, *parts)
    begin = time.process_time()
    works = book.works()
    assert time.process_time() - begin < 1  # 0.1 s where nothing else runs
    assert {len(work.handed_in) + len(work.project) for key, work in works.items() if key[0] == "k"} == {10}
    assert enter(book, *students, *scores, *parts).new == 0

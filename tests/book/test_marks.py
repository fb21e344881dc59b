"""Rubrics and markings in the book: the last one counts, all are kept, and what is gone is never a silent 0."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import DateTime, Integer, Text, column, create_engine, insert, table, text

from grader.book.rows import Marked, Merge, RubricItem, Score, Student, Withdrawn, told, works
from grader.book.store import MIGRATIONS, Book, BookError
from grader.hand.marking import Marking, points_of
from grader.hand.rubric import Item, Question, Rubric

START = datetime(2027, 2, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
HALF = Fraction(1, 2)
WHY = {"who": "ada", "why": "test"}


def rubric(*, idea: Fraction = Fraction(1), extra: tuple[str, ...] = (), questions: int = 2) -> Rubric:
    items = [
        ("idea", idea),
        ("proof", Fraction(1)),
        ("rest", Fraction(1)),
        ("slip", -HALF),
        *((name, HALF) for name in extra),
    ]
    made = tuple(Item(id=name, points=points, text=f"about {name}") for name, points in items)
    return Rubric(
        homework="hw1",
        questions=tuple(
            Question(id=f"7{'ab'[i]}", problem="7", title="Why", points=Fraction(2), items=made)
            for i in range(questions)
        ),
        by_checks=Fraction(10),
    )


@pytest.fixture
def book(url: str) -> Iterator[Book]:
    with Book.open(url) as book:
        book.enter([Student("s1", "Emmy"), Student("s2", "Kurt"), Student("s3", "Emmy N.")], **WHY, at=START)
        book.enter_rubric(rubric(), **WHY, at=START)
        yield book


def counts(book: Book, student: str = "s1", question: str = "7a", at: datetime | None = None) -> Marking:
    return book.markings("hw1", at)[student, question].marking


def test_a_rubric_is_read_back_and_entered_once(book: Book) -> None:
    assert book.rubric("hw1") == rubric()
    assert book.rubric("hw2") is None
    assert book.enter_rubric(rubric(), **WHY).new == 0
    assert book.rubric("hw1", START - DAY) is None


def test_a_changed_item_is_one_new_row_and_changes_what_marks_are_worth(book: Book) -> None:
    book.mark("s1", "hw1", "7a", Marking(("idea", "slip")), who="ada", at=START + DAY)
    changed = rubric(idea=HALF)
    entered = book.enter_rubric(changed, **WHY, at=START + 2 * DAY)
    assert [each.content for each in entered.entries] == [
        RubricItem("hw1", question, "idea", HALF, "about idea") for question in ("7a", "7b")
    ]

    def worth(at: datetime | None = None) -> Fraction:
        now = book.rubric("hw1", at)
        question = now and now.question("7a")
        assert question
        return points_of(question, counts(book, at=at))

    assert (worth(START + DAY), worth()) == (HALF, 0)
    assert book.enter_rubric(rubric(), **WHY).new == 2  # back again
    assert worth() == HALF


def test_grades_use_the_rubric_and_the_marks_of_their_day(book: Book) -> None:
    book.enter([Score("s1", "hw1", Fraction(5), Fraction(10))], **WHY, at=START)
    book.mark("s1", "hw1", "7a", Marking(("idea",)), who="ada", at=START + DAY)
    book.enter_rubric(rubric(idea=HALF), **WHY, at=START + 2 * DAY)
    book.enter_rubric(rubric(idea=HALF, questions=1), **WHY, at=START + 3 * DAY)

    def on(day: int) -> tuple[Fraction, Fraction, list[str]]:
        hand = book.work("s1", START + day * DAY).by_hand["hw1"]
        assert book.works(START + day * DAY)["s1"].by_hand["hw1"] == hand
        return hand.points, hand.of, [each.question.id for each in hand.lacking]

    assert [on(day) for day in range(4)] == [
        (0, 4, ["7a", "7b"]),
        (1, 4, ["7b"]),
        (HALF, 4, ["7b"]),
        (HALF, 2, []),
    ]
    assert book.work("s1", START - DAY / 2 + DAY).unmarked.keys() == {"hw1"}


def test_a_regrade_by_checks_leaves_marks_alone(book: Book) -> None:
    book.mark("s1", "hw1", "7a", Marking(("idea",), HALF, "good"), who="ada")
    for points in (5, 7):
        book.enter([Score("s1", "hw1", Fraction(points), Fraction(10), fingerprint="f")], **WHY)
        assert book.work("s1").by_hand["hw1"].answers[0].points == 1 + HALF
        assert [each.points for each in book.work("s1").handed_in["hw1"]] == [points]


def test_items_and_questions_that_are_gone_are_not_in_force(book: Book) -> None:
    more = rubric(extra=("style",))
    book.enter_rubric(more, **WHY, at=START + DAY)
    book.mark("s1", "hw1", "7a", Marking(("style",)), who="ada", at=START + DAY)
    book.enter_rubric(rubric(questions=1), **WHY, at=START + 2 * DAY)
    assert book.rubric("hw1") == rubric(questions=1)
    assert book.rubric("hw1", START + DAY) == more
    assert counts(book) == Marking(("style",))  # kept: a person has to look
    with pytest.raises(BookError, match="hw1: s1: 7a has no item 'style'"):
        book.mark("s1", "hw1", "7a", Marking(("style", "idea")), who="ada")
    with pytest.raises(BookError, match=r"hw1 has no question '7b'. There is: 7a"):
        book.mark("s1", "hw1", "7b", Marking(), who="ada")
    assert book.enter_rubric(more, **WHY).new == 2  # both lists; the item is known


def test_the_last_marking_counts_and_all_are_kept(book: Book) -> None:
    book.mark("s1", "hw1", "7a", Marking(("idea",)), who="ada", at=START + DAY)
    book.mark("s1", "hw1", "7a", Marking(("proof",), HALF, "short"), who="alan", at=START + 2 * DAY)
    book.mark("s2", "hw1", "7a", Marking(), who="alan", at=START + 2 * DAY)
    assert counts(book) == Marking(("proof",), HALF, "short")
    assert counts(book, at=START + DAY) == Marking(("idea",))
    assert [(each.student, each.who, each.marking.items) for each in book.all_markings("hw1")] == [
        ("s1", "ada", ("idea",)),
        ("s1", "alan", ("proof",)),
        ("s2", "alan", ()),
    ]
    assert book.all_markings("hw2") == []


def test_the_same_marking_twice_enters_nothing_but_that_of_another_grader_is_kept(book: Book) -> None:
    def mark(who: str, *items: str) -> int:
        return book.mark("s1", "hw1", "7a", Marking(items), who=who).new

    assert [mark("ada", "idea", "proof"), mark("ada", "proof", "idea"), mark("alan", "idea", "proof")] == [1, 0, 1]
    assert [mark("alan", "idea", "proof"), mark("ada", "idea", "proof")] == [0, 0]  # both have said it
    assert [mark("alan"), mark("ada", "idea", "proof"), mark("ada", "idea", "proof")] == [1, 1, 0]
    assert counts(book) == Marking(("idea", "proof"))


def test_a_marking_may_be_withdrawn_and_a_rubric_may_not(book: Book) -> None:
    book.mark("s1", "hw1", "7a", Marking(("idea",)), who="ada")
    entry = book.mark("s1", "hw1", "7a", Marking(), who="alan").entries[0]
    book.enter([Withdrawn(entry.id)], **WHY)
    assert counts(book) == Marking(("idea",))
    of_rubric = next(each for each in book.entries() if isinstance(each.content, RubricItem))
    with pytest.raises(BookError, match="is part of a rubric, which is not taken back"):
        book.enter([Withdrawn(of_rubric.id)], **WHY)


def test_grades_are_the_same_whether_replaced_markings_are_read_or_not(book: Book) -> None:
    """Every key enters a marking; a withdrawn one brings back the one before, also a day later."""
    for key in ("s1", "s2", "s3"):
        for number in range(4):
            at = START + (number + 1) * DAY
            book.mark(key, "hw1", "7a", Marking((), Fraction(number, 4)), who="ada", at=at)
    entries = [each for each in book.entries() if isinstance(each.content, Marked)]
    withdrawn = book.enter([Withdrawn(entries[-1].id), Withdrawn(entries[9].id)], **WHY, at=START + 6 * DAY)
    book.enter([Merge("s3", "s2"), Withdrawn(withdrawn.entries[0].id)], **WHY, at=START + 8 * DAY)
    for day in (0, 1, 2.5, 4, 5, 6, 7, 8, 9):
        at = START + day * DAY
        assert book.works(at) == works(book.entries(at))
    assert {key: work.by_hand["hw1"].points for key, work in book.works().items()} == {"s1": HALF, "s2": 3 * HALF / 2}


def test_markings_of_merged_students_are_one_students(book: Book) -> None:
    book.mark("s1", "hw1", "7a", Marking(("idea",)), who="ada")
    book.mark("s3", "hw1", "7a", Marking(("proof",)), who="ada")
    book.enter([Merge("s3", "s1")], **WHY)
    assert {key: each.marking for key, each in book.markings("hw1").items()} == {("s1", "7a"): Marking(("proof",))}
    assert book.mark("s1", "hw1", "7a", Marking(("proof",)), who="ada").new == 0


def test_marks_need_a_student_and_a_rubric(book: Book) -> None:
    with pytest.raises(BookError, match="there is no student 'nobody'"):
        book.mark("nobody", "hw1", "7a", Marking(), who="ada")
    with pytest.raises(BookError, match=r"hw2 has no rubric here yet. Enter it first: book rubric hw2"):
        book.mark("s1", "hw2", "7a", Marking(), who="ada")
    with pytest.raises(BookError, match="comment has a character that is no text"):
        book.mark("s1", "hw1", "7a", Marking((), Fraction(0), "\0"), who="ada")
    with pytest.raises(ValueError, match="ids without spaces"):
        Marked("s1", "hw1", "7a", ("two words",))


def test_a_marking_in_words() -> None:
    assert told(Marked("s1", "hw1", "7a", ("idea",), -HALF, "see 7b")) == "s1: hw1 7a: idea, -0.5 besides (see 7b)"
    assert told(Marked("s1", "hw1", "7a")) == "s1: hw1 7a: no item applies"


def test_several_people_mark_at_once(book: Book) -> None:
    def marks(number: int) -> int:
        return book.mark("s1", "hw1", "7a", Marking((), Fraction(number, 8)), who=f"grader {number % 4}").new

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(marks, range(1, 17))) == 16
    said = book.all_markings("hw1")
    assert sorted(each.marking.adjustment for each in said) == [Fraction(n, 8) for n in range(1, 17)]
    assert counts(book) == said[-1].marking


def test_several_processes_mark_at_once(new_url: Callable[[], str]) -> None:
    url = new_url()
    with Book.open(url) as book:
        book.enter([Student(f"s{i}", "Somebody") for i in range(4)], **WHY)
        book.enter_rubric(rubric(), **WHY)
    pids = []
    for number in range(3):
        if not (pid := os.fork()):
            ended = 1
            try:
                with Book.open(url) as book:
                    for i in range(24):
                        book.mark(f"s{i % 4}", "hw1", "7a", Marking((), Fraction(i, 3)), who=f"grader {number}")
                ended = 0
            finally:
                os._exit(ended)
        pids.append(pid)
    assert [os.waitpid(pid, 0)[1] for pid in pids] == [0, 0, 0]
    with Book.open(url) as book:
        assert len(book.all_markings("hw1")) == 3 * 24
        assert len(book.markings("hw1")) == 4


# A book of the first version


SCORE = Score("s1", "hw1", Fraction(15, 2), Fraction(10), START, "results/s1.json", "f1")


def old_book(url: str) -> None:
    """Makes a book as the first version did, with a student and a score."""
    shared = {"entered_at": START.replace(tzinfo=None), "who": "ada", "why": "old", "student": "s1"}
    student = {"id": "f6e292c525e899b85dd72a092a5dbde5", "kind": "student", "place": 0, "name": "Emmy"}
    score = {
        "id": "e13354302d20b1f3d5c8b37025bc1d77",
        "kind": "score",
        "place": 1,
        "what": "hw1",
        "part_of": "homework",
        "points": "15/2",
    }
    more = {"out_of": "10", "handed_in": shared["entered_at"], "source": "results/s1.json", "fingerprint": "f1"}
    engine = create_engine(url)
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, "v1")
        if url.startswith("postgresql"):
            connection.execute(text("SET LOCAL timezone = 'UTC'"))
        for row in (student | shared, score | more | shared):
            types = {"entered_at": DateTime, "handed_in": DateTime, "place": Integer}
            columns = [column(name, types.get(name, Text)) for name in row]
            connection.execute(insert(table("entry", *columns)).values(row))
    engine.dispose()


def test_a_book_of_the_first_version_is_brought_up_to_date(url: str) -> None:
    old_book(url)
    with Book.open(url, create=False) as book:
        before = book.entries()
        assert [each.content for each in before] == [
            Student("s1", "Emmy"),
            SCORE,
        ]
        book.enter_rubric(rubric(), **WHY)
        book.mark("s1", "hw1", "7a", Marking(("idea",)), who="ada")
    with Book.open(url, create=False) as book:
        assert book.entries()[:2] == before
        assert counts(book) == Marking(("idea",))


def test_two_who_open_an_old_book_at_once_bring_it_up_to_date_once(url: str) -> None:
    old_book(url)

    def opens(_: int) -> int:
        with Book.open(url) as book:
            return len(book.entries())

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(opens, range(3))) == [2, 2, 2]

"""Claims of answers, and markings that replace nothing unseen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from grader.book.rows import Given, Student
from grader.book.store import Book, MarkedMeanwhile
from grader.hand.marking import Marking
from grader.hand.rubric import Item, Question, Rubric

HOUR = timedelta(hours=1)


@pytest.fixture
def book(url: str) -> Iterator[Book]:
    question = Question(
        id="7a", problem="7", title="Why", points=Fraction(1), items=(Item(id="idea", points=Fraction(1), text="idea"),)
    )
    with Book.open(url) as book:
        book.enter([Student("s1", "Ada"), Student("s2", "Emmy")], who="t", why="t")
        book.enter_rubric(Rubric(homework="hw1", questions=(question,)), who="t", why="t")
        yield book


def until(after: timedelta) -> datetime:
    return datetime.now(UTC) + after


def test_one_answer_is_one_pages_until_it_lets_go_or_the_time_is_over(book: Book) -> None:
    def take(student: str, page: str, after: timedelta = HOUR) -> str:
        return book.claim("hw1", "7a", student, f"who-{page}", page, until(after)).who

    assert [take("s1", "a"), take("s1", "b"), take("s2", "b")] == ["who-a", "who-a", "who-b"]
    assert [(each.student, each.who) for each in book.claims("hw1")] == [("s1", "who-a"), ("s2", "who-b")]
    assert take("s2", "a") == "who-b"  # and page a keeps s1
    assert [each.student for each in book.claims("hw1")] == ["s1", "s2"]
    assert take("s2", "b", -HOUR) == "who-b"  # over at once
    assert [take("s2", "a"), take("s1", "b")] == ["who-a", "who-b"]  # a went on to s2, which left s1 to b
    assert book.claims("hw2") == []


def test_a_marking_replaces_only_what_was_seen(book: Book) -> None:
    def mark(who: str, replaces: Callable[[Given | None], bool], *items: str) -> int:
        return book.mark("s1", "hw1", "7a", Marking(items), who=who, replaces=replaces).new

    assert mark("ada", lambda given: given is None, "idea") == 1
    with pytest.raises(MarkedMeanwhile, match="ada marked this answer meanwhile") as raised:
        mark("alan", lambda given: given is None)
    assert raised.value.given is not None
    assert (raised.value.given.who, raised.value.given.marking) == ("ada", Marking(("idea",)))
    assert mark("alan", lambda given: given is not None and given.who == "ada") == 1
    assert book.markings("hw1")["s1", "7a"].who == "alan"
    assert len(book.all_markings("hw1")) == 2


def test_the_newest_number_grows_with_entries_and_not_with_claims(book: Book) -> None:
    before = book.newest()
    book.claim("hw1", "7a", "s1", "ada", "a", until(HOUR))
    assert book.newest() == before
    book.mark("s1", "hw1", "7a", Marking(), who="ada")
    assert book.newest() == before + 1

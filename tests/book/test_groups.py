"""Students who hand in together share results and marks; lateness and exceptions stay each one's own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.book.rows import Content, Entry, Extension, Marked, Membership, Merge, Score, Student, told, works
from grader.book.standing import PROJECT
from grader.book.store import Book
from grader.hand.marking import Marking
from grader.hand.rubric import Item, Question, Rubric

START = datetime(2027, 2, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
IDEA = Item(id="idea", points=Fraction(2), text="the idea")
WHY = Question(id="7a", problem="7", title="Why", points=Fraction(2), items=(IDEA,))
STUDENTS = (("s1", "Emmy"), ("s2", "Kurt"), ("s3", "Sofya"), ("s4", "Emmy N."))


@pytest.fixture
def book(url: str) -> Iterator[Book]:
    with Book.open(url) as book:
        book.enter([Student(*each) for each in STUDENTS], who="me", why="start", at=START)
        for homework in ("hw1", "hw2"):
            rubric = Rubric(homework=homework, questions=(WHY,), by_checks=Fraction(10))
            book.enter_rubric(rubric, who="me", why="start", at=START)
        enter(
            book,
            Membership("s1", "a"),
            Membership("s2", "a"),
            Membership("s3", "b", "hw2"),
            Membership("s2", "b", "hw2"),
        )
        yield book


def enter(book: Book, *contents: Content) -> None:
    book.enter(contents, who="me", why="test")


def score(student: str, points: int, what: str = "hw1", fingerprint: str = "f", day: int = 1) -> Score:
    return Score(student, what, Fraction(points), Fraction(10), START + day * DAY, "", fingerprint)


def points(book: Book, what: str = "hw1") -> dict[str, list[Fraction]]:
    works = book.works()
    for key, work in works.items():
        assert book.work(key) == work, "one student alone is read as all are"
    return {key: [each.points for each in work.handed_in.get(what, ())] for key, work in works.items()}


def test_a_result_of_one_counts_for_all_of_the_group(book: Book) -> None:
    enter(book, score("s1", 7), score("s3", 5, "hw2"), score("s1", 9, "hw2"))
    assert points(book) == {"s1": [7], "s2": [7], "s3": [], "s4": []}
    assert points(book, "hw2") == {"s1": [9], "s2": [5], "s3": [5], "s4": []}
    assert book.groups().together("s1", "hw2") == ("s1",)
    assert book.work("s2").partners == {"": ("s1",), "hw2": ("s3",)}
    assert [book.work("s1").partners_on(name) for name in ("hw1", "hw2")] == [("s2",), ()]


def test_both_hand_in_and_each_regrade_replaces_its_own(book: Book) -> None:
    enter(book, score("s1", 7, day=1), score("s2", 7, day=2), score("s2", 8, day=2))
    assert points(book)["s1"] == points(book)["s2"] == [7, 8]
    assert [each.at for each in book.work("s1").handed_in["hw1"]] == [START + DAY, START + 2 * DAY]


def test_a_marking_that_counted_before_counts_again(book: Book) -> None:
    """The partner was marked in between: what was said of the first one before is new."""
    first, other = Marking(("idea",)), Marking((), Fraction(1))
    for student, marking in (("s1", first), ("s2", other), ("s1", first)):
        assert book.mark(student, "hw1", "7a", marking, who="ada").new == 1
    assert {key: book.work(key).by_hand["hw1"].points for key in ("s1", "s2")} == {"s1": 2, "s2": 2}
    assert book.mark("s1", "hw1", "7a", first, who="ada").new == 0
    enter(book, Membership("s4", "a"))
    book.mark("s4", "hw1", "7a", other, who="ada")
    assert book.mark("s2", "hw1", "7a", first, who="ada").new == 1
    assert book.work("s4").by_hand["hw1"].points == 2


def test_a_marking_of_one_counts_for_all_and_the_last_one_wins(book: Book) -> None:
    book.mark("s1", "hw1", "7a", Marking(("idea",)), who="ada")
    book.mark("s2", "hw1", "7a", Marking((), Fraction(1)), who="alan")
    assert {key: work.by_hand["hw1"].points for key, work in book.works().items()} == {
        "s1": 1,
        "s2": 1,
        "s3": 0,
        "s4": 0,
    }
    found = book.markings("hw1")
    assert {key: (each.student, each.who) for key, each in found.items()} == {
        ("s1", "7a"): ("s2", "alan"),
        ("s2", "7a"): ("s2", "alan"),
    }
    assert book.work("s1") == book.works()["s1"]


def test_projects_extensions_and_excuses_are_each_ones_own(book: Book) -> None:
    enter(book, Score("s1", "report", Fraction(3), Fraction(10), group=PROJECT), Extension("s1", "hw1", 2, "ill"))
    work = book.work("s2")
    assert (work.project, work.extensions) == ({}, {})


def test_who_leaves_a_group_leaves_its_results(book: Book) -> None:
    enter(book, score("s1", 7))
    before = book.entries()[-1].at
    enter(book, Membership("s2", ""))
    assert points(book) == {"s1": [7], "s2": [], "s3": [], "s4": []}
    assert book.work("s1").partners == {}
    assert book.works(before)["s2"].handed_in["hw1"][0].points == 7
    assert book.work("s2", before) == book.works(before)["s2"]
    enter(book, Membership("s1", "a"))
    assert book.entries()[-1].content == Membership("s2", ""), "what is known is not entered again"


def test_merged_students_are_one_member(book: Book) -> None:
    enter(book, Merge("s4", "s1"), score("s4", 6))
    assert points(book) == {"s1": [6], "s2": [6], "s3": []}
    assert book.work("s4").partners_on("hw1") == ("s2",)


KEYS, WHATS, GROUPS = ("s1", "s2", "s3", "s4"), ("hw1", "hw2"), ("", "a", "b")


@settings(derandomize=True, max_examples=100, deadline=None)
@given(
    st.lists(st.builds(Membership, st.sampled_from(KEYS), st.sampled_from(GROUPS), st.sampled_from(("", *WHATS)))),
    st.lists(st.tuples(st.sampled_from(KEYS), st.sampled_from(WHATS), st.integers(0, 10)), max_size=6),
)
def test_any_groups_against_the_rule_itself(memberships: list[Membership], scores: list[tuple[str, str, int]]) -> None:
    """Two hand in together if the last word on each of them for this homework, or else for all, is the same group."""
    contents: list[Content] = [Student(*each) for each in STUDENTS]
    contents += [*memberships, *(score(key, points, what, f"{n}") for n, (key, what, points) in enumerate(scores))]
    entries = [Entry(content, "me", "test", START, place) for place, content in enumerate(contents)]

    def group(key: str, what: str) -> str:
        said = {each.what: each.group for each in memberships if each.student == key}
        return said.get(what, said.get("", ""))

    for key, work in works(entries).items():
        for what in WHATS:
            shared = [
                points
                for by, of, points in scores
                if of == what and (by == key or (group(key, what) and group(by, what) == group(key, what)))
            ]
            assert sorted(each.points for each in work.handed_in.get(what, ())) == sorted(shared)
            others = {each for each in KEYS if each != key and group(each, what) == group(key, what) != ""}
            assert set(work.partners_on(what)) == others


def test_groups_in_words() -> None:
    assert told(Membership("s1", "a")) == "s1: is in group a"
    assert told(Membership("s1", "", "hw2")) == "s1: hands in alone for hw2"
    assert told(Marked("s1", "hw1", "7a")).startswith("s1: hw1 7a")

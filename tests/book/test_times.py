"""Several times of one piece of work, and which hand-in is the last: nobody is charged for what we heard later."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import permutations

import pytest

from grader.book.entered import grouped, of_somebody_else, with_known_times
from grader.book.policy import Policy
from grader.book.rows import Content, Entry, Membership, Merge, Score, Student
from grader.book.standing import IN_TIME, may_count
from grader.book.store import Book
from grader.book.times import FILE_DATE, Rank, Time, with_time

START = datetime(2027, 3, 1, 12, tzinfo=UTC)
GRADESCOPE = "Gradescope's metadata"
HOMEWORKS = [{"name": "hw1", "weight": 1}]


def day(number: int) -> datetime:
    return START + timedelta(days=number)


@pytest.fixture
def book(url: str) -> Iterator[Book]:
    with Book.open(url) as book:
        book.enter([Student("ada", "Ada"), Student("alan", "Alan"), Student("ada2", "Ada again")], who="me", why="test")
        yield book


def score(points: int, at: int | None, by: str = GRADESCOPE, work: str = "f", who: str = "ada") -> Score:
    when = None if at is None else day(at)
    return Score(
        who, "hw1", Fraction(points), Fraction(10), when, "run/s1.json", work, timed_by="" if at is None else by
    )


def enter(book: Book, *contents: Content) -> None:
    for content in contents:
        (known,) = with_known_times([content], book.entries())
        book.enter([known], who="me", why="results of hw1")


def hand_ins(book: Book, who: str = "ada") -> list[tuple[int, int | None]]:
    """Points and days, in the order of hand-ins."""
    found = book.work(who).handed_in.get("hw1", ())
    return [(int(each.points), None if each.at == IN_TIME else (each.at - START).days) for each in found]


@pytest.mark.parametrize(("by", "rank"), [(FILE_DATE, 0), (GRADESCOPE, 1), ("", 1), ("times.csv", 2)])
def test_who_says_so_decides(by: str, rank: int) -> None:
    assert Time(START, by).rank is Rank(rank)


def test_the_order_in_which_sources_are_heard_does_not_matter() -> None:
    told = [Time(day(3), FILE_DATE), Time(day(2), FILE_DATE), Time(day(5), GRADESCOPE), Time(day(4), GRADESCOPE)]
    for left_out, expected in ((0, told[3:1:-1]), (2, [told[1]])):
        for order in permutations(told[: len(told) - left_out]):
            times: tuple[Time, ...] = ()
            for each in order:
                times = with_time(times, each)
            assert list(times) == expected


def test_a_table_of_the_staffs_corrects_and_stands(book: Book) -> None:
    enter(book, score(7, 3), score(7, 1, "times.csv"), score(8, 3), score(8, 9, FILE_DATE), score(9, None))
    assert hand_ins(book) == [(9, 1)]
    enter(book, score(9, 2, "corrected.csv"))
    assert hand_ins(book) == [(9, 2)]


def test_the_same_work_handed_in_twice_is_there_twice(book: Book) -> None:
    """A corrected `written.md` is enough for that: the first hand-in was in time, and may be the one that counts."""
    enter(book, score(7, 1), score(7, 4))
    assert hand_ins(book) == [(7, 1), (7, 4)]
    enter(book, score(8, None))
    assert hand_ins(book) == [(8, 1), (8, 4)], "a regrade is of the work"
    last_before = {"counts": "last before", "until": {"hw1": day(2).replace(tzinfo=None)}, "zone": "UTC"}
    policy = Policy.model_validate({"homeworks": HOMEWORKS, "late_days": 0, **last_before})
    assert [each.at for each in may_count(policy, book.work("ada"), "hw1")] == [day(1)]


def test_a_newer_hand_in_without_a_time_is_the_last(book: Book) -> None:
    enter(book, score(2, 1, work="old"), score(9, None, work="new"))
    assert hand_ins(book) == [(2, 1), (9, None)]
    enter(book, score(5, 3, work="later"), score(8, None, work="new"), score(3, 1, work="old"))
    assert hand_ins(book) == [(3, 1), (8, None), (5, 3)], "and its regrade stays where it was"


def test_an_import_without_times_may_run_again_also_after_a_merge(book: Book) -> None:
    enter(book, score(7, 3, who="ada2"))
    book.enter([Merge("ada2", "ada")], who="me", why="one person")
    enter(book, score(7, None))
    assert hand_ins(book) == [(7, 3)]
    number = len(book.entries())
    enter(book, score(7, None), score(7, 3))
    assert len(book.entries()) == number


def test_a_group_of_the_staffs_is_not_left_by_a_regrade() -> None:
    def entries(group: str) -> list[Entry]:
        contents: list[Content] = [score(7, 1), Membership("ada", group, "hw1"), Membership("alan", group, "hw1")]
        return [Entry(content, "me", "", START, place) for place, content in enumerate(contents)]

    assert grouped(entries("s1"), "hw1") == {"ada", "alan"}
    assert grouped(entries("team A"), "hw1") == set()


def test_what_was_entered_for_somebody_else_is_found() -> None:
    """A roster was corrected: the score must not count for both."""
    entries = [Entry(score(7, 1), "me", "", START)]
    of_alan = score(8, 1, who="alan")
    assert of_somebody_else([of_alan], entries) == {of_alan: entries[0]}
    assert of_somebody_else([score(8, 1)], entries) == {}
    assert of_somebody_else([score(8, 1, who="alan", work="g")], entries) == {}
    together = [Membership(who, "s1", "hw1") for who in ("ada", "alan")]
    assert of_somebody_else([of_alan], entries, together) == {}
    merge = Entry(Merge("alan", "ada"), "me", "", START, 1)
    assert of_somebody_else([of_alan], [Entry(Student("alan", "A"), "", "", START), *entries, merge]) == {}

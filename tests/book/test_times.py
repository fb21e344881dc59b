"""Several times of one piece of work, and which hand-in is the last: nobody is charged for what we heard later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import permutations

import pytest

from grader.book.entered import grouped, grouped_by_staff, of_somebody_else, outdated, with_known_times
from grader.book.policy import Policy
from grader.book.rows import Content, Entry, Membership, Merge, Pending, Score, Student
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


@pytest.mark.parametrize(
    ("by", "rank"),
    [
        (FILE_DATE, 0),
        (GRADESCOPE, 1),
        ("", 1),
        ("Blackboard's name for it", 1),
        ("times.csv", 2),
        ("Moodle times.csv", 2),
    ],
)
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


def test_one_without_a_time_stays_the_last_when_an_older_one_gets_or_changes_its_time(book: Book) -> None:
    enter(book, score(3, None, work="old"), score(9, None, work="new"), score(3, 1, work="old"))
    assert hand_ins(book) == [(3, 1), (9, None)]
    enter(book, score(3, 2, "times.csv", work="old"))
    assert hand_ins(book) == [(3, 2), (9, None)]
    enter(book, score(5, 4, work="third"), score(3, 3, "times.csv", work="old"))
    assert hand_ins(book) == [(3, 3), (9, None), (5, 4)]


def test_what_waits_to_be_graded_ends_with_any_score_and_may_begin_again(book: Book) -> None:
    def told(*contents: Content) -> tuple[int, bool]:
        known = with_known_times(contents, book.entries())
        new = book.enter(known, who="me", why="results of hw1").new
        return new, "hw1" in book.work("ada").pending

    failed = Pending("ada", "hw1", "g")
    assert told(score(8, 1)) == (1, False)
    assert told(score(8, 1), failed) == (1, True), "an earlier grade, and a newer hand-in that we failed to judge"
    assert told(score(8, 1), failed) == (0, True), "the same import"
    assert told(score(8, 1)) == (1, False), "the student went back to the first, or a regrade gave the same"
    assert told(score(8, 1)) == (0, False)
    assert told(failed) == (1, True)
    assert told(failed) == (0, True)
    assert told(score(8, 1, work="g")) == (1, False)


def test_a_newer_grading_of_the_same_points_is_remembered(book: Book) -> None:
    from_old_folder = replace(score(7, 1), graded_at=day(20))
    enter(book, replace(score(5, 1), graded_at=day(10)), replace(score(5, 1), graded_at=day(30)))
    assert list(outdated([from_old_folder], book.entries())) == [from_old_folder]


def test_an_import_without_times_may_run_again_also_after_a_merge(book: Book) -> None:
    enter(book, score(7, 3, who="ada2"))
    book.enter([Merge("ada2", "ada")], who="me", why="one person")
    enter(book, score(7, None))
    assert hand_ins(book) == [(7, 3)]
    number = len(book.entries())
    enter(book, score(7, None), score(7, 3))
    assert len(book.entries()) == number


def test_a_group_of_the_staffs_is_not_left_by_a_regrade() -> None:
    def entries(why: str) -> list[Entry]:
        contents: list[Content] = [score(7, 1), Membership("ada", "s1", "hw1"), Membership("alan", "s1", "hw1")]
        return [Entry(content, "me", why, START, place) for place, content in enumerate(contents)]

    assert grouped(entries("results of hw1"), "hw1") == {"ada", "alan"}
    assert grouped(entries("groups.csv"), "hw1") == set()
    assert grouped_by_staff(entries("groups.csv"), "hw1") == {"ada", "alan"}
    assert grouped_by_staff(entries("results of hw1"), "hw1") == set()


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

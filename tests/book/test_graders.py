"""Who is strict: what each grader gave, how that differs from the others, and how long an answer took."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from grader.book.graders import of_graders, took
from grader.book.rows import Given
from grader.hand.marking import Marking

from .test_standing import RUBRIC

START = datetime(2027, 3, 1, 9, tzinfo=UTC)


def given(*said: tuple[str, str, str, Fraction | int, int]) -> list[Given]:
    """Who, whose answer, to which question, points, and seconds after the start."""
    return [
        Given(student, f"7{question}", Marking((), Fraction(points)), who, START + timedelta(seconds=at), str(number))
        for number, (who, student, question, points, at) in enumerate(said)
    ]


def lines(said: Sequence[Given]) -> dict[tuple[str, str], tuple[object, ...]]:
    return {
        (each.who, each.question): (each.answers, each.share, each.difference, each.twice, each.twice_difference)
        for each in of_graders(RUBRIC, said)
    }


def test_a_strict_grader_is_seen() -> None:
    """7a gives 2 points, 7b 3. Both graders marked s1's 7a."""
    said = given(
        ("ada", "s1", "a", 2, 0),
        ("ada", "s2", "a", 1, 60),
        ("alan", "s1", "a", 1, 90),
        ("alan", "s3", "a", 1, 120),
        ("alan", "s3", "b", 3, 180),
    )
    quarter, half = Fraction(1, 4), Fraction(1, 2)
    assert lines(said) == {
        ("ada", ""): (2, 3 * quarter, quarter, 1, half),
        ("ada", "7a"): (2, 3 * quarter, quarter, 1, half),
        ("alan", ""): (3, Fraction(2, 3), -quarter, 1, -half),
        ("alan", "7a"): (2, half, -quarter, 1, -half),
        ("alan", "7b"): (1, 1, None, 0, None),
    }


def test_the_last_marking_of_each_grader_counts() -> None:
    said = given(("ada", "s1", "a", 2, 0), ("ada", "s1", "a", 0, 5))
    assert lines(said)["ada", "7a"] == (1, 0, None, 0, None)


def test_what_the_rubric_does_not_have_any_more_is_left_out() -> None:
    gone = Given("s1", "7a", Marking(("old",)), "ada", START, "x")
    stray = Given("s1", "7x", Marking(), "ada", START, "y")
    assert of_graders(RUBRIC, [gone, stray]) == []
    assert lines([gone, stray, *given(("ada", "s2", "a", 1, 9))])["ada", ""][0] == 1


def test_the_time_of_an_answer_ends_with_its_last_key() -> None:
    """s2 takes from 0:10 to 0:40, s3 to 1:00. Then there is a break of an hour."""
    said = given(
        ("ada", "s1", "a", 1, 0),
        ("ada", "s1", "a", 2, 10),
        ("ada", "s2", "a", 1, 25),
        ("ada", "s2", "a", 2, 40),
        ("ada", "s3", "b", 1, 60),
        ("ada", "s4", "a", 1, 3660),
    )
    assert took(said) == timedelta(seconds=25)
    assert (took(said, "7a"), took(said, "7b")) == (timedelta(seconds=30), timedelta(seconds=20))
    assert took(said, long_break=timedelta(hours=2)) == timedelta(seconds=(30 + 20 + 3600) / 3)


def test_markings_from_a_table_took_no_time() -> None:
    assert took(given(("ada", "s1", "a", 1, 0), ("ada", "s2", "a", 1, 0), ("ada", "s3", "a", 1, 0))) is None
    assert took([]) is None

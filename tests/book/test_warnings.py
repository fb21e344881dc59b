"""What is told though nothing is wrong by itself, in words that name who and what."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from grader.book import warnings
from grader.book.rows import Content, Entry, Marked, Membership, Merge, Score, Student, Withdrawn, works

from .test_standing import COURSE

NOW = datetime(2027, 3, 1, tzinfo=UTC)
STUDENTS = [Student("ada", "Ada"), Student("alan", "Alan"), Student("eve", "Eve")]
ZERO, TWO = (Marked(who, "hw1", "7a", (), Fraction(points)) for who, points in (("ada", 0), ("alan", 2)))


def entries(*contents: Content) -> list[Entry]:
    return [Entry(content, "me", "test", NOW, place) for place, content in enumerate([*STUDENTS, *contents])]


def together(*who: str) -> list[Content]:
    return [Membership(each, "a", "hw1") for each in who]


@pytest.mark.parametrize("new", [[Merge("ada", "alan")], [Merge("alan", "ada")], together("ada", "alan")])
def test_answers_that_were_marked_apart_are_told(new: list[Content]) -> None:
    (line,) = warnings.marked_apart(entries(TWO, ZERO), new)
    assert line.startswith("hw1 7a of ada and alan was marked differently")
    assert "the last, that of ada." in line


@pytest.mark.parametrize(
    ("before", "new"),
    [
        ([TWO, ZERO], together("ada", "eve")),
        ([TWO], [Merge("ada", "alan")]),
        ([TWO, Marked("ada", "hw1", "7a", (), Fraction(2))], [Merge("ada", "alan")]),
        ([*together("ada", "alan"), TWO, ZERO], together("eve")),
        ([Merge("ada", "alan"), TWO, ZERO], together("eve")),
    ],
)
def test_what_was_marked_together_or_alike_is_not_told(before: list[Content], new: list[Content]) -> None:
    assert list(warnings.marked_apart(entries(*before), new)) == []


def test_the_marking_that_counts_is_named() -> None:
    again = Marked("ada", "hw1", "7a", (), Fraction(1))
    (line,) = warnings.marked_apart(entries(ZERO, TWO, again), [Merge("ada", "alan")])
    assert "the last, that of ada." in line


def test_hand_ins_that_are_lost_are_told() -> None:
    score = Score("ada", "hw1", Fraction(3), Fraction(4))
    alone, both = works(entries(score)), works(entries(score, *together("ada", "alan")))
    assert list(warnings.hand_ins_lost(both, alone)) == ["alan: 1 hand-in of hw1 counted, and now 0. Is that meant?"]
    assert list(warnings.hand_ins_lost(alone, both)) == list(warnings.hand_ins_lost(both, both)) == []


def test_what_was_withdrawn_and_comes_back_is_told() -> None:
    score = Score("ada", "hw1", Fraction(3), Fraction(4))
    whole = entries(score)
    withdrawn = [*whole, Entry(Withdrawn(whole[-1].id), "me", "copied", NOW, 9)]
    (line,) = warnings.entered_again(withdrawn, [score])
    assert line.startswith(f"entry {whole[-1].id} was withdrawn")
    assert list(warnings.entered_again(whole, [score])) == []


def test_an_entry_that_is_still_to_come_is_told() -> None:
    assert list(warnings.ahead_of_time(entries(), NOW)) == []
    (line,) = warnings.ahead_of_time(entries(), NOW - timedelta(days=2))
    assert "2027-03-01 00:00 UTC, which is still to come" in line


def test_scores_of_homeworks_that_the_course_does_not_have_are_told() -> None:
    def told(name: str) -> list[str]:
        return list(warnings.unknown_homeworks(entries(Score("ada", name, Fraction(3), Fraction(4))), COURSE))

    assert told("hw1") == []
    assert [line.split(":")[0] for line in told("hw1_old")] == ["hw1_old"]

"""Whose answers a review shows: of those who hand in together only what was handed in."""

from __future__ import annotations

from pathlib import Path

from grader.book.rows import Excused, Membership, Student
from grader.book.store import Book
from grader.commands.review import _both_handed_in, to_mark
from grader.intake.entry import Entry
from grader.review.classes import Handed

KEYS = ("ada", "alan", "emmy", "kurt", "sofya")


def test_a_partner_without_a_hand_in_has_no_answers_to_mark(tmp_path: Path) -> None:
    entry = (Entry("x", tmp_path),)
    with Book.open(f"sqlite:///{tmp_path / 'book.db'}") as book:
        contents = [*(Student(key, key) for key in KEYS), Membership("ada", "g"), Membership("alan", "g")]
        excused = [Excused("kurt", "hw1", "ill"), Excused("emmy", "hw1", "ill")]
        book.enter([*contents, *excused], who="me", why="test")
        handed = Handed({"ada": entry, "emmy": entry})
        assert list(to_mark(book, "hw1", handed)) == ["ada", "emmy", "sofya"]
        assert _both_handed_in(book, "hw1", handed) == []
        both = Handed({"ada": entry, "alan": entry})
        assert list(to_mark(book, "hw1", both)) == ["ada", "alan", "sofya"]
        (said,) = _both_handed_in(book, "hw1", both)
        assert said.startswith("ada and alan hand in together")

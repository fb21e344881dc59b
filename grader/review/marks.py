"""What a review needs of a gradebook, and the gradebook that gives it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol

from grader.book.claims import Claim
from grader.book.rows import Given
from grader.book.store import Book, BookError, MarkedMeanwhile
from grader.hand.marking import Marking, NoSuchItem, points_of
from grader.hand.rubric import Rubric


class NotAsked(ValueError):
    """What was marked is not in the book any more: to try again would change nothing."""


class Marks(Protocol):
    """Markings of one homework. Everything may raise `BookError`, and then nothing was saved."""

    def newest(self) -> int:
        """A number that grows with every entry."""

    def rubric(self) -> Rubric:
        """The rubric in force."""

    def history(self) -> Sequence[Given]:
        """All markings, in the order of their moments."""

    def save(
        self, student: str, question: str, marking: Marking, who: str, replaces: Callable[[Given | None], bool]
    ) -> str:
        """Saves a marking, on disk when this returns, and says what its entry is called.

        Raises `MarkedMeanwhile` where `replaces` says that what counts now may not be replaced, and `NotAsked` where
        the book has no such student, question or item any more.
        """

    def claim(self, question: str, student: str, who: str, page: str, for_s: float) -> Claim:
        """Takes an answer for a while: the claim that stands afterwards."""

    def claims(self) -> Sequence[Claim]:
        """Who looks at what now."""


class BookMarks:
    """The markings of a homework in a gradebook."""

    def __init__(self, book: Book, homework: str) -> None:
        self._book, self._homework = book, homework

    def newest(self) -> int:
        return self._book.newest()

    def rubric(self) -> Rubric:
        if (rubric := self._book.rubric(self._homework)) is None:
            raise BookError(f"{self._homework} has no rubric in the book.")
        return rubric

    def history(self) -> Sequence[Given]:
        return self._book.all_markings(self._homework)

    def save(
        self, student: str, question: str, marking: Marking, who: str, replaces: Callable[[Given | None], bool]
    ) -> str:
        seen: list[Given | None] = []

        def may_replace(given: Given | None) -> bool:
            seen[:] = [given]
            return replaces(given)

        try:
            entered = self._book.mark(
                student, self._homework, question, marking, who=who, why="review", replaces=may_replace
            )
        except MarkedMeanwhile:
            raise
        except BookError:
            self._check(student, question, marking)
            raise
        if entered.entries:
            return entered.entries[0].id
        return seen[0].entry if seen[0] else ""

    def _check(self, student: str, question: str, marking: Marking) -> None:
        """Raises `NotAsked` where the book has no such thing, and `BookError` where it does not answer."""
        asked = self.rubric().question(question)
        if asked is None:
            raise NotAsked(f"The rubric does not have question {question} any more, so nobody can mark it.")
        try:
            points_of(asked, marking)
        except NoSuchItem as error:
            raise NotAsked(str(error)) from None
        if student not in self._book.students():
            raise NotAsked("The student of this answer was taken out of the book, so nobody can mark it.")

    def claim(self, question: str, student: str, who: str, page: str, for_s: float) -> Claim:
        until = datetime.now(UTC) + timedelta(seconds=for_s)
        return self._book.claim(self._homework, question, student, who, page, until)

    def claims(self) -> Sequence[Claim]:
        return self._book.claims(self._homework)

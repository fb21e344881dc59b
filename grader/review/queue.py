"""The answers of a review in the order in which they are shown. Pure functions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Literal

By = Literal["question", "student"]


@dataclass(frozen=True)
class Task:
    """One answer to be marked. `id` names it on the page, and says nothing of the student."""

    id: str
    student: str
    question: str


def tasks(
    students: Sequence[str], questions: Sequence[str], *, by: By = "question", shuffled_for: str = "", secret: str = ""
) -> tuple[Task, ...]:
    """All answers in order. With `shuffled_for`, the name of a grader, students come in an order of that grader's.

    That order is another one for each question, and the same whenever it is asked for.
    """

    def order(question: str) -> Sequence[str]:
        if not shuffled_for:
            return students
        return sorted(students, key=lambda student: _digest("", shuffled_for, question, student))

    def task(student: str, question: str) -> Task:
        return Task(_digest(secret, student, question)[:16], student, question)

    if by == "student":
        return tuple(task(student, question) for student in order("") for question in questions)
    return tuple(task(student, question) for question in questions for student in order(question))


def following(tasks: Sequence[Task], after: str, wanted: Callable[[Task], bool]) -> Iterable[Task]:
    """The tasks that are wanted, from the one after `after` on, round to the beginning and up to `after`."""
    places = {task.id: place for place, task in enumerate(tasks)}
    start = places.get(after, -1) + 1
    return (task for task in (*tasks[start:], *tasks[:start]) if task.id != after and wanted(task))


def _digest(key: str, *words: str) -> str:
    said = "\0".join(words)
    return blake2b(said.encode(), key=key.encode()[:64], digest_size=16).hexdigest()

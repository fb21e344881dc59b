"""What a book of many students costs: `python tests/book/measure_book.py 300`. Figures of docs/book.md are from here.

Six homeworks of eight marked questions each. Seconds are of CPU time, but for a marking, which is by the clock.
"""

from __future__ import annotations

import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

from grader.book.graders import of_graders
from grader.book.page import page_of
from grader.book.policy import Policy, policy_of
from grader.book.rows import Entry, Marked, Score, Student
from grader.book.standing import standing, standings
from grader.book.store import Book
from grader.course.assignment import Homework, load_course
from grader.hand.marking import Marking
from grader.hand.rubric import Item, Question, Rubric

QUESTIONS, ITEMS = "abcdefgh", 6
END = datetime(2027, 6, 10, tzinfo=UTC)


def six_homeworks(policy: Policy, drops: int) -> Policy:
    """The course's rules with one homework more."""
    more = Homework(name="hw5_extra", weight=Fraction(1, 10))
    others = [
        each.model_copy(update={"weight": Fraction(1, 10)}) if not each.optional else each for each in policy.homeworks
    ]
    due = {**policy.due, more.name: datetime(2027, 6, 4, 23, 59)}
    return policy.model_copy(update={"homeworks": (*others, more), "due": due, "drops": drops})


def rubric(homework: str) -> Rubric:
    items = tuple(Item(id=f"i{number}", points=Fraction(1, 2), text="t") for number in range(ITEMS))
    questions = tuple(
        Question(id=f"7{id}", problem="7", title="t", points=Fraction(2), items=items) for id in QUESTIONS
    )
    return Rubric(homework=homework, questions=questions, by_checks=Fraction(40))


def entries(homework: str, students: int, chance: random.Random) -> Iterator[Entry]:
    """A score and all markings of everybody."""
    place = 0
    for number in range(students):
        key, at = f"s{number}", END - timedelta(days=chance.randint(6, 100))
        score = Score(key, homework, Fraction(chance.randint(0, 40)), Fraction(40), at, "r.json", f"{number}{homework}")
        markings = [
            Marked(key, homework, f"7{id}", tuple(f"i{each}" for each in range(chance.randint(0, ITEMS))))
            for id in QUESTIONS
        ]
        for content in (score, *markings):
            yield Entry(content, f"grader {number % 5}", "measured", END, place := place + 1)


def took(work: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    began = clock()
    work()
    return clock() - began


def main(students: int, drops: int) -> None:
    policy, chance = six_homeworks(policy_of(load_course(Path(__file__))), drops), random.Random(1)
    names = [homework.name for homework in policy.homeworks]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "book.db")
        with Book.open(f"sqlite:///{file}") as book:
            book.enter([Student(f"s{number}", f"Student {number}") for number in range(students)], who="m", why="m")
            for name in names:
                book.enter_rubric(rubric(name), who="m", why="m")
                book.restore(entries(name, students, chance))
            print(f"{students} students: {file.stat().st_size / 1e6:.0f} MB on the disk")
            print(f"all grades, drops {drops}: {took(lambda: standings(policy, book.works())):.2f} s")
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            print(f"peak memory so far: {peak / 1e3:.0f} MB")
            alone = [took(lambda key=f"s{number}": standing(policy, book.work(key))) for number in range(20)]
            print(f"one student's grade: {1000 * statistics.median(alone):.0f} ms")
            work = book.work("s1")
            print(f"a page: {1000 * took(lambda: page_of(policy, 's1', work, standing(policy, work))):.0f} ms")
            every = book.all_markings(names[1])
            print(f"graders of one homework: {took(lambda: of_graders(rubric(names[1]), every)):.2f} s")

            def mark(number: int) -> None:
                book.mark(f"s{number}", names[1], "7a", Marking((), Fraction(number, 99)), who="b")

            marks = [took(lambda n=number: mark(n), time.time) for number in range(20)]
            print(f"entering a marking: {1000 * statistics.median(marks):.0f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300, int(sys.argv[2]) if len(sys.argv) > 2 else 0)

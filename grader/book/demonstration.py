"""A course that everybody can look at: twelve students, of whom each shows a rule."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from grader.book.lateness import due_at
from grader.book.policy import Policy
from grader.book.rows import Alias, Content, Excused, Extension, Score, Student
from grader.book.standing import PROJECT

OF = Fraction(40)
# Points and days late for each homework in turn, the share of the project in percent, and what the student shows.
STUDENTS: tuple[tuple[str, str, tuple[tuple[int, int] | None, ...], int], ...] = (
    ("ada", "Ada Lovelace", ((40, 0), (40, 0), (40, 0), (40, 0), None), 100),  # all in time
    ("alan", "Alan Turing", ((36, 3), (40, 3), (31, 3), (38, 0), None), 80),  # more late than there are late days
    ("emmy", "Emmy Noether", ((40, 0), (22, 0), (25, 0), (20, 0), (40, 0)), 95),  # HW4 in place of homework
    ("grace", "Grace Hopper", ((40, 0), (39, 0), (38, 1), (40, 0), (37, 0)), 55),  # HW4 in place of the project
    ("kurt", "Kurt Gödel", ((40, 0), (35, 0), (36, 0), (38, 0), (9, 0)), 90),  # HW4 that helps nothing
    ("sofya", "Sofya Kovalevskaya", ((38, 0), (37, 5), (36, 0), (40, 0), None), 85),  # an extension
    ("emile", "Émile Borel", ((33, 0), None, (35, 0), (30, 2), None), 75),  # excused from one
    ("chandra", "Chandra Bose", ((40, 1), (40, 1), (40, 1), (40, 1), None), 88),  # a little late each time
    ("mary", "Mary Cartwright", ((20, 0), (18, 4), None, (25, 6), None), 60),  # beyond the late days
    ("leonhard", "Leonhard Euler", ((40, 0), (40, 0), (40, 0), None, (30, 2)), 92),  # one is missing
    ("hypatia", "Hypatia", ((12, 0), (20, 0), (28, 0), (36, 0), None), 70),  # better each time
    ("nicolas", "Nicolas Bourbaki", (None, None, None, None, None), 0),  # never came
)


def demonstration(policy: Policy) -> Iterator[Content]:
    """All entries of the course, as rosters, results and people would bring them."""
    zone = ZoneInfo(policy.zone)
    for key, name, points, project in STUDENTS:
        yield Student(key, name)
        yield Alias(key, "results", key)
        for homework, of in zip(policy.homeworks, points, strict=False):
            if of is not None:
                earned, late = of
                due = policy.due.get(homework.name)
                at = due_at(due, zone, late) - timedelta(minutes=30) if due else None
                source = f"results/{homework.name}/{key}.json"
                yield Score(key, homework.name, Fraction(earned), OF, at, source, f"{key}-{homework.name}")
        for part in policy.project if project else ():
            yield Score(key, part.name, part.points * project / 100, part.points, None, "project.csv", "", PROJECT)
    names = [homework.name for homework in policy.homeworks]
    yield Extension("sofya", names[1], 4, "a family matter")
    yield Excused("emile", names[1], "ill for three weeks")

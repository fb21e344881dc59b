"""A course that everybody can look at: fifteen students, of whom each shows a rule."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from grader.book.lateness import due_at
from grader.book.policy import Policy
from grader.book.rows import Alias, Content, Excused, Extension, Marked, Membership, Score, Student, contents_of
from grader.book.standing import PROJECT
from grader.hand.rubric import Item, Question, Rubric

OF = Fraction(40)
GRADERS = ("Maryam", "Karen")
# What people grade, 10 points of each homework: a question's id, title and points, and its items.
QUESTIONS: tuple[tuple[str, str, int, tuple[tuple[str, int, str], ...]], ...] = (
    ("7a", "The experiment", 4, (("table", 2, "the table"), ("figure", 2, "the figure"), ("seeds", -1, "one seed"))),
    ("7b", "The reason", 6, (("step", 3, "each step"), ("sum", 2, "the sum"), ("word", 1, "in words"))),
)
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
    ("marie", "Marie Curie", ((40, 0), (36, 0), (38, 0), (40, 0), None), 90),  # hands in with Pierre
    ("pierre", "Pierre Curie", (None, None, None, None, None), 80),  # has what Marie handed in
    ("karl", "Carl Friedrich Gauß", ((40, 0), (40, 0), (40, 0), (40, 0), None), 95),  # HW3 is not all marked yet
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
    yield from (Membership(key, "the Curies") for key in ("marie", "pierre"))
    for name in names:
        yield from contents_of(rubric(name))


def rubric(homework: str) -> Rubric:
    """What people grade of each homework."""
    made = [
        Question(
            id=name,
            problem="7",
            title=title,
            points=Fraction(points),
            items=tuple(Item(id=item, points=Fraction(worth), text=text) for item, worth, text in items),
        )
        for name, title, points, items in QUESTIONS
    ]
    return Rubric(homework=homework, questions=tuple(made), by_checks=OF)


def marks(policy: Policy) -> dict[str, list[Content]]:
    """What each grader gave: of 10 points as much as the checks gave of 40. One answer both of them marked."""
    given = dict[str, list[Content]]({grader: [] for grader in GRADERS})
    names = [homework.name for homework in policy.homeworks]
    for number, (key, _, points, _) in enumerate(STUDENTS):
        for homework, of in zip(names, points, strict=False):
            if of is None:
                continue
            for question in rubric(homework).questions:
                if (key, homework, question.id) != ("karl", names[-2], "7b"):
                    marked = _marked(key, homework, question, question.points * of[0] / OF)
                    given[GRADERS[number % len(GRADERS)]].append(marked)
    given[GRADERS[1]].insert(
        0, Marked("ada", names[0], "7a", ("table", "figure"), Fraction(-1, 2), "the axes have no names")
    )
    return given


def _marked(student: str, homework: str, question: Question, points: Fraction) -> Marked:
    """The first items that fit into these points, and an adjustment for the rest."""
    items, left = list[str](), points
    for item in question.items:
        if 0 < item.points <= left:
            items.append(item.id)
            left -= item.points
    return Marked(student, homework, question.id, tuple(items), left, "almost there" if left else "")

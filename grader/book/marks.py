"""Points by hand as a table: `student,homework,question` and `points`, `items` or both, and a `comment`.

    student,homework,question,points,items,comment
    ada,hw0,7a,,table figure,
    alan,hw0,7a,0.5,,no table
    emmy,hw0,8a,1.5,constant cancels,the slope is there by half

Items are ids of the rubric with spaces between them. Points alone are an adjustment of nothing; points beside items are
what the items and an adjustment give together.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from grader.book.lines import Line, taken
from grader.book.policy import Policy
from grader.book.tables import read_table, shown
from grader.course.points import decimal
from grader.errors import CourseError
from grader.hand.marking import Marking, points_of
from grader.hand.rubric import Question, Rubric
from grader.intake.names import folded

_BETWEEN = re.compile(r"[\s,;]+")


@dataclass(frozen=True)
class MarkedAnswer:
    """One line: whose answer to which question, and what it was given."""

    student: str
    homework: str
    question: str
    marking: Marking
    line: int


def read_marks(path: Path, policy: Policy, rubrics: Mapping[str, Rubric]) -> tuple[MarkedAnswer, ...]:
    """The markings in a table. Raises `CourseError` with all that is wrong, by line and column."""

    def marked(line: Line) -> MarkedAnswer:
        student, homework = line.text("student"), line.homework("homework", policy)
        question = _question(line, homework, rubrics)
        marking = _marking(line, question) if question else Marking()
        return MarkedAnswer(student, homework, question.id if question else "", marking, line.row.line)

    table = read_table(path, ("student", "homework", "question"), ("points", "items", "comment"))
    if not {"points", "items"} & set(table.columns):
        raise CourseError(f"{path}: has neither a column 'points' nor a column 'items'. Add one of them.")
    return taken(table, marked, lambda each: (each.student, each.homework, each.question))


def _question(line: Line, homework: str, rubrics: Mapping[str, Rubric]) -> Question | None:
    text = line.text("question")
    if not homework or not text:
        return None
    if homework not in rubrics:
        what = f"{homework} has no rubric in the book. Enter it first: book rubric {homework}."
        return line.wrong("homework", what, None)
    questions = rubrics[homework].questions
    found = next((each for each in questions if folded(each.id) == folded(text)), None)
    if found is None:
        there = ", ".join(each.id for each in questions)
        return line.wrong("question", f"{shown(text)} is no question of {homework}. There is: {there}.", None)
    return found


def _marking(line: Line, question: Question) -> Marking:
    cells = line.row.cells
    comment, items = cells.get("comment", ""), _items(line, question)
    if not cells.get("points"):
        if not cells.get("items"):
            line.wrong("points", "is empty, and no items are named. Write points, items or both.", None)
        return Marking(items, Fraction(0), comment)
    points = line.points("points")
    if not question.floor <= points <= question.points:
        least = f"from {decimal(question.floor)} to {decimal(question.points)}"
        what = f"{shown(cells['points'])} is not what {question.id} can give: {least}. Correct it."
        return Marking(items, line.wrong("points", what, Fraction(0)), comment)
    by_items = Marking(items, Fraction(0), comment)
    if items and points == points_of(question, by_items):
        return by_items
    worth = sum((item.points for item in question.items if item.id in items), Fraction(0))
    return Marking(items, points - worth, comment)


def _items(line: Line, question: Question) -> tuple[str, ...]:
    known = {folded(item.id): item.id for item in question.items}
    found = list[str]()
    for name in filter(None, _BETWEEN.split(line.row.cells.get("items", ""))):
        if folded(name) not in known:
            there = ", ".join(known.values()) or "none"
            line.wrong("items", f"{shown(name)} is no item of {question.id}. There is: {there}.", None)
        elif known[folded(name)] in found:
            line.wrong("items", f"{shown(name)} stands there twice. Remove one.", None)
        else:
            found.append(known[folded(name)])
    return tuple(found)

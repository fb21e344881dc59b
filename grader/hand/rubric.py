"""The rubric of a homework: what people give points for, question by question (`solutions/<hw>/rubric.toml`).

    [[questions]]
    problem = "7"
    id = "7a"
    title = "The planted run"
    points = 1                    # the most that the question gives

    [[questions.items]]
    id = "table"
    points = "1/2"                # exact; below 0 it takes points away
    text = "a table of five seeds"

Several items may apply to one answer. `floor` of a question is the least that it gives, 0 unless it says otherwise.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from grader.course.assignment import Assignment, read_text
from grader.course.points import Points, decimal
from grader.errors import CourseError

RUBRIC = "rubric.toml"
Strict = ConfigDict(extra="forbid", frozen=True)
Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$")]
Line = Annotated[str, Field(min_length=1, max_length=1000)]


class Item(BaseModel):
    """One line of a question's rubric. What it is worth may be below 0."""

    model_config = Strict
    id: Id
    points: Points
    text: Line


class Question(BaseModel):
    """A question that people grade. It gives at most `points`, and at least `floor`."""

    model_config = Strict
    id: Id
    problem: Annotated[str, Field(min_length=1)]
    title: Line
    points: Annotated[Points, Field(gt=0)]
    floor: Annotated[Points, Field(ge=0)] = Fraction(0)
    items: tuple[Item, ...] = ()

    @model_validator(mode="after")
    def gives_what_it_says(self) -> Question:
        _once([item.id for item in self.items], f"{self.id}: item")
        if self.floor > self.points:
            raise ValueError(f"{self.id}: the floor, {decimal(self.floor)}, is above its {decimal(self.points)} points")
        reached = sum((item.points for item in self.items if item.points > 0), Fraction(0))
        if reached < self.points:
            raise ValueError(
                f"{self.id}: its items give {decimal(reached)} points at most, and the question has "
                f"{decimal(self.points)}. Add items, or correct the points"
            )
        return self

    def item(self, name: str) -> Item | None:
        """The item with this id; None if there is none."""
        return next((item for item in self.items if item.id == name), None)


class Rubric(BaseModel):
    """The questions of a homework. `by_checks` is what its checks give: with the questions, all points."""

    model_config = Strict
    homework: Annotated[str, Field(min_length=1)]
    questions: tuple[Question, ...]
    by_checks: Annotated[Points, Field(ge=0)] = Fraction(0)

    @model_validator(mode="after")
    def questions_are_told_apart(self) -> Rubric:
        _once([question.id for question in self.questions], "question")
        return self

    @property
    def points(self) -> Fraction:
        """What all questions give together."""
        return sum((question.points for question in self.questions), Fraction(0))

    def question(self, name: str) -> Question | None:
        """The question with this id; None if there is none."""
        return next((question for question in self.questions if question.id == name), None)


def rubric_of(assignment: Assignment) -> Rubric:
    """The rubric in the homework's solution. Raises `CourseError`: the file and what is wrong in it.

    The questions of a problem add up to its points in assignment.toml, and no problem graded by hand lacks questions.
    """
    path = assignment.solution / RUBRIC
    try:
        values: dict[str, Any] = tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise CourseError(f"{path}: not valid TOML: {error}.") from None
    if taken := {"homework", "by_checks"} & set(values):
        raise CourseError(f"{path}: {sorted(taken)[0]} stands in assignment.toml. Remove it here.")
    rubric = checked({**values, "homework": assignment.name, "by_checks": assignment.code_points}, path)
    by_hand = {problem.id: problem.points for problem in assignment.problems if problem.kind != "code"}
    for question in rubric.questions:
        if question.problem not in by_hand:
            there = ", ".join(by_hand) or "none"
            raise CourseError(
                f"{path}: {question.id}: {question.problem!r} is no problem that people grade. There is: {there}."
            )
    for problem, points in by_hand.items():
        given = sum((each.points for each in rubric.questions if each.problem == problem), Fraction(0))
        if given != points:
            raise CourseError(
                f"{path}: the questions of problem {problem} give {decimal(given)} points, and it has "
                f"{decimal(points)} in assignment.toml. Make them equal."
            )
    return rubric


def checked(values: Mapping[str, Any], path: Path) -> Rubric:
    """A rubric of these values. Raises `CourseError`, which names the file and all faults."""
    try:
        return Rubric.model_validate(values)
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, e['loc'])) or 'file'}: {e['msg'].removeprefix('Value error, ')}"
            for e in error.errors()
        )
        raise CourseError(f"{path}: {faults}.") from None


def _once(names: list[str], what: str) -> None:
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"{what} {twice[0]!r} is there twice")

"""A rubric is data that adds up, or is refused with the file and the fault."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from grader.course.assignment import Assignment, load_assignment
from grader.errors import CourseError
from grader.hand.rubric import rubric_of

ASSIGNMENT = """
name = "hw9_tiny"
title = "Tiny"
modules = ["tiny.py"]

[[problems]]
id = "1"
title = "Doubling"
kind = "code"
points = 3

[[problems]]
id = "2"
title = "Why it doubles"
kind = "written"
points = 2
"""
RUBRIC = """
[[questions]]
problem = "2"
id = "2a"
title = "The reason"
points = "3/2"

[[questions.items]]
id = "sum"
points = 1
text = "twice a number is its sum with itself"
[[questions.items]]
id = "word"
points = "1/2"
text = "the word for it"
[[questions.items]]
id = "sign"
points = "-1/2"
text = "negative numbers are forgotten"

[[questions]]
problem = "2"
id = "2b"
title = "An example"
points = "1/2"
floor = "1/4"
items = [{ id = "any", points = "1/2", text = "any number" }]
"""


@pytest.fixture
def tiny(tmp_path: Path) -> Assignment:
    folder, solution = tmp_path / "assignments" / "hw9_tiny", tmp_path / "solutions" / "hw9_tiny"
    folder.mkdir(parents=True)
    solution.mkdir(parents=True)
    (folder / "assignment.toml").write_text(ASSIGNMENT)
    (solution / "rubric.toml").write_text(RUBRIC)
    return load_assignment(folder)


def test_a_rubric_is_read(tiny: Assignment) -> None:
    rubric = rubric_of(tiny)
    assert (rubric.homework, rubric.points, rubric.by_checks) == ("hw9_tiny", 2, 3)
    first, second = rubric.questions
    assert (first.id, first.problem, first.title, first.points, first.floor) == (
        "2a",
        "2",
        "The reason",
        Fraction(3, 2),
        0,
    )
    assert [(item.id, item.points) for item in first.items] == [
        ("sum", 1),
        ("word", Fraction(1, 2)),
        ("sign", Fraction(-1, 2)),
    ]
    assert (second.floor, second.items[0].text) == (Fraction(1, 4), "any number")
    assert rubric.question("2b") is second
    assert rubric.question("2c") is first.item("none") is None


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('id = "2b"', 'id = "2a"', "question '2a' is there twice"),
        ('id = "word"', 'id = "sum"', "2a: item 'sum' is there twice"),
        ('id = "word"', 'id = "two words"', r"questions\.0\.items\.1\.id"),
        ('points = "1/2"\ntext = "the word', 'points = 0.5\ntext = "the word', r"items\.1\.points: .*not 0\.5"),
        ('"1/2"\ntext = "the word', '"1/4"\ntext = "the word', "2a: its items give 1.25 points at most"),
        ('floor = "1/4"', 'floor = "3/4"', "2b: the floor, 0.75, is above its 0.5 points"),
        ('floor = "1/4"', 'floor = "-1"', r"questions\.1\.floor"),
        ('problem = "2"\nid = "2b"', 'problem = "1"\nid = "2b"', "2b: '1' is no problem that people grade"),
        ('points = "1/2"\nfloor', 'points = "1/4"\nfloor', r"problem 2 give 1\.75 points, and it has 2 in assignment"),
        ("[[questions]]", "[[questions", "not valid TOML"),
        ("[[questions]]", 'homework = "hw8"\n[[questions]]', "homework stands in assignment.toml"),
        ('title = "The reason"', 'titel = "The reason"', r"questions\.0\.titel: Extra inputs"),
    ],
)  # fmt: skip
def test_a_rubric_that_does_not_add_up_is_refused(tiny: Assignment, old: str, new: str, message: str) -> None:
    path = tiny.solution / "rubric.toml"
    assert old in RUBRIC
    path.write_text(RUBRIC.replace(old, new, 1))
    with pytest.raises(CourseError, match=message) as caught:
        rubric_of(tiny)
    assert str(caught.value).startswith(f"{path}: ")


def test_a_homework_without_a_rubric_names_the_file(tiny: Assignment) -> None:
    (tiny.solution / "rubric.toml").unlink()
    with pytest.raises(CourseError, match=r"rubric\.toml: cannot be read"):
        rubric_of(tiny)

"""The declaration, the docstrings, the document, the handout, the checks and the rubric say the same."""

from __future__ import annotations

import ast
import re
import tomllib
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from grader.course.assignment import Assignment
from grader.course.document import written_in
from grader.hand.rubric import rubric_of


@pytest.fixture
def declared(hw4: Assignment) -> dict[str, Any]:
    return tomllib.loads((hw4.folder / "declared.toml").read_text(encoding="utf-8"))


def test_each_answer_is_declared_asked_for_and_checked(hw4: Assignment, declared: dict[str, Any]) -> None:
    document = (hw4.folder / "answers.md").read_text(encoding="utf-8")
    asked = {each.name: each.problem for each in written_in(document)}
    assert asked == {name: answer["problem"] for name, answer in declared["answers"].items()}
    handout = (hw4.folder / "README.md").read_text(encoding="utf-8")
    assert [name for name in asked if f"`{name}`" not in handout] == []
    for folder, name in ((hw4.folder, "test_{}_can_be_read"), (hw4.solution, "test_{}")):
        checks = "".join(path.read_text(encoding="utf-8") for path in folder.glob("checks/test_*.py"))
        assert [each for each in asked if f"def {name.format(each)}(" not in checks] == []


def test_docstrings_name_what_is_asked_and_the_symbols(hw4: Assignment, declared: dict[str, Any]) -> None:
    tree = ast.parse((Path(hw4.solution) / "answers.py").read_text(encoding="utf-8"))
    says = {node.name: ast.get_docstring(node) or "" for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert list(says) == list(declared["answers"])
    for name, answer in declared["answers"].items():
        assert says[name].startswith(f"Problem {answer['problem']}. ")
        assert answer["asks"][1:] in says[name]
        assert re.findall(r"`(\w+)`", says[name]) == answer["symbols"]


def test_each_question_is_about_the_problem_of_its_place(hw4: Assignment) -> None:
    questions = [question.id for question in rubric_of(hw4).questions]
    formulas = [problem.id for problem in hw4.problems if problem.kind == "code"]
    asked = (hw4.folder / "derivations.md").read_text(encoding="utf-8")
    assert re.findall(r"^### (7[a-z])\. Problem (\d):", asked, re.MULTILINE) == list(
        zip(questions, formulas, strict=True)
    )


def test_every_question_offers_typical_slips_and_each_takes_a_half(hw4: Assignment) -> None:
    for question in rubric_of(hw4).questions:
        assert {item.points for item in question.items} == {Fraction(1, 2), Fraction(-1, 2)}, question.id

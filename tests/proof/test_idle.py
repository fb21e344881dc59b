"""Work that computes nothing, made of what students receive."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from grader.course.assignment import load_course
from grader.judge import Mismatch, varies
from grader.judge.ask import Answer
from grader.proof.idle import GIVES, idle

COURSE = load_course(Path(__file__).parents[2])


@pytest.mark.parametrize("short", ["hw0", "hw1", "hw2", "hw3"])
def test_nothing_is_left_to_write_and_nothing_else_is_changed(short: str) -> None:
    homework = COURSE.assignment(short)
    stub = homework.sources(homework.folder)
    unwritten = sum(text.count("raise NotImplementedError(") for text in stub.values())
    assert unwritten > 0
    for specimen in idle(homework):
        lines = {name: text.splitlines() for name, text in specimen.modules.items()}
        changed = [
            line.strip()
            for name, text in stub.items()
            for before, line in zip(text.splitlines(), lines[name], strict=True)
            if before != line
        ]
        assert len(changed) == unwritten
        assert all(line.startswith("return ") for line in changed)
        assert all(ast.parse(text) for text in specimen.modules.values())


def test_what_each_gives() -> None:
    made = {specimen.name: specimen.modules["maml"] for specimen in idle(COURSE.assignment("hw2"))}
    assert {name: "return None" in text for name, text in made.items()} == {
        f"gives_{name}": name == "nothing" for name in GIVES
    }
    assert "return forward" in made["gives_its_first_argument"]


def answers(*came_and_expected: tuple[object, object]) -> list[Answer]:
    return [Answer(came, lambda each=expected: each, lambda _: None) for came, expected in came_and_expected]


@pytest.mark.parametrize(
    ("came_and_expected", "idles"),
    [
        ([(7.0, 1.0), (7.0, 2.0)], True),
        ([(None, 1.0), (None, 2.0)], True),
        ([([1.0], 1.0), ([2.0], 2.0)], True),  # what was given came back
        ([(7.0, 1.0), (8.0, 2.0)], False),  # wrong, but that is another check's business
        ([(1, 1.0), (2, 2.0)], False),
        ([(7.0, 1.0), (7.0, 1.0)], False),  # the reference says the same twice, too
    ],
)
def test_what_computes_nothing_is_told_from_what_is_wrong(
    came_and_expected: list[tuple[object, object]], idles: bool
) -> None:
    if not idles:
        varies(*answers(*came_and_expected))
        return
    with pytest.raises(Mismatch):
        varies(*answers(*came_and_expected))

"""Restyled mutants and pairs of mutants: what is read of them, and what is refused."""

import ast
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch

from grader.authoring.mutant import read_mutant
from grader.course.assignment import Assignment, load_course
from grader.errors import CourseError
from grader.judge.specimen import Specimen
from grader.proof.specimens import crossed, pairs, restyled, specimens

ROOT = Path(__file__).parent.parent.parent
TINY = ROOT / "tests" / "courses" / "tiny"

LOOP = '''"""A loop with a running total."""


def mean(x):
    if len(x.flatten()) == 0:
        raise ValueError("nothing to add up")
    total = 0.0
    for entry in twice(x).flatten():
        total = total + entry
    return total
'''


ITSELF = '''"""The mutant, without a docstring."""


def mean(x: Tensor) -> Tensor:
    if x.numel() == 0:
        raise ValueError("x is empty")
    return twice(x).sum()
'''


@pytest.fixture
def tiny(tmp_path: Path) -> Assignment:
    shutil.copytree(TINY, tmp_path / "course", ignore=shutil.ignore_patterns(".cache", "__pycache__"))
    return load_course(tmp_path / "course").assignment("hw7")


@pytest.fixture(scope="module")
def hw0() -> Assignment:
    return load_course(ROOT).assignment("hw0")


def write(assignment: Assignment, path: str, text: str) -> None:
    file = assignment.solution / path
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)


def run(specimen: Specimen) -> dict[str, object]:
    """What a module of tiny defines."""
    names: dict[str, object] = {}
    exec(compile(specimen.modules["tiny"], "tiny.py", "exec"), names)
    return names


def test_a_restyled_mutant_has_its_mutants_name_sentence_and_hint(tiny: Assignment) -> None:
    write(tiny, "restyled/sums.py", LOOP)
    (loop,) = restyled(tiny)
    assert (loop.name, loop.kind, loop.problem) == ("sums", "restyled", "2")
    assert (loop.says, loop.hint) == ("You summed.", "The mean divides by the number of entries.")
    assert "total = total + entry" in loop.modules["tiny"]
    assert "twice(x).sum()" not in loop.modules["tiny"]


def test_an_assignment_without_restyled_mutants_and_pairs_has_none(tiny: Assignment) -> None:
    assert restyled(tiny) == pairs(tiny) == []
    assert {each.kind for each in specimens(tiny)} == {"reference", "stub", "alternative", "mutant"}


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("adds_up", LOOP, "there is no mutant adds_up"),
        ("sums", LOOP.partition("\n\n\n")[2], "needs a docstring"),
        ("sums", LOOP.replace("total = 0.0", "total = "), "not valid Python"),
        ("sums", "THE MUTANT", "this is the mutant itself"),
    ],
)
def test_what_is_no_restyled_mutant_is_refused(tiny: Assignment, name: str, text: str, message: str) -> None:
    text = text.replace("THE MUTANT", ITSELF)
    write(tiny, f"restyled/{name}.py", text)
    with pytest.raises(CourseError, match=rf"restyled/{name}\.py: {message}"):
        restyled(tiny)


def test_a_pair_makes_both_mistakes(tiny: Assignment) -> None:
    write(tiny, "pairs.toml", '[[pair]]\nfirst = "sums"\nsecond = "squares"\n')
    (pair,) = pairs(tiny)
    assert (pair.name, pair.kind, pair.mutants) == ("sums+squares", "pair", ("sums", "squares"))
    names = run(pair)
    x = torch.tensor([1.0, 2.0, 4.0])
    assert names["twice"](x).tolist() == [1.0, 4.0, 16.0]  # type: ignore[operator]
    assert names["mean"](x).item() == 21.0  # type: ignore[operator]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[pair]]\nfirst = "sums"\nsecond = "cubes"\n', "there is no mutant cubes"),
        ('[[pair]]\nfirst = "sums"\nsecond = "sums"\n', "sums and sums both change tiny.mean"),
        ('[[pair]]\nfirst = "sums"\n', "pair.0.second: Field required"),
        ('[[pair]]\nfirst = "sums"\nsecond = "squares"\nthird = "x"\n', "pair.0.third: Extra inputs"),
        (
            '[[pair]]\nfirst = "sums"\nsecond = "squares"\n[[pair]]\nfirst = "squares"\nsecond = "sums"\n',
            "paired twice",
        ),
        ("[[pair]", "not valid TOML"),
    ],
)
def test_what_is_no_pair_is_refused(tiny: Assignment, text: str, message: str) -> None:
    write(tiny, "pairs.toml", text)
    with pytest.raises(CourseError, match=r"pairs\.toml: .*" + message):
        pairs(tiny)


def test_every_mutant_of_hw0_is_restyled(hw0: Assignment) -> None:
    mutants = {each.name: each for each in specimens(hw0) if each.kind == "mutant"}
    again = {each.name: each for each in restyled(hw0)}
    assert list(again) == sorted(mutants)
    reference = bodies((hw0.solution / "multitask.py").read_text())
    for name in again:
        written = bodies((hw0.solution / "restyled" / f"{name}.py").read_text())
        assert written
        kept = written & (bodies(mutants[name].modules["multitask"]) | reference)
        assert not kept, f"restyled/{name}.py has a function just as the mutant or the reference has it"


def bodies(source: str) -> set[str]:
    """Its functions and methods, without docstrings, annotations and layout."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            body = node.body[ast.get_docstring(node) is not None :]
            found.add("\n".join(ast.unparse(statement) for statement in body))
    return found


def test_the_pairs_of_hw0_make_both_mistakes_in_whatever_order(hw0: Assignment) -> None:
    reference = hw0.sources(hw0.solution)
    found = pairs(hw0)
    assert len(found) == 30
    for pair in found:
        first, second = (read_mutant(hw0.solution / "mutants" / f"{name}.toml") for name in pair.mutants)
        other_way = first.on(second.on(reference))["multitask"]
        assert ast.dump(ast.parse(other_way)) == ast.dump(ast.parse(pair.modules["multitask"])), pair.name


def test_crossed_pairs_are_of_different_problems_and_the_same_each_time(house: Any) -> None:
    found = crossed(house.assignment, 5)
    assert [each.mutants for each in found] == [("squares", "sums")]
    assert "x * x" in found[0].modules["tiny"]
    assert ".sum()" in found[0].modules["tiny"]
    assert crossed(house.assignment, 5) == found
    assert crossed(house.assignment, 0) == []

"""Every experiment runs with a student's code: also where numbers come as 0-dimensional tensors, with their graph."""

import ast
import subprocess
import sys
from pathlib import Path

from grader.course.assignment import Assignment

AS_TENSORS = """

import torch


def _with_tensors(function):
    def with_tensors(*arguments, **named):
        return _tensors(function(*arguments, **named))
    return with_tensors


def _tensors(answer):
    if isinstance(answer, (float, int)) and not isinstance(answer, bool):
        return torch.tensor(float(answer), requires_grad=True) * 1
    if isinstance(answer, dict):
        return {name: _tensors(value) for name, value in answer.items()}
    if isinstance(answer, (list, tuple)):
        return type(answer)(_tensors(value) for value in answer)
    return answer


"""


def gives_numbers(source: str) -> list[str]:
    """The functions of a module that promise a Python number, alone or in a list, a tuple or a dict."""
    functions = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef) and node.returns]
    return [
        function.name
        for function in functions
        if any(isinstance(node, ast.Name) and node.id in ("float", "int") for node in ast.walk(function.returns))
    ]


def test_functions_that_give_numbers_are_found_by_what_they_promise() -> None:
    source = (
        "def loss() -> Tensor: ...\n"
        "def mean() -> float: ...\n"
        "def train() -> dict[str, float]: ...\n"
        "def step() -> tuple[Tensor, float, float]: ...\n"
        "def silent(): ...\n"
    )
    assert gives_numbers(source) == ["mean", "train", "step"]


def test_numbers_may_be_tensors(with_experiment: Assignment, tmp_path: Path) -> None:
    solution = tmp_path / "solution"
    solution.mkdir()
    changed = []
    for module in with_experiment.modules:
        source = (with_experiment.solution / module).read_text(encoding="utf-8")
        names = gives_numbers(source)
        wrapped = "".join(f"{name} = _with_tensors({name})\n" for name in names)
        (solution / module).write_text(f"{source}{AS_TENSORS}{wrapped}" if names else source, encoding="utf-8")
        changed += names
    assert changed, "no function of this homework gives a number, so this test would test nothing"
    script = with_experiment.folder / "experiment.py"
    command = [sys.executable, script, "--quick", "--solution", solution, "--out", tmp_path / "out"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert list((tmp_path / "out").glob("*.json"))

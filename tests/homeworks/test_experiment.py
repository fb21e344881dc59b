"""Every experiment runs with a student's code: also where numbers come as 0-dimensional tensors, with their graph."""

import ast
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

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


@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked for in /proc")
def test_a_killed_experiment_leaves_no_process(with_experiment: Assignment, tmp_path: Path) -> None:
    script = with_experiment.folder / "experiment.py"
    if "ProcessPoolExecutor" not in script.read_text(encoding="utf-8"):
        pytest.skip("this experiment has one process")
    settings = ["--quick", "--workers", "2", "--solution", with_experiment.solution, "--out", tmp_path / "out"]
    running = subprocess.Popen(
        [sys.executable, script, *settings],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        waited_for(lambda: len(workers_of(running.pid)) == 2)
    finally:
        running.send_signal(signal.SIGKILL)
    running.wait()
    try:
        waited_for(lambda: not workers_of(running.pid))
    finally:
        for worker in workers_of(running.pid):
            os.kill(worker, signal.SIGKILL)


def waited_for(holds: Callable[[], bool], most_s: float = 60.0) -> None:
    deadline = time.monotonic() + most_s
    while not holds():
        assert time.monotonic() < deadline, f"it did not come about in {most_s:.0f} s"
        time.sleep(0.05)


def workers_of(session: int) -> list[int]:
    """The processes of pools in this session that run."""
    found = []
    for each in filter(str.isdigit, os.listdir("/proc")):
        try:
            command = Path(f"/proc/{each}/cmdline").read_bytes()
            if os.getsid(int(each)) == session and b"multiprocessing.spawn" in command:
                found.append(int(each))
        except OSError:  # it is gone meanwhile
            continue
    return found

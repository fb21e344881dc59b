"""Every experiment runs with a student's code: also where numbers come as 0-dimensional tensors, with their graph."""

import shutil
import subprocess
import sys
from pathlib import Path

from grader.course.assignment import Assignment

NUMBERS = {  # per homework: functions whose numbers go into tables and files, by module
    "hw0_multitask": {"multitask.py": ("train_epoch", "mean_squared_error", "mean_reciprocal_rank")},
    "hw1_blackbox": {"mann.py": ("train", "query_accuracy")},
    "hw2_gradient": {"maml.py": ("meta_train", "meta_test", "mean_and_interval")},
}
AS_TENSORS = """

def _as_tensors(function):
    def as_tensors(*arguments, **named):
        answer = function(*arguments, **named)
        return {float: _one, int: _one, list: _row, tuple: _row, dict: _named}[type(answer)](answer)
    return as_tensors


def _one(number):
    return torch.tensor(float(number), requires_grad=True) * 1


def _row(numbers):
    return [_one(number) for number in numbers]


def _named(numbers):
    return {name: _one(number) for name, number in numbers.items()}

"""


def test_numbers_may_be_tensors(assignment: Assignment, tmp_path: Path) -> None:
    solution = tmp_path / "solution"
    solution.mkdir()
    for module in assignment.modules:
        shutil.copy(assignment.solution / module, solution)
    for module, names in NUMBERS[assignment.name].items():
        wrapped = "\n".join(f"{name} = _as_tensors({name})" for name in names)
        with (solution / module).open("a", encoding="utf-8") as file:
            file.write(f"\n\nimport torch\n{AS_TENSORS}{wrapped}\n")
    script = assignment.folder / "experiment.py"
    command = [sys.executable, script, "--quick", "--solution", solution, "--out", tmp_path / "out"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert list((tmp_path / "out").glob("*.json"))

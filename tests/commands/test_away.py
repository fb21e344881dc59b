"""What is said before handing in of code that works only on the student's machine. Texts alone: nothing is run."""

from pathlib import Path
from typing import Any

import pytest

from grader.commands import away as away_
from grader.commands.away import away, course_packages
from grader.intake import Submission

House = Any  # tests/conftest.py


@pytest.fixture
def warned(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(away_, "course_packages", lambda models: frozenset({"numpy", "torch", "pandas"}))

    def warned(text: str) -> list[str]:
        return away(house.assignment, Submission.accepted("me", tmp_path, {"tiny": text}, ()), tmp_path)

    return warned


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("import wandb", "`wandb` is no package of this course"),
        ("import numpy, wandb.sdk as w", "`wandb` is no package of this course"),
        ("from einops.layers import x", "`einops` is no package of this course"),
        ("def f():\n    import wandb", "`wandb` is no package of this course"),
        ("from . import helper", "another file of yours"),
        ("x = open('data.csv')", "no file of yours is there"),
        ("x = np.load('x.npy')", "no file of yours is there"),
        ("x = Path('a').read_text()", "no file of yours is there"),
        ("def f(): return torch.load('net.pt')", "no file of yours is there"),
        ("subprocess.run(['ls'])", "no process can be started"),
        ("os.system('ls')", "no process can be started"),
        ("multiprocessing.Pool(2)", "no process can be started"),
        ("DataLoader(data, num_workers=2)", "use num_workers=0"),
        ("socket.create_connection(x)", "there is no network"),
        ("urllib.request.urlopen(x)", "there is no network"),
        ("x = input()", "nobody is there to answer"),
        ("breakpoint()", "a debugger that was left in"),
        ("if debug:\n    pdb.set_trace()", "a debugger that was left in"),
        ("exit()", "this ends the program"),
    ],
)
def test_what_grading_forbids_is_told_with_its_line(warned: Any, line: str, says: str) -> None:
    (told,) = warned(f"import numpy as np\n\n{line}\n")
    number = 2 + len(line.split("\n"))
    last = line.split("\n")[-1].strip()
    assert told.startswith(f"line {number} of tiny.py, `{last}`: ")
    assert says in told


@pytest.mark.parametrize(
    "text",
    [
        "import torch, numpy as np\nfrom torch import nn\nimport pandas\nimport os.path, json\n",
        "import tiny\n",
        "if __name__ == '__main__':\n    import wandb\n    open('x')\n",
        "try:\n    import wandb\nexcept ImportError:\n    wandb = None\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import wandb\n",
        "DataLoader(data, num_workers=0)\n",
        "net.load(x)\ndoor.open()\ndef quit_(): pass\n",
        "x = = 1\n",
        f"x = {'-' * 20_000}1\n",
        "x = '\\0'\n",
    ],
)
def test_what_works_everywhere_is_not_told(warned: Any, text: str) -> None:
    assert warned(text) == []


@pytest.mark.parametrize("form", ["file", "folder"])
def test_another_file_of_the_student_is_told_as_one(warned: Any, tmp_path: Path, form: str) -> None:
    Path(tmp_path, "helper.py").write_text("") if form == "file" else Path(tmp_path, "helper").mkdir()
    (told,) = warned("from helper import load\n")
    assert told.startswith("line 1 of tiny.py, `from helper import load`: this is another file of yours")


def test_a_file_full_of_such_lines_is_told_in_a_few(warned: Any) -> None:
    told = warned("open('x')\n" * 100)
    assert len(told) == away_.MOST + 1
    assert told[-1] == f"And {100 - away_.MOST} more lines like these."


def test_the_packages_of_the_course_are_those_that_it_installs() -> None:
    packages = course_packages(False)
    assert {"torch", "numpy", "rich", "sympy"} <= packages  # sympy is needed by PyTorch
    assert not {"cosmic_ray", "hypothesis", "wandb", "kanjivg"} & packages


def test_a_sum_of_a_thousand_terms_stops_nothing(warned: Any) -> None:
    assert "is no package" in warned(f"import wandb\nx = {' + '.join(['1'] * 1000)}\n")[0]

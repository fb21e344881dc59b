"""What is said before handing in of code that works only on the student's machine. Texts alone: nothing is run."""

import json
import shutil
import subprocess
import sys
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
        ("from itertools import batched", "`itertools.batched` needs Python 3.12 or newer, and the Python that grades"),
        ("import itertools\nx = itertools.batched([1], 2)", "`itertools.batched` needs Python 3.12 or newer"),
        ("import annotationlib", "`annotationlib` needs Python 3.14 or newer"),
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
        "try:\n    from typing import override\nexcept ImportError:\n    override = list\n",
        "copy = 'a'\nx = copy.replace('a', 'b')\n",
        "from itertools import chain\nx = chain.from_iterable([[1]])\n",
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


NEWER = """
import json, runpy, sys
newer_syntax = runpy.run_path(sys.argv[1])["newer_syntax"]
print(json.dumps([newer_syntax(text, (3, 11)) for text in json.loads(sys.argv[2])]))
"""
F_STRING = "an f-string like this needs Python 3.12 or newer"


def newer_pythons() -> list[str]:
    here = [sys.executable] if sys.version_info >= (3, 12) else []
    found = [path for minor in (12, 13, 14) if (path := shutil.which(f"python3.{minor}"))]
    ours = Path("~/.pyenv/versions").expanduser().glob("3.1[2-9]*/bin/python")
    return [path for path in (*here, *found, *map(str, ours)) if runs(path)]


def runs(python: str) -> bool:
    return subprocess.run([python, "-c", ""], capture_output=True).returncode == 0


def test_syntax_of_a_newer_python_is_told_by_a_newer_python() -> None:
    """A student has the newer one. Where this machine has none, there is nothing that such a student could write."""
    texts = {
        "x = 1\ntype A = int\n": [(2, "Type statement is only supported in Python 3.12 and greater")],
        "def f[T](x: T) -> T: return x\n": [(1, "Type parameter lists are only supported in Python 3.12 and greater")],
        "x = f'{d['a']}'\n": [(1, F_STRING)],
        "x = 1\nx = f'{d[0]} {'\\n'.join(a)}'\n": [(2, F_STRING)],
        "x = f'\\'{a:{b}}\\n' f\"{a!r} it's {d['a']}\"\n": [],
        "x = f'''{\n    d['a']\n}'''\n": [],
    }
    pythons = newer_pythons()
    if not pythons:
        pytest.skip("no Python 3.12 or newer is here")
    script = Path(away_.__file__).with_name("newer.py")
    command = [pythons[0], "-c", NEWER, str(script), json.dumps(list(texts))]
    told = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert [[tuple(each) for each in found] for found in told] == list(texts.values())

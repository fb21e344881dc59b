"""A student with a browser only: Python has PyTorch and Jupyter, and there is the notebook, the hand-out and no grader.

What Colab and Kaggle are cannot be had here. This is a new environment, into which the packages of this one are linked,
all but the grader.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Callable, Collection
from pathlib import Path

import nbformat
import pytest

from grader.authoring.markers import solved
from grader.authoring.notebook import notebook_of
from grader.batch.class_run import Job, grade
from grader.course.assignment import load_course
from grader.intake import list_class
from grader.sandbox.forked import Sandbox

COURSE = load_course(Path(__file__))
HW0 = COURSE.assignment("hw0")
GRADERS_OWN = ("msgpack", "pydantic", "pytest", "rich")
RUN = """
import importlib.util, sys
import nbformat
from nbclient import NotebookClient

assert importlib.util.find_spec("grader") is None
notebook = nbformat.read("hw0.ipynb", as_version=4)
NotebookClient(notebook, timeout=300, allow_errors=True).execute()
nbformat.write(notebook, "hw0.ipynb")
"""
Run = Callable[..., dict[str, str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs a notebook in the folder `alone`, or `inside` it, without some packages, and says what each cell showed."""

    def run(notebook: nbformat.NotebookNode, without: Collection[str] = (), inside: str = "") -> dict[str, str]:
        place = tmp_path / "environment"
        shutil.rmtree(place, ignore_errors=True)
        venv.create(place, symlinks=True)
        (packages,) = place.glob("lib/python*/site-packages")
        ours = Path(sysconfig.get_path("purelib"))
        for each in ours.iterdir():
            if not each.name.startswith(("__editable__", "_learning", "grader", "learning_across", *without)):
                (packages / each.name).symlink_to(each)
        alone = tmp_path / "alone" / inside
        alone.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, alone / "hw0.ipynb")
        names = ("PYTHONPATH", "VIRTUAL_ENV", "JUPYTER_PATH")
        surroundings = {name: value for name, value in os.environ.items() if name not in names}
        done = subprocess.run(
            [place / "bin" / "python", "-c", RUN],
            cwd=alone,
            env={**surroundings, "PYTHONNOUSERSITE": "1"},
            capture_output=True,
            text=True,
            timeout=400,
        )
        assert done.returncode == 0, done.stderr
        executed = nbformat.read(str(alone / "hw0.ipynb"), as_version=4)
        return {cell.id: json.dumps(cell.get("outputs", [])) for cell in executed.cells}

    return run


def first_cells(upto: str) -> nbformat.NotebookNode:
    """The notebook as students receive it, as far as this cell."""
    notebook = nbformat.read(str(HW0.notebook), as_version=4)
    ids = [cell.id for cell in notebook.cells]
    notebook.cells = notebook.cells[: ids.index(upto) + 1]
    return notebook


def told(shown: str) -> list[str]:
    """The lines of the one error that a cell shows."""
    (error,) = json.loads(shown)
    return "\n".join(error["traceback"]).splitlines()


pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")


def test_without_the_hand_out_two_lines_say_how_to_get_the_grader(run: Run) -> None:
    lines = told(run(first_cells("setup"))["setup"])
    assert lines == [
        "There is no grader here. Upload hw0_multitask.zip, which the course hands out, beside this notebook,",
        "or unpack it and open the notebook in it. Then run this cell again.",
    ]


def test_packages_that_are_missing_are_named_in_two_lines(
    run: Run, zips: Callable[[str], Path], tmp_path: Path
) -> None:
    (tmp_path / "alone").mkdir()
    shutil.copy(zips("hw0"), tmp_path / "alone" / "hw0_multitask (1).zip")
    lines = told(run(first_cells("setup"), ("msgpack", "rich"))["setup"])
    assert lines == [
        "The grader needs packages. Run this in a new cell, and then this cell again:",
        "%pip install msgpack rich",
    ]


def test_opened_in_the_unpacked_folder_it_finds_the_grader_above(
    run: Run, zips: Callable[[str], Path], tmp_path: Path
) -> None:
    """As an editor opens it, with a kernel that does not have the grader."""
    shutil.unpack_archive(zips("hw0"), tmp_path / "alone")
    shown = run(first_cells("check-1"), inside="hw0/assignments/hw0_multitask")
    assert json.loads(shown["setup"]) == []
    assert "3 public checks pass" in shown["check-1"]


def test_a_whole_homework_is_done_and_graded(
    run: Run, zips: Callable[[str], Path], tmp_path: Path, sandbox: Sandbox
) -> None:
    alone = tmp_path / "alone"
    alone.mkdir()
    shutil.copy(zips("hw0"), alone / "download.zip")
    (alone / "another.zip").write_bytes(b"no zip")
    stubs = HW0.sources(HW0.folder)
    reference = {name: solved(text) for name, text in HW0.sources(HW0.solution).items()}
    shown = run(notebook_of(HW0, reference, stubs))
    failing = {cell: said for cell, said in shown.items() if '"output_type": "error"' in said}
    assert failing == {}
    checks = {cell: said for cell, said in shown.items() if cell.startswith("check-")}
    assert checks
    assert all("passed" in said and "failed" not in said for said in checks.values())
    assert any("image/png" in said for said in shown.values()), "the experiment ran, and showed its figure"

    handed_in = tmp_path / "class"
    handed_in.mkdir()
    shutil.copy(alone / "hw0.ipynb", handed_in / "ada.ipynb")  # downloaded from the browser
    jobs = [Job.of(entry) for entry in list_class(handed_in)]
    ((_, result),) = grade(jobs, HW0, COURSE.grading_seed, sandbox=sandbox, allow_weak=True)
    assert result.points == HW0.code_points
    assert set(GRADERS_OWN) <= set(str(HW0.notebook.read_text(encoding="utf-8")).replace('\\"', " ").split())

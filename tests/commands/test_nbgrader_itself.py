"""nbgrader's own programs take what we write: they generate the release, grade hand-ins, and export grades.

nbgrader is in the extra `nbgrader`, which only `make test` installs.
"""

from __future__ import annotations

import csv
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from click.testing import CliRunner

from grader.authoring.markers import solved
from grader.authoring.notebook import notebook_of
from grader.cli import main
from grader.commands.build import build_assignment
from grader.commands.nbgrader import unchecked, write_source
from grader.course.assignment import Assignment, load_course

House = Any  # tests/conftest.py
REPOSITORY = Path(__file__).parents[2]
COURSE = load_course(REPOSITORY)
PROGRAMMED = [name for name in COURSE.names() if not COURSE.assignment(name).document]
LEFT_OUT = "nbgrader was left out: pip install -c constraints.txt -e '.[nbgrader]'"
needs_nbgrader = pytest.mark.skipif(importlib.util.find_spec("nbgrader") is None, reason=LEFT_OUT)

MEAN_IS_ASKED_TOO = '''

@problem("2", visibility="public")
def test_public_mean(ask: Ask) -> None:
    """The mean of a small vector."""
    ask("mean", x=np.array([1.0, 2.0])).same_as_reference()
'''


def nbgrader(course: Path, *words: str) -> None:
    """Runs nbgrader in a course's folder. It calls alembic by name, and its kernels import our grader."""
    here = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    surroundings = {**os.environ, "PATH": here, "PYTHONPATH": str(REPOSITORY)}
    command = [sys.executable, "-m", "nbgrader", *words]
    done = subprocess.run(command, cwd=course, env=surroundings, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr


def written_in(received: Path, assignment: Assignment, source: str) -> str:
    """The notebook that students received, with the cells of their own as in the module `source`."""
    notebook = nbformat.read(str(received), as_version=4)
    stubs = assignment.sources(assignment.folder)
    theirs = {cell.id: cell for cell in notebook_of(assignment, {"tiny": source}, stubs).cells}
    for cell in notebook.cells:
        if "export" in cell.metadata.get("tags", []):
            cell.source = theirs[cell.id].source
    return nbformat.writes(notebook)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def assignment(house: House) -> Assignment:
    """The tiny homework, with a public check for both problems."""
    path = house.folder / "assignments/hw7_tiny/checks/test_public.py"
    path.write_text(path.read_text() + MEAN_IS_ASKED_TOO)
    build_assignment(house.assignment)
    return house.assignment  # type: ignore[no-any-return]


@needs_nbgrader
def test_from_our_source_to_its_grades_and_from_its_folders_to_ours(house: House, assignment: Assignment) -> None:
    course = house.folder / "nbgrader"
    write_source(assignment, course / "source" / "hw7_tiny")
    nbgrader(course, "generate_assignment", "hw7_tiny")
    received = course / "release" / "hw7_tiny" / "hw7.ipynb"
    assert "2 * x" not in received.read_text(encoding="utf-8"), "the solution is gone"
    assert "raise NotImplementedError()" in received.read_text(encoding="utf-8"), "in its place stands nbgrader's stub"
    half = solved(house.reference).replace("return twice(x).mean()", "return 0 * x.sum()")
    for student, source in {"ada": solved(house.reference), "bob": half}.items():
        folder = shutil.copytree(course / "release" / "hw7_tiny", course / "submitted" / student / "hw7_tiny")
        (folder / "hw7.ipynb").write_text(written_in(received, assignment, source), encoding="utf-8")
        (folder / "timestamp.txt").write_text("2027-03-05 20:10:00 UTC")
    shutil.copytree(course / "release" / "hw7_tiny", course / "submitted" / "eve" / "hw7_tiny")
    other = shutil.copytree(course / "source" / "hw7_tiny", course / "submitted" / "eve" / "hw6_other")
    (other / "hw7.ipynb").rename(other / "hw6.ipynb")  # of another homework, handed in by the same student
    nbgrader(course, "autograde", "hw7_tiny")
    nbgrader(course, "export", "--to", "grades.csv")
    graded = {row["student_id"]: (row["score"], row["max_score"]) for row in rows_of(course / "grades.csv")}
    assert graded == {"ada": ("5.5", "5.5"), "bob": ("3.0", "5.5"), "eve": ("0.0", "5.5")}

    words = ["grade", "hw7", "--submissions", course / "submitted", "--out", house.folder / "out", "--allow-weak"]
    done = CliRunner().invoke(main, ["--course", str(house.folder), *map(str, words)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert {row["submission"]: row["points"] for row in rows_of(house.folder / "out" / "class.csv")} == {
        "ada": "5.5",
        "bob": "4",  # hidden checks ask more: an empty vector is still refused
        "eve": "0",
    }


def test_a_problem_without_a_public_check_is_told(house: House) -> None:
    assert unchecked(house.assignment) == ["2"]
    words = ["--course", str(house.folder), "nbgrader", "hw7", "--out", str(house.folder / "source")]
    done = CliRunner().invoke(main, words, catch_exceptions=False)
    assert "problem 2 has no public check, so nbgrader gives nobody its points" in done.output


@pytest.mark.parametrize("name", PROGRAMMED)
def test_every_problem_of_the_course_has_one(name: str) -> None:
    assert unchecked(COURSE.assignment(name)) == []


@needs_nbgrader
@pytest.mark.parametrize("name", PROGRAMMED)
def test_a_release_is_generated_of_every_homework(name: str, tmp_path: Path) -> None:
    assignment = COURSE.assignment(name)
    write_source(assignment, tmp_path / "source" / name)
    nbgrader(tmp_path, "generate_assignment", name)
    notebook = nbformat.read(str(tmp_path / "release" / name / assignment.notebook.name), as_version=4)
    sources = "\n".join(cell.source for cell in notebook.cells)
    assert "BEGIN SOLUTION" not in sources
    emptied = [cell.id for cell in notebook.cells if "# YOUR CODE HERE" in cell.source]
    assert emptied == [cell.id for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("solution")]
    graded = [
        cell.metadata.nbgrader.points for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")
    ]
    assert sum(graded) == assignment.code_points


@needs_nbgrader
def test_a_whole_homework_is_graded(tmp_path: Path) -> None:
    """With the reference in it, all cells run and all points are given, as the release gives none."""
    name = COURSE.assignment("hw0").name
    write_source(COURSE.assignment(name), tmp_path / "source" / name)
    nbgrader(tmp_path, "generate_assignment", name)
    for student, place in {"ada": "source", "eve": "release"}.items():
        shutil.copytree(tmp_path / place / name, tmp_path / "submitted" / student / name)
    nbgrader(tmp_path, "autograde", name)
    nbgrader(tmp_path, "export")
    assert {row["student_id"]: row["score"] for row in rows_of(tmp_path / "grades.csv")} == {
        "ada": "40.0",
        "eve": "0.0",
    }

"""HW2 as a notebook: filled in with the reference it runs from top to bottom in a real kernel, and earns full marks."""

import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from grader.authoring.markers import solved
from grader.authoring.notebook import notebook_of
from grader.batch.class_run import Job, grade
from grader.course.assignment import Assignment, load_course
from grader.intake import list_class
from grader.judge.result import Result

COURSE = load_course(Path(__file__))
ASSIGNMENT = COURSE.assignment("hw2")


def reference() -> dict[str, str]:
    return {name: solved(text) for name, text in ASSIGNMENT.sources(ASSIGNMENT.solution).items()}


def filled_in() -> nbformat.NotebookNode:
    return notebook_of(ASSIGNMENT, reference(), ASSIGNMENT.sources(ASSIGNMENT.folder))


@pytest.fixture
def students_copy(tmp_path: Path) -> Path:
    """The homework as a student has it: no solutions anywhere near."""
    shutil.copy(COURSE.folder / "course.toml", tmp_path)
    ignored = shutil.ignore_patterns("__pycache__", "results")
    shutil.copytree(ASSIGNMENT.folder.parent / "characters", tmp_path / "assignments" / "characters", ignore=ignored)
    return shutil.copytree(ASSIGNMENT.folder, tmp_path / "assignments" / ASSIGNMENT.name, ignore=ignored)


def test_filled_in_with_the_reference_it_runs_from_top_to_bottom(students_copy: Path) -> None:
    notebook = filled_in()
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(students_copy)}}).execute()
    outputs = {cell.id: str(cell.get("outputs", "")) for cell in notebook.cells}
    for problem in ("1", "2", "3", "4", "5"):
        assert "passed" in outputs[f"check-{problem}"]
        assert "failed" not in outputs[f"check-{problem}"]
    assert "image/png" in outputs["problem-6-2"]
    assert "nearest neighbour in pixels" in outputs["problem-6-2"]


def test_as_received_it_runs_too_and_says_what_is_missing(students_copy: Path) -> None:
    notebook = nbformat.read(str(students_copy / "hw2.ipynb"), as_version=4)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(students_copy)}}).execute()
    outputs = {cell.id: str(cell.get("outputs", "")) for cell in notebook.cells}
    assert "missing" in outputs["check-4"]


def test_notebook_and_modules_earn_the_same_check_by_check(tmp_path: Path) -> None:
    as_modules, as_notebook = tmp_path / "modules", tmp_path / "notebook"
    as_modules.mkdir()
    as_notebook.mkdir()
    for name, text in reference().items():
        (as_modules / f"{name}.py").write_text(text)
    nbformat.write(filled_in(), as_notebook / "my homework.ipynb")
    nbformat.write(filled_in(), tmp_path / "alone.ipynb")
    results = graded(tmp_path, ASSIGNMENT)
    assert set(results) == {"modules", "notebook", "alone"}
    for result in results.values():
        assert result.points == result.max_points == 40
        assert [(check.id, check.verdict, check.points) for check in result.checks] == [
            (check.id, check.verdict, check.points) for check in results["modules"].checks
        ]


def graded(folder: Path, assignment: Assignment) -> dict[str, Result]:
    jobs = [Job.of(entry) for entry in list_class(folder)]
    return {job.name: result for job, result in grade(jobs, assignment, COURSE.grading_seed, allow_weak=True)}

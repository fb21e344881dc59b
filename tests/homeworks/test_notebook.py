"""Every homework as a notebook: filled in with the reference it runs from top to bottom in a real kernel, and earns
full marks."""

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
SAYS = {  # a word of the table that the experiment's cell shows
    "hw0_multitask": "shared",
    "hw1_blackbox": "nearest neighbour",
    "hw2_gradient": "nearest neighbour in pixels",
}


def reference(assignment: Assignment) -> dict[str, str]:
    return {name: solved(text) for name, text in assignment.sources(assignment.solution).items()}


def filled_in(assignment: Assignment) -> nbformat.NotebookNode:
    return notebook_of(assignment, reference(assignment), assignment.sources(assignment.folder))


@pytest.fixture
def students_copy(assignment: Assignment, tmp_path: Path) -> Path:
    """The homework as a student has it: no solutions anywhere near."""
    shutil.copy(COURSE.folder / "course.toml", tmp_path)
    ignored = shutil.ignore_patterns("__pycache__", "results")
    for folder in (*assignment.shared_folders, assignment.folder):
        copy = shutil.copytree(folder, tmp_path / "assignments" / folder.name, ignore=ignored)
    return copy


def outputs_of(notebook: nbformat.NotebookNode, folder: Path) -> dict[str, str]:
    """What each cell prints and shows when the notebook is run there."""
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(folder)}}).execute()
    return {cell.id: str(cell.get("outputs", "")) for cell in notebook.cells}


def test_filled_in_with_the_reference_it_runs_from_top_to_bottom(assignment: Assignment, students_copy: Path) -> None:
    outputs = outputs_of(filled_in(assignment), students_copy)
    for problem in assignment.problems:
        if problem.kind == "code":
            assert "passed" in outputs[f"check-{problem.id}"]
            assert "failed" not in outputs[f"check-{problem.id}"]
    (experiment,) = [problem.id for problem in assignment.problems if problem.kind == "experiment"]
    assert "image/png" in outputs[f"problem-{experiment}-2"]
    assert SAYS[assignment.name] in outputs[f"problem-{experiment}-2"]


def test_as_received_it_runs_too_and_says_what_is_missing(assignment: Assignment, students_copy: Path) -> None:
    received = nbformat.read(str(students_copy / assignment.notebook.name), as_version=4)
    outputs = outputs_of(received, students_copy)
    assert "missing" in outputs["check-4"]
    assert any("Not implemented yet" in shown for shown in outputs.values())


def test_notebook_and_modules_earn_the_same_check_by_check(assignment: Assignment, tmp_path: Path) -> None:
    as_modules, as_notebook = tmp_path / "modules", tmp_path / "notebook"
    as_modules.mkdir()
    as_notebook.mkdir()
    for name, text in reference(assignment).items():
        (as_modules / f"{name}.py").write_text(text)
    nbformat.write(filled_in(assignment), as_notebook / "my homework.ipynb")
    results = graded(tmp_path, assignment)
    assert set(results) == {"modules", "notebook"}
    for result in results.values():
        assert result.points == result.max_points == assignment.code_points
        assert [(check.id, check.verdict, check.points) for check in result.checks] == [
            (check.id, check.verdict, check.points) for check in results["modules"].checks
        ]


def test_a_notebook_needs_no_folder(tmp_path: Path) -> None:
    assignment = COURSE.assignment("hw0")
    nbformat.write(filled_in(assignment), tmp_path / "alone.ipynb")
    (result,) = graded(tmp_path, assignment).values()
    assert result.points == assignment.code_points


def graded(folder: Path, assignment: Assignment) -> dict[str, Result]:
    jobs = [Job.of(entry) for entry in list_class(folder)]
    return {job.name: result for job, result in grade(jobs, assignment, COURSE.grading_seed, allow_weak=True)}

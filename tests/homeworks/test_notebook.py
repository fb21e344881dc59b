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
from grader.sandbox.forked import Sandbox

COURSE = load_course(Path(__file__))


def reference(assignment: Assignment) -> dict[str, str]:
    return {name: solved(text) for name, text in assignment.sources(assignment.solution).items()}


def filled_in(assignment: Assignment) -> nbformat.NotebookNode:
    return notebook_of(assignment, reference(assignment), assignment.sources(assignment.folder))


@pytest.fixture
def students_copy(programmed: Assignment, tmp_path: Path) -> Path:
    """The homework as a student has it: no solutions anywhere near."""
    shutil.copy(COURSE.folder / "course.toml", tmp_path)
    ignored = shutil.ignore_patterns("__pycache__", "results")
    for folder in (*programmed.shared_folders, programmed.folder):
        copy = shutil.copytree(folder, tmp_path / "assignments" / folder.name, ignore=ignored)
    return copy


def run_in(folder: Path, notebook: nbformat.NotebookNode) -> dict[str, list[nbformat.NotebookNode]]:
    """What each cell prints and shows when the notebook is run there: cell -> outputs."""
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(folder)}}).execute()
    return {cell.id: cell.get("outputs", []) for cell in notebook.cells}


def of_kind(assignment: Assignment, kind: str) -> list[str]:
    return [problem.id for problem in assignment.problems if problem.kind == kind]


def test_filled_in_with_the_reference_it_runs_from_top_to_bottom(programmed: Assignment, students_copy: Path) -> None:
    outputs = run_in(students_copy, filled_in(programmed))
    coded = of_kind(programmed, "code")
    assert coded
    for problem in coded:
        assert "passed" in str(outputs[f"check-{problem}"])
        assert "failed" not in str(outputs[f"check-{problem}"])
    for problem in of_kind(programmed, "experiment"):
        cells = [shown for cell, shown in outputs.items() if cell.startswith(f"problem-{problem}-")]
        displayed = [output.data for shown in cells for output in shown if "data" in output]
        (table,) = [data["text/markdown"] for data in displayed if "text/markdown" in data]
        written = [file.read_text(encoding="utf-8") for file in (students_copy / "results").rglob("*.md")]
        assert written == [table]
        assert table.count("\n|") > 3, "a headline, a rule and at least two rows"
        assert [data for data in displayed if "image/png" in data]


def test_as_received_it_runs_too_and_says_what_is_missing(programmed: Assignment, students_copy: Path) -> None:
    received = nbformat.read(str(students_copy / programmed.notebook.name), as_version=4)
    outputs = run_in(students_copy, received)
    checked = {problem: str(outputs[f"check-{problem}"]) for problem in of_kind(programmed, "code")}
    assert checked
    assert [problem for problem, shown in checked.items() if "missing" not in shown] == []
    for problem in of_kind(programmed, "experiment"):
        cells = [str(shown) for cell, shown in outputs.items() if cell.startswith(f"problem-{problem}-")]
        assert any("Not implemented yet" in shown for shown in cells)


def test_notebook_and_modules_earn_the_same_check_by_check(
    programmed: Assignment, tmp_path: Path, sandbox: Sandbox
) -> None:
    as_modules, as_notebook = tmp_path / "modules", tmp_path / "notebook"
    as_modules.mkdir()
    as_notebook.mkdir()
    for name, text in reference(programmed).items():
        (as_modules / f"{name}.py").write_text(text)
    nbformat.write(filled_in(programmed), as_notebook / "my homework.ipynb")
    results = graded(tmp_path, programmed, sandbox)
    assert set(results) == {"modules", "notebook"}
    for result in results.values():
        assert result.points == result.max_points == programmed.code_points
        assert [(check.id, check.verdict, check.points) for check in result.checks] == [
            (check.id, check.verdict, check.points) for check in results["modules"].checks
        ]


def test_a_notebook_needs_no_folder(tmp_path: Path, sandbox: Sandbox) -> None:
    assignment = COURSE.assignment("hw0")
    nbformat.write(filled_in(assignment), tmp_path / "alone.ipynb")
    (result,) = graded(tmp_path, assignment, sandbox).values()
    assert result.points == assignment.code_points


def graded(folder: Path, assignment: Assignment, sandbox: Sandbox) -> dict[str, Result]:
    jobs = [Job.of(entry) for entry in list_class(folder)]
    return {
        job.name: result
        for job, result in grade(jobs, assignment, COURSE.grading_seed, sandbox=sandbox, allow_weak=True)
    }

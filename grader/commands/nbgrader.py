"""`nbgrader`: a homework as nbgrader's `source/<assignment>/`, from which `generate_assignment` makes the release."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path

import nbformat

from grader.authoring.markers import BEGIN, END, STUB
from grader.authoring.notebook import notebook_of, written
from grader.course.assignment import Assignment, read_text
from grader.errors import CourseError


def write_source(assignment: Assignment, out: Path) -> Path:
    """Writes the notebook with the marked reference in it, and the files that its cells need. SECRET, like solutions/.

    Raises `CourseError` when `out` holds something already.
    """
    if assignment.document:
        raise CourseError(f"{assignment.name} has no notebook: students write {assignment.document}, as nbgrader "
                          "cannot grade it. Hand it out with `make handout`.")  # fmt: skip
    if out.exists() and any(out.iterdir()):
        raise CourseError(f"{out} is not empty. Remove it, or name another folder with --out.")
    ignored = shutil.ignore_patterns("__pycache__", "results", "*.ipynb", *assignment.modules)
    shutil.copytree(assignment.folder, out, ignore=ignored, dirs_exist_ok=True)
    for place in assignment.shared_folders:  # nbgrader gives out this folder and nothing beside it
        shutil.copytree(place, out / place.name, ignore=shutil.ignore_patterns("__pycache__"))
    reference = assignment.sources(assignment.solution)
    notebook = notebook_of(assignment, reference, assignment.sources(assignment.folder))
    notebook.cells = _closed(notebook.cells)
    (out / assignment.notebook.name).write_text(written(notebook), encoding="utf-8")
    return out


def unchecked(assignment: Assignment) -> list[str]:
    """The problems of code that no public check asks about: there nbgrader, which runs these alone, gives no points."""
    files = sorted((assignment.folder / "checks").glob("*.py"))
    nodes = [node for file in files for node in ast.walk(ast.parse(read_text(file)))]
    calls = [node for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    asked = {
        call.args[0].value
        for call in calls
        if getattr(call.func, "id", "") == "problem" and call.args and isinstance(call.args[0], ast.Constant)
    }
    return [problem.id for problem in assignment.problems if problem.kind == "code" and problem.id not in asked]


def _closed(cells: list[nbformat.NotebookNode]) -> list[nbformat.NotebookNode]:
    """The cells, where what only the solution defines stands in the region that ends the cell before it.

    In a cell of its own it would leave one behind that does nothing but raise, and nbgrader refuses a region that is
    not closed in its cell.
    """
    kept = list[nbformat.NotebookNode]()
    inside = False
    for cell in cells:
        if not cell.metadata.get("nbgrader", {}).get("solution"):
            kept.append(cell)
            continue
        lines = cell.source.strip("\n").split("\n")
        if inside and lines[0] == END:
            inside, lines = False, lines[1:]
        inside = inside or lines[0] == BEGIN
        if inside:
            before = next(each for each in reversed(kept) if each.metadata.get("nbgrader", {}).get("solution"))
            helper = "\n".join(line for line in lines if line not in (BEGIN, END, STUB)).strip("\n")
            if not before.source.rstrip().endswith(END):
                raise CourseError(
                    f"cell {cell.id}: the cell before it does not end with a solution. Move it below one."
                )
            before.source = f"{before.source.rstrip().removesuffix(END).rstrip()}\n\n\n{helper}\n{END}"
            inside = END not in lines
        else:
            cell.source = "\n".join(lines).strip("\n")
            kept.append(cell)
    return kept

"""`nbgrader`: a homework as nbgrader's `source/<assignment>/`, from which `generate_assignment` makes the release."""

from __future__ import annotations

import shutil
from pathlib import Path

from grader.authoring.notebook import notebook_of, written
from grader.course.assignment import Assignment
from grader.errors import CourseError


def write_source(assignment: Assignment, out: Path) -> Path:
    """Writes the notebook with the marked reference in it, and the files that its cells need. SECRET, like solutions/.

    Raises `CourseError` when `out` holds something already.
    """
    if out.exists() and any(out.iterdir()):
        raise CourseError(f"{out} is not empty. Remove it, or name another folder with --out.")
    ignored = shutil.ignore_patterns("__pycache__", "results", "*.ipynb", *assignment.modules)
    shutil.copytree(assignment.folder, out, ignore=ignored, dirs_exist_ok=True)
    for place in assignment.shared_folders:  # nbgrader gives out this folder and nothing beside it
        shutil.copytree(place, out / place.name, ignore=shutil.ignore_patterns("__pycache__"))
    reference = assignment.sources(assignment.solution)
    notebook = notebook_of(assignment, reference, assignment.sources(assignment.folder))
    (out / assignment.notebook.name).write_text(written(notebook), encoding="utf-8")
    return out

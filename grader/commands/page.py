"""`page`: a homework's handout as one HTML file."""

from __future__ import annotations

from pathlib import Path

from grader.atomic import write_atomically
from grader.authoring.page import page_of
from grader.course.assignment import Assignment
from grader.errors import CourseError


def write_page(assignment: Assignment, out: Path) -> None:
    """Writes the page `out`, whose links lead to the homework's own folder. Raises `CourseError`."""
    if out.is_dir():
        raise CourseError(f"{out} is a folder. Name the file to write, such as {out / assignment.short}.html.")
    write_atomically(out, page_of(assignment, assignment.folder, out.absolute().parent).encode())

"""`new`: the skeleton of a homework, with everything that is made from it."""

from __future__ import annotations

from pathlib import Path

from grader.authoring.skeleton import write_skeleton
from grader.commands.build import build_assignment
from grader.course.assignment import Course


def new_homework(course: Course, name: str, title: str) -> list[Path]:
    """Writes the homework and builds its stub, notebook and recorded answers. Returns the files.

    Raises `CourseError` when the name or the title cannot be used.
    """
    files = write_skeleton(course, name, title)
    return sorted({*files, *build_assignment(course.assignment(name))})

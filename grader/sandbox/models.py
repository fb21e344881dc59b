"""What an assignment wants preloaded, as plain data for the fork server."""

from __future__ import annotations

from collections.abc import Callable

from grader.course.assignment import Assignment
from grader.errors import WeightsError
from grader.sandbox.preload import NOTHING, Preload


def preload_of(assignment: Assignment) -> Preload:
    """The assignment's modules and the files of its weights, each of which was compared with its SHA-256.

    Raises `WeightsError` for weights that are missing or not the right ones.
    """
    if assignment.preload is None:
        return NOTHING
    return Preload(
        modules={path.stem: str(path) for path in assignment.preload_files},
        files={each.name: str(each.path()) for each in assignment.preload.weights},
        digests=assignment.preload_digests,
    )


def model_folders(assignment: Assignment) -> tuple[str, ...]:
    """Where practice finds the modules that grading preloads; nothing of them is loaded before somebody asks."""
    return tuple(dict.fromkeys(str(path.parent) for path in assignment.preload_files))


def absence_of(assignment: Assignment) -> Callable[[str], str]:
    """Why weights of the assignment, by their name, are not here or not the right ones; "" for those that are.

    A file is looked at when somebody asks for it.
    """
    by_name = {each.name: each for each in assignment.preload.weights} if assignment.preload else {}

    def why(name: str) -> str:
        try:
            by_name[name].path()
        except WeightsError as error:
            return str(error)
        return ""

    return why

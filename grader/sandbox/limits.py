"""The limits under which an assignment's submissions run."""

from __future__ import annotations

import math
from dataclasses import fields

from grader.course.assignment import Assignment
from grader.errors import CourseError
from grader.sandbox.replies import Limits


def limits_of(assignment: Assignment) -> Limits:
    """The default limits with the assignment's own in their place. Raises `CourseError` for a key that is no limit."""
    known = {field.name: field.type for field in fields(Limits)}
    for name, value in assignment.limits.items():
        if name not in known or not (math.isfinite(value) and value > 0):
            raise CourseError(
                f"{assignment.folder / 'assignment.toml'}: limits.{name} = {value} is no limit. "
                f"Limits are positive, and called: {', '.join(known)}."
            )
    own = {name: int(value) if known[name] == "int" else value for name, value in assignment.limits.items()}
    return Limits(**own)  # type: ignore[arg-type]

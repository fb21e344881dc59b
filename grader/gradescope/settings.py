"""What the archive of a homework says of itself: settings.json, written by `make gradescope`, read on the platform."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from grader.errors import CourseError

NAME = "settings.json"
Visibility = Literal["visible", "after_due_date", "after_published", "hidden"]


class Settings(BaseModel):
    """How one homework is graded on the platform.

    `minutes`, `cpus` and `memory_mb` are what the assignment's container has ("Autograder Settings" there); limits of
    submissions follow from them. `hidden_checks` says when students see checks whose inputs are hidden: with "visible",
    as much of them as every other report shows. Without `trial`, building the image grades nothing.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    homework: str
    minutes: Annotated[float, Field(gt=0, le=40)] = 10
    cpus: Annotated[float, Field(gt=0, le=8)] = 0.5
    memory_mb: Annotated[int, Field(ge=384)] = 768
    hidden_checks: Visibility = "visible"
    confinement: Literal["best", "full", "container", "bare"] = "best"
    allow_weak: bool = False
    trial: bool = True


def read_settings(source: Path) -> Settings:
    """The settings in an unpacked archive. Raises `CourseError`."""
    path = source / NAME
    try:
        return Settings.model_validate_json(path.read_bytes())
    except OSError as error:
        raise CourseError(
            f"{path}: cannot be read ({error.strerror}). Make the archive anew: make gradescope."
        ) from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise CourseError(f"{path}: {where}: {first['msg']}. Make the archive anew: make gradescope.") from None

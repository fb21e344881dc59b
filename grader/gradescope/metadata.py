"""What Gradescope says of a submission: submission_metadata.json. Times come from here and never from the clock."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

MOST_BYTES = 50_000_000


class User(BaseModel):
    """One of those who handed in; a group has several."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    id: int | str = ""
    email: str = ""
    name: str = ""


class Task(BaseModel):
    """The assignment as it was made on the platform."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    title: str = ""
    total_points: str | float | None = None
    due_date: datetime | None = None
    late_due_date: datetime | None = None


class Metadata(BaseModel):
    """What we use of the file. `previous_submissions` are only counted: their scores are the platform's business."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    id: int | str = ""
    created_at: datetime | None = None
    assignment: Task = Task()
    users: tuple[User, ...] = ()
    previous_submissions: tuple[Any, ...] = ()

    @property
    def name(self) -> str:
        """How the submission is called: as its folder in a download for graders."""
        return f"submission_{self.id}" if str(self.id).isalnum() else "submission"

    def told(self) -> dict[str, Any]:
        """What of it goes into the results, so that a gradebook needs no other file."""
        found = {
            "submission": str(self.id),
            "submitted_at": _utc(self.created_at),
            "due_at": _utc(self.assignment.due_date),
            "late_due_at": _utc(self.assignment.late_due_date),
            "students": [user.email for user in self.users],
            "attempt": len(self.previous_submissions) + 1,
        }
        return {key: value for key, value in found.items() if value not in ("", None)}


def read_metadata(path: Path) -> tuple[Metadata, str]:
    """The metadata, and what is wrong with the file ("" for nothing). A file that cannot be read costs no points."""
    try:
        with path.open("rb") as file:
            return Metadata.model_validate_json(file.read(MOST_BYTES)), ""
    except OSError as error:
        return Metadata(), f"{path}: cannot be read ({error.strerror}), so nobody knows whose this is, and when."
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        return Metadata(), f"{path}: {where}: {first['msg']}. Nobody knows whose this is, and when it was handed in."


def _utc(at: datetime | None) -> str | None:
    """A time that says its offset, in UTC; one that says none means nothing and is left out."""
    return at.astimezone(UTC).isoformat() if at is not None and at.tzinfo is not None else None

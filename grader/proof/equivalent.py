"""Generic mutants that no check can or should kill, each with the reason: `solutions/<hw>/equivalent.toml`.

    [[equivalent]]
    where = "multitask.joint_batches"
    original = "if len(batch) == batch_size:"
    mutated = "if len(batch) >= batch_size:"
    reason = "The batch grows by one, so it never gets longer than batch_size."

Lines are named by their text, not by their number, so that an entry outlives changes elsewhere.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from grader.course.assignment import Assignment, read_text
from grader.errors import CourseError
from grader.proof.generic import GenericMutant

FILE = "equivalent.toml"
Text = Annotated[str, Field(min_length=1)]


class Equivalent(BaseModel):
    """One explained survivor. Blanks in `original` and `mutated` do not count."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    where: Text
    original: Text
    mutated: str
    reason: Annotated[str, Field(min_length=10)]

    def explains(self, mutant: GenericMutant) -> bool:
        """Whether this entry is about that mutant."""
        return _key(self.where, self.original, self.mutated) == _key(mutant.where, mutant.original, mutant.mutated)


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    equivalent: tuple[Equivalent, ...] = ()


def explained(assignment: Assignment) -> tuple[Equivalent, ...]:
    """The entries of an assignment's equivalent.toml; none where there is no such file. Raises `CourseError`."""
    path = assignment.solution / FILE
    if not path.is_file():
        return ()
    try:
        entries = _File.model_validate(tomllib.loads(read_text(path))).equivalent
    except tomllib.TOMLDecodeError as error:
        raise CourseError(f"{path}: not valid TOML: {error}.") from None
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise CourseError(f"{path}: {faults}.") from None
    _once_each(path, entries)
    return entries


def _once_each(path: Path, entries: Iterable[Equivalent]) -> None:
    keys = set()
    for entry in entries:
        key = _key(entry.where, entry.original, entry.mutated)
        if key in keys:
            raise CourseError(f"{path}: {entry.where}: `{entry.mutated}` is explained twice. Leave one out.")
        keys.add(key)


def _key(where: str, original: str, mutated: str) -> tuple[str, str, str]:
    return where, "".join(original.split()), "".join(mutated.split())

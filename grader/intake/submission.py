"""What a submission is once it has been read, and the limits under which it is read."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Literal

View = Literal["modules", "notebook"]


@dataclass(frozen=True)
class IntakeLimits:
    """How much of a submission is looked at. Honest homework stays far below every one of these."""

    source_bytes: int = 1_000_000  # one module; the wire format carries texts of at most 1 MiB
    sources_bytes: int = 3_000_000  # all modules together; one request of the wire format holds 4 MiB
    archive_bytes: int = 50_000_000  # the archive as it was handed in
    unpacked_bytes: int = (
        100_000_000  # a compressed tar, which can only be read as a whole (of a zip, only the modules are)
    )
    notebook_bytes: int = 50_000_000  # a notebook with its outputs, which are not looked at
    notebook_nodes: int = 2_000_000  # lists and objects in its JSON: each takes far more memory than it has text
    notebook_cells: int = 10_000
    entries: int = 1_000  # files and folders considered: down to the depth at which the last module was found
    listed: int = 20_000  # names in an archive, or in a folder, that are listed at all
    depth: int = 8  # folders within folders
    name_bytes: int = 255
    path_bytes: int = 1024
    notes: int = 5  # names spelled out in one note


@dataclass(frozen=True)
class CellPlace:
    """Where the lines of one cell of a notebook stand in the text of a module."""

    file: str  # the notebook's, fit to be shown
    cell: int  # from 1, all cells counted
    first: int  # lines of the module's text, from 1, both included
    last: int
    offset: int  # line of the cell = line of the text - offset


Places = Mapping[str, tuple[CellPlace, ...]]
NO_PLACES: Places = MappingProxyType({})


@dataclass(frozen=True)
class Submission:
    """One student's work as text, or the reason (`problem`) why it cannot be graded.

    `name` is safe as a file name and in a table; `source` is where it was read from. `modules` maps module names to
    source text with "\\n" line ends, and is empty when there is a problem. `fingerprint` depends on the modules and the
    problem only: the same work zipped again, renamed, or with other files beside it has the same one, and so has a
    notebook whose exported cells, joined, are the same text as the module.

    `absent` are modules that are not there, with what to tell the student; in `modules` their text is empty.
    `view` says in which form the work was handed in, and `places`, for a notebook, which lines are of which cell.
    """

    name: str
    source: Path
    modules: Mapping[str, str]
    notes: tuple[str, ...]
    problem: str | None
    fingerprint: str
    view: View = "modules"
    places: Places = field(default_factory=lambda: NO_PLACES)
    absent: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def accepted(
        cls,
        name: str,
        source: Path,
        modules: Mapping[str, str],
        notes: tuple[str, ...],
        view: View = "modules",
        places: Places = NO_PLACES,
        absent: Mapping[str, str] = MappingProxyType({}),
    ) -> Submission:
        fingerprint = _fingerprint(modules, "")
        return cls(name, source, dict(modules), notes, None, fingerprint, view, MappingProxyType(dict(places)), absent)

    @classmethod
    def invalid(cls, name: str, source: Path, problem: str, notes: tuple[str, ...] = ()) -> Submission:
        return cls(name, source, {}, notes, problem, _fingerprint({}, problem))


class Refused(Exception):
    """The submission cannot be graded. The message is for the student: which file, what is wrong, what to do."""


def _fingerprint(modules: Mapping[str, str], problem: str) -> str:
    digest = hashlib.sha256()
    for part in (*(part for item in sorted(modules.items()) for part in item), problem):
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "little") + data)
    return digest.hexdigest()

"""What a submission is once it has been read, and the limits under which it is read."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
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
    packed_depth: int = 3  # archives within archives, or within folders
    packed_archives: int = 5  # how many of them are opened
    notebook_bytes: int = 50_000_000  # a notebook with its outputs, which are not looked at
    notebook_nodes: int = 2_000_000  # lists and objects in its JSON: each takes far more memory than it has text
    notebook_cells: int = 10_000
    entries: int = 1_000  # files and folders considered: down to the depth at which the last module was found
    opened_bytes: int = 30_000_000  # modules that are looked into, to see which one counts
    opened_notebooks: int = 100_000_000  # notebooks, for the same
    listed: int = 20_000  # names in an archive, or in a folder, that are listed at all
    depth: int = 8  # folders within folders
    name_bytes: int = 255
    path_bytes: int = 1024
    notes: int = 5  # names spelled out in one note


@dataclass(frozen=True)
class CellPlace:
    """Where the lines of one cell of a notebook stand in the text of a module; cell 0 is a place in a document."""

    file: str  # the notebook's or the document's, fit to be shown
    cell: int  # from 1, all cells counted
    first: int  # lines of the module's text, from 1, both included
    last: int
    offset: int  # line of the cell = line of the text - offset


Places = Mapping[str, tuple[CellPlace, ...]]
NO_PLACES: Places = MappingProxyType({})


@dataclass(frozen=True)
class Submission:
    """One student's work as text, or the reason (`refusal`) why it cannot be graded.

    `name` is safe as a file name and in a table; `source` is where it was read from. `modules` maps module names to
    source text with "\\n" line ends, and is empty when it is refused. `fingerprint` depends on the modules and the
    refusal only: the same work zipped again, renamed, or with other files beside it has the same one, and so has a
    notebook whose exported cells, joined, are the same text as the module.

    `absent` are modules that are not there, with what to tell the student; in `modules` their text is empty.
    `view` says in which form the work was handed in, and `places`, for a notebook, which lines are of which cell.
    `remarks` are those of the notes that a teaching assistant must see before trusting the grade: work that was found
    and not taken, several files that could count, cells that were known only by what they define.
    """

    name: str
    source: Path
    modules: Mapping[str, str]
    notes: tuple[str, ...]
    refusal: str | None
    fingerprint: str
    view: View = "modules"
    places: Places = field(default_factory=lambda: NO_PLACES)
    remarks: tuple[str, ...] = ()
    absent: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def accepted(
        cls,
        name: str,
        source: Path,
        modules: Mapping[str, str],
        notes: Sequence[str],
        view: View = "modules",
        places: Places = NO_PLACES,
        absent: Mapping[str, str] = MappingProxyType({}),
    ) -> Submission:
        fingerprint, kept = _fingerprint(modules, ""), MappingProxyType(dict(places))
        remarks = _remarks(notes)
        return cls(name, source, dict(modules), tuple(notes), None, fingerprint, view, kept, remarks, absent)

    @classmethod
    def invalid(cls, name: str, source: Path, refusal: str, notes: Sequence[str] = ()) -> Submission:
        fingerprint = _fingerprint({}, refusal)
        return cls(name, source, {}, tuple(notes), refusal, fingerprint, remarks=_remarks(notes))


class Notes(list[str]):
    """What there is to tell of a submission, in the order in which it was noticed."""

    def __init__(self) -> None:
        super().__init__()
        self.remarks: list[str] = []

    def remark(self, note: str) -> None:
        """Adds a note that is for teaching assistants too (`Submission.remarks`)."""
        self.append(note)
        self.remarks.append(note)

    def without(self, some: Collection[str]) -> Notes:
        """These notes but for some."""
        rest = Notes()
        for note in self:
            if note not in some:
                (rest.remark if note in self.remarks else rest.append)(note)
        return rest

    def add(self, other: Notes) -> None:
        """Adds all of `other`, with its remarks."""
        self.extend(other)
        self.remarks.extend(other.remarks)


def _remarks(notes: Sequence[str]) -> tuple[str, ...]:
    return tuple(notes.remarks) if isinstance(notes, Notes) else ()


@dataclass
class Allowance:
    """How much may still be unpacked of one submission, archives within archives included."""

    unpacked_bytes: int
    archives: int

    @classmethod
    def of(cls, limits: IntakeLimits) -> Allowance:
        return cls(limits.unpacked_bytes, limits.packed_archives)

    def spend(self, count: int, file: str, limits: IntakeLimits) -> None:
        """Counts what was unpacked of `file`. Raises `Refused` when it was too much."""
        self.unpacked_bytes -= count
        if self.unpacked_bytes < 0:
            raise Refused(
                f"{file} unpacks to more than {limits.unpacked_bytes:,} bytes. "
                "Hand in only what the assignment asks for."
            )


class Refused(Exception):
    """The submission cannot be graded. The message is for the student: which file, what is wrong, what to do."""


def _fingerprint(modules: Mapping[str, str], refusal: str) -> str:
    digest = hashlib.sha256()
    for part in (*(part for item in sorted(modules.items()) for part in item), refusal):
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "little") + data)
    return digest.hexdigest()

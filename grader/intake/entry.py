"""One submission of a class before it is read, and what of a class folder is nobody's submission."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from grader.intake import names

if TYPE_CHECKING:
    from grader.course.assignment import Assignment

NO_FILES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Entry:
    """One submission of a class, not read yet. `refusal` is set when it need not be read to be refused.

    `files` is for a student whose files lie loose in the class folder: the student's own name of each -> its path.
    `remarks` are for who grades: which of two attempts counts, or that two entries may be one student's.
    """

    name: str
    path: Path
    refusal: str | None = None
    alone: bool = False  # a loose file in a folder that holds folders or archives as well
    files: Mapping[str, str] = field(default_factory=lambda: NO_FILES)
    remarks: tuple[str, ...] = ()
    earlier: tuple[Entry, ...] = ()  # attempts before this one, the latest first: one counts if this cannot be read


@dataclass(frozen=True)
class PassedOver:
    """A file of a class folder that is nobody's submission, and why. `student` is the row that it belongs to, or ""."""

    file: str
    why: str
    student: str = ""


@dataclass(frozen=True)
class Asked:
    """What a homework asks for, as far as file names tell: the modules, the notebook, what is graded by hand."""

    modules: tuple[str, ...] = ()
    notebook: str = ""
    by_hand: tuple[str, ...] = ()  # patterns, such as "*.png"

    @classmethod
    def of(cls, assignment: Assignment) -> Asked:
        notebook = "" if assignment.document else assignment.notebook.name
        return cls(assignment.handed_in, notebook, assignment.hand_in)

    def named(self, file: str) -> bool:
        """Whether the homework asks for a module or notebook of this name."""
        return names.folded(file) in {names.folded(name) for name in (*self.modules, self.notebook) if name}

    def is_work(self, file: str) -> bool:
        """Whether a file may hold code, by its name: a module, a notebook, an archive, or what was meant as one."""
        lower = file.lower()
        return (
            lower.endswith((".py", *names.ARCHIVE_SUFFIXES, *names.FOREIGN_ARCHIVE_SUFFIXES))
            or (lower.endswith(self.suffixes) and not self._meant_by_hand(file))
            or names.is_notebook(lower)
            or (not lower.endswith(".pyc") and any(names.is_near_miss(file, asked) for asked in self.modules))
        )

    @property
    def suffixes(self) -> tuple[str, ...]:
        """How names of work end: ".py", or ".md" where a document is asked for."""
        return tuple(dict.fromkeys(names.suffix(each) for each in self.modules))

    def _meant_by_hand(self, file: str) -> bool:
        plain = [pattern for pattern in self.by_hand if "*" not in pattern]
        return self.is_by_hand(file) or any(names.is_near_miss(file, each) for each in plain)

    def is_by_hand(self, file: str) -> bool:
        """Whether this is a file that people grade."""
        return any(fnmatch.fnmatchcase(file.casefold(), pattern.casefold()) for pattern in self.by_hand)


def is_archive(file: str) -> bool:
    """Whether a file's name says that it is an archive, of a kind that is accepted or not."""
    return file.lower().endswith((*names.ARCHIVE_SUFFIXES, *names.FOREIGN_ARCHIVE_SUFFIXES))

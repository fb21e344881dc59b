"""The submissions of a class: what lies in a folder, one entry each."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

from grader.errors import IntakeError
from grader.intake import folders, names
from grader.intake.names import shown
from grader.intake.reading import read_submission
from grader.intake.submission import IntakeLimits, Submission
from grader.intake.tree import Kind
from grader.intake.wanted import Wanted

# What a download or a TA puts beside the submissions. Anything else is somebody's work, if perhaps in a form that is
# refused: a student whose file is passed over in silence would be missing from the gradebook.
_BESIDE_SUFFIXES = (".csv", ".tsv", ".xlsx", ".yml", ".yaml", ".json", ".jsonl", ".toml", ".md", ".rst", ".log")
_BESIDE_STEMS = ("readme", "requirements", "license")


@dataclass(frozen=True)
class Entry:
    """One submission of a class, not read yet. `problem` is set when it need not be read to be refused."""

    name: str
    path: Path
    problem: str | None = None
    alone: bool = False  # a loose file in a folder that holds folders or archives as well


def list_class(folder: Path) -> list[Entry]:
    """The entries of a class folder, sorted by name; nothing is read. Raises `IntakeError` when there are none."""
    try:
        with os.scandir(folder) as found:
            kinds = {Path(entry.path): folders.kind_of(entry.stat(follow_symlinks=False).st_mode) for entry in found}
    except FileNotFoundError as error:
        raise IntakeError(f"{folder}: there is no such folder. Check the path of the folder of submissions.") from error
    except NotADirectoryError as error:
        raise IntakeError(
            f"{folder} is a file. Give the folder that holds the submissions; unpack a downloaded archive first."
        ) from error
    except OSError as error:
        raise IntakeError(f"{folder} cannot be listed: {error.strerror}. Make it readable.") from error
    kept = {
        path: kind for path, kind in kinds.items() if not names.is_skipped(path.name) and not _is_beside(path, kind)
    }
    if not kept:
        raise IntakeError(
            f"{folder} holds no submissions. It should hold, for each student, a folder, a .py, a notebook (.ipynb), "
            "a .zip or a .tar.gz."
        )
    several = any(
        kind is Kind.FOLDER or (path.suffix != ".py" and not names.is_notebook(path.name))
        for path, kind in kept.items()
    )
    entries = [_entry(path, kind, several) for path, kind in kept.items()]
    return _without_clashes(sorted(entries, key=lambda entry: (entry.name, entry.path.name)))


def read_entry(entry: Entry, wanted: Wanted, limits: IntakeLimits = IntakeLimits()) -> Submission:  # noqa: B008
    """The submission behind one entry; problems and errors as for `read_submission`."""
    if entry.problem is not None:
        return Submission.invalid(entry.name, entry.path, entry.problem)
    submission = replace(read_submission(entry.path, wanted, limits), name=entry.name)
    if entry.alone and entry.path.name in (*wanted.modules, wanted.notebook):
        note = f"{shown(entry.path.name)} lies directly in the folder of submissions: its name does not say whose it is"
        return replace(submission, notes=(note, *submission.notes))
    return submission


def read_class(folder: Path, wanted: Wanted, limits: IntakeLimits = IntakeLimits()) -> list[Submission]:  # noqa: B008
    """All submissions of a class folder at once. To grade a class, read entry by entry: an error of ours stops this."""
    return [read_entry(entry, wanted, limits) for entry in list_class(folder)]


def _entry(path: Path, kind: Kind, several: bool) -> Entry:
    name = names.safe_name(path.name if kind is Kind.FOLDER else names.stem(path.name))
    return Entry(name, path, alone=several and kind is Kind.FILE)


def _is_beside(path: Path, kind: Kind) -> bool:
    name = path.name.lower()
    if kind is not Kind.FILE or names.is_notebook(name):
        return False
    return name.endswith(_BESIDE_SUFFIXES) or name.removesuffix(".txt") in _BESIDE_STEMS


def _without_clashes(entries: list[Entry]) -> list[Entry]:
    """Two entries of one name would have one result: none of them is read, and each says why."""
    sharing: dict[str, list[Entry]] = {}
    for entry in entries:
        sharing.setdefault(names.folded(entry.name), []).append(entry)
    return [_clashing(entry, sharing[names.folded(entry.name)]) for entry in entries]


def _clashing(entry: Entry, sharing: list[Entry]) -> Entry:
    if len(sharing) == 1:
        return entry
    paths = names.listed(sorted(other.path.name for other in sharing), 5)
    return replace(
        entry,
        problem=f"{paths} would be the same submission, {entry.name}. "
        "Keep the one that counts, and remove or rename the rest.",
    )

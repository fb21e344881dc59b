"""The submissions of a class: what lies in a folder, one entry a student, and what of it is nobody's submission."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from grader.errors import IntakeError
from grader.intake import folders, names
from grader.intake.attempts import Upload, holds_code, of_student
from grader.intake.companions import is_results, is_the_download, students_in, whose, why_beside
from grader.intake.distinct import distinct
from grader.intake.entry import Asked, Entry, PassedOver, is_archive
from grader.intake.loose_files import read_files
from grader.intake.names import shown
from grader.intake.platforms import Label, labels
from grader.intake.reading import read_submission
from grader.intake.submission import IntakeLimits, Submission
from grader.intake.submitters import METADATA, submitters
from grader.intake.tree import Kind
from grader.intake.versions import latest_version
from grader.intake.wanted import Wanted

Kinds = Mapping[Path, Kind]
FEW = 3  # archives in a class folder, of which each may be the download itself
_COPY = re.compile(r"(?: ?\(\d+\)|-\d+| - (?:copy|kopie|copia))(?=\.\w+$)", re.IGNORECASE)  # as drives write it


@dataclass(frozen=True)
class ClassFolder:
    """A class: its entries, sorted by name; the files that are nobody's; and what to tell of the folder itself."""

    folder: Path
    entries: tuple[Entry, ...]
    passed_over: tuple[PassedOver, ...] = ()
    notes: tuple[str, ...] = ()


def list_class(folder: Path, asked: Asked = Asked()) -> list[Entry]:  # noqa: B008
    """The entries of a class folder, sorted by name, as `look_through` finds them."""
    return list(look_through(folder, asked).entries)


def look_through(folder: Path, asked: Asked = Asked()) -> ClassFolder:  # noqa: B008
    """Who handed in, as names tell. Raises `IntakeError` when there is nobody.

    No file is read but Gradescope's list, and the names in a few archives that may be the download itself. What a
    platform calls files tells whose they are: files and attempts of one student are one entry.
    """
    kinds = _kinds(folder)
    kept = {path: kind for path, kind in kinds.items() if not names.is_skipped(path.name)}
    labelled = labels({path.name: kind is Kind.FOLDER for path, kind in kept.items()})
    if inner := _too_high(folder, kept, labelled, asked):
        below = look_through(inner, asked)
        note = f"The submissions lie one folder deeper, in {shown(inner.name)}: that folder was graded."
        return replace(below, notes=(note, *below.notes))
    entries, passed = _of_platforms(kept, labelled, asked)
    plain = {path: kind for path, kind in kept.items() if path.name not in labelled}
    for path, kind in list(plain.items()):
        if why := _why_nobodys(path, kind, labelled, asked):
            passed.append(PassedOver(path.name, why))
            del plain[path]
    students = {names.folded(entry.name): entry.name for entry in entries}
    for path, kind in plain.items():
        if kind is Kind.FOLDER or asked.is_work(path.name):
            name = _name(path, kind)
            students.setdefault(names.folded(name), name)
    for path, kind in list(plain.items()):
        if kind is Kind.FILE and (owner := whose(path.name, students, asked)):
            passed.append(PassedOver(path.name, "lies beside a submission of that name, which counts", owner))
            del plain[path]
    archives = [path for path, kind in plain.items() if kind is Kind.FILE and is_archive(path.name)]
    for path in archives if len(archives) <= FEW else ():
        if is_the_download(path, {other.name for other in kept if other != path}):
            passed.append(PassedOver(path.name, "the download itself, whose content lies beside it"))
            del plain[path]
    if len(archives) == len(plain) == 1 and not entries and (who := students_in(archives[0])):
        raise IntakeError(
            f"{folder / shown(archives[0].name)} is the download of a class, with what {names.listed(who, 3)} handed "
            "in. Unpack it, and give the folder that it makes."
        )
    entries += _plain_entries(plain, kept, labelled, asked)
    if not entries:
        raise IntakeError(
            f"{folder} holds no submissions{_but(passed)}. It should hold, for each student, a folder, a .py, "
            "a notebook (.ipynb), a .zip or a .tar.gz."
        )
    told, notes = _with_submitters(folder, entries)
    return ClassFolder(folder, tuple(distinct(told)), tuple(sorted(passed, key=lambda it: it.file)), notes)


def read_entry(entry: Entry, wanted: Wanted, limits: IntakeLimits = IntakeLimits()) -> Submission:  # noqa: B008
    """The submission behind one entry; problems and errors as for `read_submission`.

    An attempt that cannot be read takes nothing from one before it that can: that one is graded, and who grades is told
    to decide.
    """
    submission = _read(entry, wanted, limits)
    for earlier in entry.earlier if submission.refusal is not None else ():
        if (found := _read(earlier, wanted, limits)).refusal is None:
            why = str(submission.refusal).rstrip(".")
            told = (
                f"{shown(entry.path.name)} cannot be read ({why}), "
                f"so an earlier attempt was graded, {shown(earlier.path.name)}"
            )
            ask = f"{told}. Decide whether it counts"
            return replace(found, name=entry.name, notes=(told, *found.notes), remarks=(ask, *found.remarks))
    return submission


def _read(entry: Entry, wanted: Wanted, limits: IntakeLimits) -> Submission:
    if entry.refusal is not None:
        return Submission.invalid(entry.name, entry.path, entry.refusal)
    if entry.files:
        files = {name: Path(path) for name, path in entry.files.items()}
        return replace(read_files(files, entry.path, wanted, limits), name=entry.name)
    submission = replace(read_submission(entry.path, wanted, limits), name=entry.name)
    if entry.alone and entry.path.name in (*wanted.modules, wanted.notebook):
        note = f"{shown(entry.path.name)} lies directly in the folder of submissions: its name does not say whose it is"
        return replace(submission, notes=(note, *submission.notes))
    return submission


def read_class(folder: Path, wanted: Wanted, limits: IntakeLimits = IntakeLimits()) -> list[Submission]:  # noqa: B008
    """All submissions of a class folder at once. To grade a class, read entry by entry: an error of ours stops this."""
    entries = list_class(folder, Asked(wanted.modules, wanted.notebook))
    return [read_entry(entry, wanted, limits) for entry in entries]


def _kinds(folder: Path) -> dict[Path, Kind]:
    try:
        with os.scandir(folder) as found:
            return {Path(entry.path): folders.kind_of(entry.stat(follow_symlinks=False).st_mode) for entry in found}
    except FileNotFoundError as error:
        raise IntakeError(f"{folder}: there is no such folder. Check the path of the folder of submissions.") from error
    except NotADirectoryError as error:
        raise IntakeError(
            f"{folder} is a file. Give the folder that holds the submissions; unpack a downloaded archive first."
        ) from error
    except OSError as error:
        raise IntakeError(f"{folder} cannot be listed: {error.strerror}. Make it readable.") from error


def _too_high(folder: Path, kept: Kinds, labelled: Mapping[str, Label], asked: Asked) -> Path | None:
    """The folder below in which the class lies, where a platform's names say so. Raises `IntakeError` if it may be."""
    inside = [path for path, kind in kept.items() if kind is Kind.FOLDER]
    if len(inside) != 1 or labelled or any(asked.is_work(path.name) for path in kept if path not in inside):
        return None
    try:
        below = _kinds(inside[0])
    except IntakeError:
        return None
    seen = {path: kind for path, kind in below.items() if not names.is_skipped(path.name)}
    folders_or_not = {path.name: kind is Kind.FOLDER for path, kind in seen.items()}
    if labels(folders_or_not) or METADATA in folders_or_not:
        return inside[0]
    work = [path for path, kind in seen.items() if kind is Kind.FILE and asked.is_work(path.name)]
    if any(asked.named(path.name) for path in work) or is_results(inside[0], folders_or_not):
        return None
    several = [path for path, kind in seen.items() if kind is Kind.FOLDER and holds_code(path, asked)]
    several += [path for path in work if is_archive(path.name)]
    if len(several) < 2:
        return None
    raise IntakeError(
        f"{folder} holds one folder, {shown(inside[0].name)}, and in it "
        f"{names.listed(sorted(path.name for path in several), 3)} could each be a submission. If they are, "
        f"give {inside[0]}. If they are one student's, keep the one that counts."
    )


def _of_platforms(kept: Kinds, labelled: Mapping[str, Label], asked: Asked) -> tuple[list[Entry], list[PassedOver]]:
    students: dict[tuple[str, str], list[Upload]] = {}
    for path, kind in sorted(kept.items()):
        if label := labelled.get(path.name):
            students.setdefault((label.platform, label.who), []).append(Upload(path, kind, label))
    entries, passed = list[Entry](), list[PassedOver]()
    for uploads in students.values():
        found, others = of_student(uploads, asked)
        entries += found
        passed += others
    return entries, passed


def _why_nobodys(path: Path, kind: Kind, labelled: Mapping[str, Label], asked: Asked) -> str:
    if kind is Kind.FOLDER:
        try:
            inside = os.listdir(path)
        except OSError:
            return ""
        if is_results(path, inside):
            return "results of this grader"
        others = {label.platform for label in labelled.values()}
        # A platform has named the students. Who adds one by hand adds code.
        return (
            f"no code in it, and not from {names.listed(sorted(others), 2)}"
            if others and not holds_code(path, asked)
            else ""
        )
    if kind is not Kind.FILE:
        return ""
    if path.name.lower() == "index.html" and any(label.platform == "Brightspace" for label in labelled.values()):
        return "Brightspace's own list"
    return why_beside(path.name, asked)


def _plain_entries(plain: Kinds, kept: Kinds, labelled: Mapping[str, Label], asked: Asked) -> list[Entry]:
    several = any(
        kind is Kind.FOLDER or (path.suffix not in (".py", *asked.suffixes) and not names.is_notebook(path.name))
        for path, kind in kept.items()
        if path in plain or path.name in labelled
    )
    entries = list[Entry]()
    for path, kind in plain.items():
        entry = Entry(_name(path, kind), path, alone=several and kind is Kind.FILE)
        if kind is Kind.FOLDER and (version := latest_version(path, asked)):
            entry = replace(entry, path=version[0], remarks=(version[1],))
        elif kind is Kind.FILE and len(kept) > 1 and asked.named(_COPY.sub("", path.name)) and not entry.alone:
            entry = replace(entry, remarks=("its name does not say whose it is",))
        entries.append(entry)
    return entries


def _name(path: Path, kind: Kind) -> str:
    return names.safe_name(path.name if kind is Kind.FOLDER else names.stem(path.name))


def _but(passed: list[PassedOver]) -> str:
    listed = names.listed(sorted(each.file for each in passed), 3)
    return f": {listed} cannot be any" if passed else ""


def _with_submitters(folder: Path, entries: list[Entry]) -> tuple[list[Entry], tuple[str, ...]]:
    """Gradescope calls folders by numbers. Whose they are is said of each, as its own list tells."""
    told = submitters(folder / METADATA)
    there = {entry.path.name for entry in entries}
    named = [
        replace(entry, remarks=(*entry.remarks, f"handed in by {told[entry.path.name]}"))
        if entry.path.name in told
        else entry
        for entry in entries
    ]
    absent = [f"{name} ({who})" for name, who in told.items() if name not in there]
    note = f"{METADATA} names submissions that are not in the folder: {names.listed(absent, 5)}. Download them again."
    return named, (note,) if absent else ()

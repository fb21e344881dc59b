"""One submission, whatever form it was handed in: a folder, a Python file, a notebook, a zip or a tar."""

from __future__ import annotations

import os
from pathlib import Path

from grader.errors import IntakeError
from grader.intake import archives, folders, names, tree, views
from grader.intake.candidates import defines_all, is_kin
from grader.intake.content import sniffed
from grader.intake.desk import Desk
from grader.intake.names import shown
from grader.intake.notebook_file import CLEAR, holds_notebook
from grader.intake.packed import work_in
from grader.intake.submission import Allowance, IntakeLimits, Notes, Refused, Submission
from grader.intake.views import Work
from grader.intake.wanted import Wanted


def read_submission(path: Path, wanted: Wanted, limits: IntakeLimits = IntakeLimits()) -> Submission:  # noqa: B008
    """The submission at `path`: a folder, a Python file, a notebook, a zip or a tar. Only what is `wanted` is used.

    Whatever is wrong with the submission becomes its `refusal`. `IntakeError` means that something is wrong on our side
    (the path does not exist, the disk fails, memory runs out, a bug): the caller records a grader error, which no
    student is charged for.
    """
    wanted.check()
    try:
        return _read(Path(os.path.abspath(path)), wanted, limits)
    except FileNotFoundError as error:
        raise IntakeError(f"{path}: there is no such file or folder. Check the path.") from error
    except Exception as error:  # MemoryError and RecursionError among them
        raise IntakeError(
            f"{path}: a fault on our side, not the student's, while it was read: {type(error).__name__}: {error}"
        ) from error


def _read(path: Path, wanted: Wanted, limits: IntakeLimits) -> Submission:
    kind = folders.kind_of(os.lstat(path).st_mode)
    name = names.safe_name(path.name if kind is tree.Kind.FOLDER else names.stem(path.name))
    notes, allowance = Notes(), Allowance.of(limits)
    try:
        if kind is tree.Kind.LINK:
            raise Refused(f"{shown(path.name)} is a link, not a file or folder. Hand in the file itself.")
        if kind is tree.Kind.SPECIAL:
            raise Refused(f"{shown(path.name)} is a device, a pipe or a socket. {wanted.forms}")
        if kind is tree.Kind.FOLDER:
            work = work_in(folders.levels(path, limits), wanted, limits, notes, allowance)
        else:
            work = _in_file(path, wanted, limits, notes, allowance)
    except Refused as refused:
        return Submission.invalid(name, path, str(refused), notes)
    return Submission.accepted(name, path, work.modules, notes, work.view, work.places, work.absent)


def _in_file(path: Path, wanted: Wanted, limits: IntakeLimits, notes: Notes, allowance: Allowance) -> Work:
    """What is in an archive, or the one file. The content decides what it is, not the name."""
    file, suffix = shown(path.name), path.suffix.lower()
    notebook = names.is_notebook(path.name) and bool(wanted.notebook)
    limit = limits.notebook_bytes if notebook else limits.archive_bytes
    data = folders.read_file(path, limit)
    if len(data) > limit:
        raise Refused(
            f"{file} is larger than {limit:,} bytes. {CLEAR if notebook else f'Hand in only {wanted.asked}.'}"
        )
    if not data:
        raise Refused(f"{file} is empty. Check the file and upload it again.")
    kind = sniffed(data)
    claims_archive = path.name.lower().endswith(names.ARCHIVE_SUFFIXES)
    if kind is None and suffix == ".tar":
        kind = "tar"  # the oldest form has no mark
    if kind in archives.READABLE:
        if not claims_archive or (kind == "zip") != (suffix == ".zip"):
            notes.append(f"{file} is a {kind} archive in spite of its name, and was read as one")
        inner = archives.levels(data, kind, file, limits, allowance)
        return work_in(inner, wanted, limits, notes, allowance)
    if kind is not None:
        raise Refused(f"{file} holds {kind} data, which is not accepted. {wanted.forms}")
    if claims_archive:
        raise Refused(
            f"{file} is not an archive, although its name says so, or its beginning is damaged. {wanted.forms}"
        )
    if wanted.notebook and (notebook or holds_notebook(data)):
        return views.of_notebook(path.name, data, wanted, limits, notes)
    return _one_module(path, data, wanted, limits, notes)


def _one_module(path: Path, data: bytes, wanted: Wanted, limits: IntakeLimits, notes: Notes) -> Work:
    file, modules = shown(path.name), wanted.modules
    desk = Desk(wanted, limits)
    item = tree.Item(path.name, tree.Kind.FILE, lambda limit: data[: limit + 1])
    if path.suffix.lower() == ".ipynb":
        raise Refused(
            f"{file} is a notebook. Export it as Python code and hand that in as {names.listed(list(modules), 9)}."
        )
    if path.suffix.lower() not in ((".md",) if wanted.document else (".py", ".pyw")):
        near = [module for module in modules if names.is_near_miss(path.name, module)]
        if not any(is_kin(item, module, desk) for module in modules):
            raise Refused(
                f"found {file}: rename it to {near[0]} and hand it in again."
                if near
                else f"{file} is not accepted. {wanted.forms}"
            )
    if homework := wanted.of_another(path.name, desk.defined(item)):
        raise Refused(f"{file} is of another homework, {homework}. Hand in {wanted.asked}.")
    if len(modules) != 1 and not defines_all(item, desk):
        alone = views.Tree(iter([[item]]), wanted, limits)
        if alone.modules.files:
            return alone.untouched(notes)
        raise Refused(
            f"{file} is one file, but the assignment asks for {', '.join(modules)}. "
            "Hand them in together, in a folder or a zip."
        )
    if len(modules) != 1 or not names.same(path.name, modules[0]):
        notes.append(f"{file} was taken as {names.listed(list(modules), 9)}")
    return views.of_modules({module: desk.data(item, module) for module in modules}, wanted, limits, notes)

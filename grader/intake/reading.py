"""One submission, whatever form it was handed in: a folder, a Python file, a zip or a tar."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from grader.errors import IntakeError
from grader.intake import archives, folders, names, tree
from grader.intake.names import shown
from grader.intake.source import decoded
from grader.intake.submission import IntakeLimits, Refused, Submission

_FORMS = "Hand in a folder, a .py file, a .zip or a .tar.gz."


def read_submission(path: Path, modules: Sequence[str], limits: IntakeLimits = IntakeLimits()) -> Submission:  # noqa: B008
    """The submission at `path`: a folder, a Python file, a zip or a tar. Only the files that `modules` names are used.

    Whatever is wrong with the submission becomes its `problem`. `IntakeError` means that something is wrong on our side
    (the path does not exist, the disk fails, memory runs out, a bug): the caller records a grader error, which no
    student is charged for.
    """
    _check(modules)
    try:
        return _read(Path(os.path.abspath(path)), modules, limits)
    except FileNotFoundError as error:
        raise IntakeError(f"{path}: there is no such file or folder. Check the path.") from error
    except Exception as error:  # MemoryError and RecursionError among them
        raise IntakeError(
            f"{path}: a fault on our side, not the student's, while it was read: {type(error).__name__}: {error}"
        ) from error


def _check(modules: Sequence[str]) -> None:
    """The names are the assignment's, so whatever is wrong with them is ours."""
    if not modules or isinstance(modules, str):
        raise IntakeError('The assignment asks for no files: name them, for example ["multitask.py"].')
    for file in modules:
        if not file.endswith(".py") or not file[:-3].isidentifier() or names.shadows(file, folder=False):
            raise IntakeError(
                f"The assignment asks for {file!r}: a module needs the suffix .py and a name that is nobody else's."
            )
    if len({names.folded(file) for file in modules}) < len(modules):
        raise IntakeError(f"The assignment asks for files that differ too little in name: {', '.join(modules)}.")


def _read(path: Path, modules: Sequence[str], limits: IntakeLimits) -> Submission:
    kind = folders.kind_of(os.lstat(path).st_mode)
    name = names.safe_name(path.name if kind is tree.Kind.FOLDER else names.stem(path.name))
    notes: list[str] = []
    try:
        if kind is tree.Kind.LINK:
            raise Refused(f"{shown(path.name)} is a link, not a file or folder. Hand in the file itself.")
        if kind is tree.Kind.SPECIAL:
            raise Refused(f"{shown(path.name)} is a device, a pipe or a socket. {_FORMS}")
        if kind is tree.Kind.FOLDER:
            files = _chosen(folders.levels(path, limits), modules, limits, notes)
        else:
            files = _in_file(path, modules, limits, notes)
        texts = _texts(files, limits, notes)
    except Refused as refused:
        return Submission.invalid(name, path, str(refused), tuple(notes))
    return Submission.accepted(name, path, texts, tuple(notes))


def _chosen(levels: tree.Levels, modules: Sequence[str], limits: IntakeLimits, notes: list[str]) -> dict[str, bytes]:
    choice = tree.choose(levels, modules, limits)
    notes += tree.remarks(choice, limits)
    return {file: tree.contents(file, item, limits) for file, item in choice.files.items()}


def _in_file(path: Path, modules: Sequence[str], limits: IntakeLimits, notes: list[str]) -> dict[str, bytes]:
    """The files in an archive, or the one Python file. The content decides what it is, not the name."""
    file, suffix = shown(path.name), path.suffix.lower()
    data = folders.read_file(path, limits.archive_bytes)
    if len(data) > limits.archive_bytes:
        raise Refused(
            f"{file} is larger than {limits.archive_bytes:,} bytes. Hand in only {names.listed(list(modules), 9)}."
        )
    if not data:
        raise Refused(f"{file} is empty. Check the file and upload it again.")
    kind = archives.sniffed(data)
    claims_archive = path.name.lower().endswith(names.ARCHIVE_SUFFIXES)
    if kind is None and suffix == ".tar":
        kind = "tar"  # the oldest form has no mark
    if kind in archives.READABLE:
        if not claims_archive or (kind == "zip") != (suffix == ".zip"):
            notes.append(f"{file} is a {kind} archive in spite of its name, and was read as one")
        return _chosen(archives.levels(data, kind, file, limits), modules, limits, notes)
    if kind is not None:
        raise Refused(f"{file} holds {kind} data, which is not accepted. {_FORMS}")
    if claims_archive:
        raise Refused(f"{file} is not an archive, although its name says so, or its beginning is damaged. {_FORMS}")
    if suffix == ".ipynb":
        raise Refused(
            f"{file} is a notebook. Export it as Python code and hand that in as {names.listed(list(modules), 9)}."
        )
    if suffix != ".py":
        near = [wanted for wanted in modules if names.is_near_miss(path.name, wanted)]
        raise Refused(
            f"found {file}: rename it to {near[0]} and hand it in again."
            if near
            else f"{file} is not accepted. {_FORMS}"
        )
    if len(modules) != 1:
        raise Refused(
            f"{file} is one file, but the assignment asks for {', '.join(modules)}. "
            "Hand them in together, in a folder or a zip."
        )
    if not names.same(path.name, modules[0]):
        notes.append(f"{file} was taken as {modules[0]}")
    return {
        modules[0]: tree.contents(
            modules[0], tree.Item(path.name, tree.Kind.FILE, lambda limit: data[: limit + 1]), limits
        )
    }


def _texts(files: Mapping[str, bytes], limits: IntakeLimits, notes: list[str]) -> dict[str, str]:
    if sum(map(len, files.values())) > limits.sources_bytes:
        raise Refused(
            f"{', '.join(files)} together are larger than {limits.sources_bytes:,} bytes. Hand in source code only."
        )
    texts = {}
    for file, data in files.items():
        texts[file.removesuffix(".py")], remarks = decoded(data, file)
        notes += remarks
    return texts

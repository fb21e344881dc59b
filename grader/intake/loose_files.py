"""One submission whose files lie loose in a class folder, as platforms without folders give them out."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from grader.errors import IntakeError
from grader.intake import folders, names, tree
from grader.intake.packed import work_in
from grader.intake.submission import Allowance, IntakeLimits, Notes, Refused, Submission
from grader.intake.wanted import Wanted


def read_files(files: Mapping[str, Path], source: Path, wanted: Wanted, limits: IntakeLimits) -> Submission:
    """The submission in `files` (the student's own name of each -> where it lies), as if they lay in a folder.

    Problems and errors as for `read_submission`. `source` is the path that the result names.
    """
    wanted.check()
    notes = Notes()
    try:
        items = [_item(name, path, limits) for name, path in sorted(files.items())]
        work = work_in(iter([items]), wanted, limits, notes, Allowance.of(limits))
    except Refused as refused:
        return Submission.invalid(names.safe_name(source.name), source, str(refused), notes)
    except FileNotFoundError as error:
        raise IntakeError(f"{error.filename}: there is no such file or folder. Check the path.") from error
    except Exception as error:  # MemoryError and RecursionError among them
        raise IntakeError(
            f"{source}: a fault on our side, not the student's, while it was read: {type(error).__name__}: {error}"
        ) from error
    name = names.safe_name(source.name)
    return Submission.accepted(name, source, work.modules, notes, work.view, work.places, work.absent)


def _item(name: str, path: Path, limits: IntakeLimits) -> tree.Item:
    fault = names.too_long(name, limits.name_bytes, limits.path_bytes)
    if names.has_control(name):
        fault = "contains a control character"
    if fault is not None:
        raise Refused(f"the name {names.shown(name)} {fault}. Remove or rename that file.")
    return tree.Item(name, folders.kind_of(path.lstat().st_mode), partial(folders.read_file, path))

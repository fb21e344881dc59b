"""`release` and `handout`: what students receive, written only once nothing secret was found in it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from grader.atomic import write_atomically
from grader.authoring.leaks import Leak, LeakError, files_in, scan, unneeded
from grader.authoring.release import write_release, zipped
from grader.authoring.secrets import secrets_of
from grader.commands.build import stale
from grader.commands.record import recorded
from grader.course.assignment import Assignment, Course, read_text
from grader.errors import CourseError
from grader.judge.answers import RECORDED
from grader.judge.rounding import stale_answers
from grader.sandbox.models import preload_of


def release_course(course: Course, assignments: Sequence[Assignment], out: Path) -> None:
    """Writes the public course with these homeworks into the folder `out`, which must be new or empty.

    It is written beside `out`, compared with everything secret, and only then moved there. Raises `LeakError` with
    every place that stops it, and `CourseError` when nothing could be compared; `out` is then as it was.
    """
    if out.exists() and not (out.is_dir() and not any(out.iterdir())):
        raise CourseError(f"{out} is not an empty folder, and a release overwrites nothing. Name a new folder.")
    beside = next(parent for parent in out.absolute().parents if parent.is_dir())
    try:
        with tempfile.TemporaryDirectory(dir=beside, prefix=".release-") as temporary:
            folder = Path(temporary, "release")
            compared = _written_and_compared(course, assignments, folder, "The release")
            out.parent.mkdir(parents=True, exist_ok=True)
            os.replace(folder, out)
    except OSError as error:
        raise CourseError(f"{out} cannot be written ({error.strerror}). Name another folder.") from None
    click.echo(f"{out}: {compared}")


def hand_out(course: Course, assignment: Assignment, zip_path: Path) -> None:
    """Writes one homework with all that it needs as a zip, in a folder of its name. Raises as `release_course` does.

    The same course makes the same bytes.
    """
    if zip_path.is_dir():
        raise CourseError(f"{zip_path} is a folder. Name the zip to write, such as {zip_path / assignment.name}.zip.")
    with tempfile.TemporaryDirectory(prefix="grader-handout-") as temporary:
        folder = Path(temporary, assignment.name)
        compared = _written_and_compared(course, [assignment], folder, "The handout")
        write_atomically(zip_path, zipped(folder, assignment.name))
    click.echo(f"{zip_path}: {compared}")


def _written_and_compared(course: Course, assignments: Sequence[Assignment], folder: Path, what: str) -> str:
    """Writes the public course into `folder` and says what it was compared with."""
    for assignment in assignments:
        preload_of(assignment)  # without weights nobody can say whether recorded answers are of today
    secrets = secrets_of(course)
    for assignment in assignments:
        if not secrets.alone.get(assignment.name):
            raise CourseError(f"{assignment.solution}: no secret line was found there, so {what.lower()} of "
                              f"{assignment.name} cannot be compared with it.")  # fmt: skip
    write_release(course, assignments, folder)
    leaks = [leak for assignment in assignments for leak in _out_of_date(course, assignment)]
    leaks += [*unneeded(course, secrets), *scan(folder, secrets)]
    if leaks:
        raise LeakError(what, leaks)
    lines = sum(secrets.lines.values())
    return f"{len(files_in(folder))} files, compared with {lines} secret lines; nothing secret is in them."


def _out_of_date(course: Course, assignment: Assignment) -> Iterator[Leak]:
    """Generated files that are not what the reference makes now: somebody may have worked in them."""
    for path, why in stale(assignment).items():
        file = path.relative_to(course.folder).as_posix()
        found = stale_answers(read_text(path), recorded(assignment)) if path.name == RECORDED and path.is_file() else []
        if found and all(each.extra for each in found):
            for each in found:
                told = f"no public check puts this question of {each.probe!r}"
                yield Leak(file, f"key answers.{each.key}", "recorded answer", told)
        else:
            yield Leak(file, "", "stale", f"it {why}")

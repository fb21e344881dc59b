"""`gradescope`: one homework as an autograder archive for Gradescope, with the same grader inside."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from rich.console import Console

from grader.batch.class_run import Job, grade
from grader.batch.known import KnownMistakes
from grader.commands.package import size
from grader.course.assignment import Assignment, Course
from grader.course.secret import Secret
from grader.errors import CourseError
from grader.gradescope.archive import archive_files, zipped
from grader.gradescope.settings import Settings
from grader.judge.specimen import Specimen
from grader.proof.specimens import mistakes
from grader.report.terminal import wide_console
from grader.sandbox.forked import Sandbox

MOST_BYTES = 100_000_000  # what Gradescope takes as an upload


def write_archive(
    course: Course,
    assignment: Assignment,
    out: Path,
    settings: Settings,
    lanes: int | None = None,
    console: Console | None = None,
    sandbox: Sandbox | None = None,
) -> None:
    """Writes the zip. It is as secret as `solutions/`: only its owner may read it. Raises `CourseError`.

    A `sandbox` serves as in `grader.batch.class_run.grade`.
    """
    console = console or wide_console()
    wrongs = looks(assignment, course.grading_seed, settings, lanes, console, sandbox)
    files = archive_files(course, assignment, settings, wrongs)
    data = zipped(files)
    if len(data) > MOST_BYTES:
        raise CourseError(f"{out}: would be {size(len(data))}, and Gradescope takes {size(MOST_BYTES)}.")
    try:
        write_secretly(out, data)
    except OSError as error:
        raise CourseError(f"{out}: cannot be written ({error.strerror}). Name another file with --out.") from None
    secret = sorted(name for name in files if name.startswith("solutions/"))
    told = f"{out}: {size(len(data))}, {len(files)} files, {len(wrongs)} known mistakes as data."
    console.print(told, markup=False, highlight=False, soft_wrap=True)
    told = f"It is secret: it holds {', '.join(secret)}. Upload it as the autograder of {assignment.name}."
    console.print(told, markup=False, highlight=False, soft_wrap=True)


def write_secretly(path: Path, content: bytes) -> None:
    """Writes a whole file or none, which nobody but its owner can read at any time. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def looks(
    assignment: Assignment,
    secret: Secret,
    settings: Settings,
    lanes: int | None,
    console: Console,
    sandbox: Sandbox | None = None,
) -> list[tuple[Specimen, bytes]]:
    """What each known mistake looks like on the course's seed: as it was kept, or judged now."""
    known = mistakes(assignment)
    for _ in range(2):  # a second time for what was disturbed
        if not (missing := KnownMistakes(assignment, known, secret, frozenset()).missing()):
            break
        console.print(
            f"Judging {len(missing)} known mistakes, so that the archive need not hold them.", highlight=False
        )
        # Where one mistake of a problem is graded, all known mistakes of that problem are looked at.
        one_each = {mistake.problem: mistake for mistake in reversed(missing)}
        jobs = [Job(f"asks-{each.problem}", modules=each.modules) for each in one_each.values()]
        told: list[str] = []
        for _ in grade(
            jobs,
            assignment,
            secret,
            sandbox=sandbox,
            confinement=settings.confinement,
            allow_weak=settings.allow_weak,
            lane_count=lanes,
            mistakes=known,
            warn=told.append,
        ):
            pass
        for text in told:
            console.print(text, style="yellow", markup=False, highlight=False, soft_wrap=True)
    return KnownMistakes(assignment, known, secret, frozenset()).wrongs()

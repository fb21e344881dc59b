"""`gradescope`: one homework as an autograder archive for Gradescope, with the same grader inside."""

from __future__ import annotations

import stat
from pathlib import Path

from rich.console import Console

from grader.atomic import write_atomically
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

MOST_BYTES = 100_000_000  # what Gradescope takes as an upload


def write_archive(
    course: Course,
    assignment: Assignment,
    out: Path,
    settings: Settings,
    lanes: int | None = None,
    console: Console | None = None,
) -> None:
    """Writes the zip. It is as secret as `solutions/`: only its owner may read it. Raises `CourseError`."""
    console = console or wide_console()
    wrongs = looks(assignment, course.grading_seed, settings, lanes, console)
    files = archive_files(course, assignment, settings, wrongs)
    data = zipped(files)
    if len(data) > MOST_BYTES:
        raise CourseError(f"{out}: would be {size(len(data))}, and Gradescope takes {size(MOST_BYTES)}.")
    try:
        write_atomically(out, data)
        out.chmod(stat.S_IRUSR | stat.S_IWUSR)
    except OSError as error:
        raise CourseError(f"{out}: cannot be written ({error.strerror}). Name another file with --out.") from None
    secret = sorted(name for name in files if name.startswith("solutions/"))
    told = f"{out}: {size(len(data))}, {len(files)} files, {len(wrongs)} known mistakes as data."
    console.print(told, markup=False, highlight=False, soft_wrap=True)
    told = f"It is secret: it holds {', '.join(secret)}. Upload it as the autograder of {assignment.name}."
    console.print(told, markup=False, highlight=False, soft_wrap=True)


def looks(
    assignment: Assignment, secret: Secret, settings: Settings, lanes: int | None, console: Console
) -> list[tuple[Specimen, bytes]]:
    """What each known mistake looks like on the course's seed: as it was kept, or judged now."""
    known = mistakes(assignment)
    asked = {mistake.problem: mistake for mistake in reversed(known)}
    for _ in range(2):
        found = KnownMistakes(assignment, known, secret, frozenset())
        missing = found.missing()
        if not missing:
            break
        console.print(
            f"Judging {len(missing)} known mistakes, so that the archive need not hold them.", highlight=False
        )
        # Whoever makes one mistake of each problem has all known mistakes of it looked at.
        jobs = [Job(f"asks-{each.problem}", modules=each.modules) for each in asked.values()]
        told: list[str] = []
        for _ in grade(
            jobs,
            assignment,
            secret,
            confinement=settings.confinement,
            allow_weak=settings.allow_weak,
            lane_count=lanes,
            mistakes=known,
            warn=told.append,
        ):
            pass
        for text in told:
            console.print(text, style="yellow", markup=False, highlight=False, soft_wrap=True)
        asked = {
            mistake.problem: mistake for mistake in KnownMistakes(assignment, known, secret, frozenset()).missing()
        }
    return KnownMistakes(assignment, known, secret, frozenset()).wrongs()

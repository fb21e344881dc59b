"""What `run_autograder` calls: grades the one submission that lies in the platform's folders.

    python -m grader.gradescope.run --root /autograder            # one submission
    python -m grader.gradescope.run --root /autograder --trial    # the reference, when the image is built

Nothing is downloaded, and nothing of the student's runs in this process. Status 0: results.json holds a grade. 1: it
says that there is none, and why that is our mistake; standard output, which is for staff alone, says more.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from grader.atomic import write_atomically
from grader.batch.class_run import Job, grade
from grader.course.assignment import Assignment, load_course
from grader.course.points import decimal
from grader.course.secret import Secret
from grader.errors import GraderError
from grader.gradescope.findings import unpacked
from grader.gradescope.layout import Layout
from grader.gradescope.limits import limited, seconds
from grader.gradescope.metadata import Metadata, read_metadata
from grader.gradescope.peak import peak_mb
from grader.gradescope.progress import Progress, keep_progress, kept_progress, reporting
from grader.gradescope.results_json import About, State, nothing_yet, results_of, text_of
from grader.gradescope.settings import Settings, read_settings
from grader.gradescope.waiting import Waits
from grader.gradescope.walls import breaches
from grader.judge.result import Result
from grader.judge.specimen import Specimen
from grader.report.terminal import show, wide_console
from grader.sandbox.forked import Sandbox
from grader.sandbox.models import preload_of

MOST_PRINTED = 90_000  # characters for staff; the platform cuts at 100,000


class OutOfTime(Exception):
    """The platform's time for one submission is nearly over."""


@dataclass(frozen=True)
class Task:
    """All that grading on the platform needs."""

    layout: Layout
    settings: Settings
    assignment: Assignment
    secret: Secret
    mistakes: tuple[Specimen, ...]
    about: About
    deadline: float

    def tell(self, results: Mapping[str, Any]) -> None:
        """Writes results.json, whole."""
        write_atomically(self.layout.results_json, text_of(results).encode())


@click.command()
@click.option("--root", type=click.Path(path_type=Path), default=Path("/autograder"), help="The platform's folder.")
@click.option("--trial", is_flag=True, help="Grade the reference, and say whether this container can grade.")
def main(root: Path, trial: bool) -> None:
    """Grade one submission on Gradescope."""
    began, layout = time.monotonic(), Layout(root.resolve())
    try:
        layout.shut()
        task, metadata, doubts = prepared(layout, began)
        for doubt in () if trial else doubts:
            print(doubt)
        good = tried(task) if trial else graded(task, metadata)
    except Exception as error:  # whatever it is, nobody's points hang on it
        print(f"NOT GRADED: {error}" if isinstance(error, GraderError) else traceback.format_exc())
        if not trial:
            write_atomically(layout.results_json, text_of(nothing_yet(About("", ""), "grader_error")).encode())
        good = False
    print(f"Took {time.monotonic() - began:.0f} s and at most {peak_mb()} MB of memory.")
    sys.exit(0 if good else 1)


def prepared(layout: Layout, began: float) -> tuple[Task, Metadata, list[str]]:
    """Reads what the archive and the platform say. What is doubtful is said to staff, and stops nothing."""
    settings = read_settings(layout.source)
    course = load_course(layout.source)
    assignment = limited(course.assignment(settings.homework), settings)
    metadata, doubt = read_metadata(layout.metadata)
    doubts = [doubt] if doubt else []
    if (told := points_doubt(metadata, assignment)) is not None:
        doubts.append(told)
    secret = course.grading_seed
    about = About(assignment.short, assignment.title, settings.hidden_checks, metadata.told())
    mistakes = tuple(unpacked(layout.source, assignment, secret))
    return Task(layout, settings, assignment, secret, mistakes, about, began + seconds(settings)), metadata, doubts


def points_doubt(metadata: Metadata, assignment: Assignment) -> str | None:
    """What is to be said where the platform's assignment is worth less than the checks."""
    try:
        total = float(metadata.assignment.total_points or "")
    except ValueError:
        return None
    if total >= assignment.code_points:
        return None
    return (
        f"The assignment is worth {total:g} points on Gradescope, and the checks are worth "
        f'{decimal(assignment.code_points)}: set "Autograder Points" to that.'
    )


def graded(task: Task, metadata: Metadata) -> bool:
    """Grades the submission into results.json. True where it has a grade."""
    task.tell(nothing_yet(task.about, "begun"))
    private = Path(tempfile.mkdtemp(prefix="grader-progress-"))
    try:
        job = Job(metadata.name, str(task.layout.submission))
        result, state, finished = _judged(task, job, private / "progress.json")
        if result is None:
            print(f"Nothing was judged within {task.settings.minutes:g} minutes, not even by half.")
            task.tell(nothing_yet(task.about, "grader_error"))
            return False
        task.tell(results_of(result, task.about, state, finished))
        put = [check for check in result.checks if finished is None or check.id in finished]
        _show(result.model_copy(update={"checks": tuple(put)}))
        return result.verdict != "grader_error" if state == "graded" else state == "out_of_time"
    finally:
        shutil.rmtree(private, ignore_errors=True)


def tried(task: Task) -> bool:
    """Grades the reference, and says whether it has full marks here; its answers are kept for the submissions."""
    job = Job("reference", modules=task.assignment.sources(task.assignment.solution))
    result, _, _ = _judged(task, job, None)
    if result is None:
        print("The reference could not be judged in the platform's time. Choose a larger container.")
        return False
    print(f"The reference has {decimal(result.points)} of {decimal(result.max_points)} points here.")
    if result.points != result.max_points:
        show(wide_console(), result, staff=True)
    return result.points == result.max_points


def _judged(task: Task, job: Job, progress: Path | None) -> tuple[Result | None, State, frozenset[str] | None]:
    """The result, as far as there is time for it; which checks were put, where that is not all of them."""
    preload = preload_of(task.assignment)
    with Sandbox(1, task.settings.confinement, preload) as sandbox:
        _refuse_breaches(sandbox, task)
        known: Result | None = None
        waits = Waits()

        def tell(now: Progress) -> None:
            if progress is not None:
                keep_progress(progress, now)
                task.tell(results_of(now.result, task.about, "unfinished", now.finished))

        def early(_: Job, result: Result) -> None:
            nonlocal known
            known = result
            if progress is not None:
                task.tell(results_of(result, task.about))

        def tick() -> None:
            if time.monotonic() > task.deadline:
                raise OutOfTime

        results = grade(
            [job],
            task.assignment,
            task.secret,
            sandbox=sandbox,
            allow_weak=task.settings.allow_weak,
            lane_count=1,
            judge=reporting(tell, waits),
            mistakes=task.mistakes,
            early=early,
            warn=print,
            tick=tick,
        )
        try:
            with closing(results):
                for _, result in results:
                    known = result
        except OutOfTime:
            return stopped(known, progress, waits.seconds, seconds(task.settings))
        except Exception:
            if known is None:
                raise
            print(f"The failed checks could not be compared with known mistakes. {traceback.format_exc()}")
    return known, "graded", None


def _refuse_breaches(sandbox: Sandbox, task: Task) -> None:
    """Raises `GraderError` where a worker can reach what it must not, unless whoever made the archive allowed that."""
    if found := breaches(sandbox, task.layout):
        told = "\n".join(("A student's process could reach what it must not:", *found))
        if not task.settings.allow_weak:
            raise GraderError(f"{told}\nSo nothing is graded here.")
        print(told)


def stopped(
    known: Result | None, progress: Path | None, waited_s: float, most_s: float
) -> tuple[Result | None, State, frozenset[str] | None]:
    """What stands when the time is over. What was not put is the student's fault only if their code took the time:
    if for most of it the grader waited for that."""
    if known is not None:
        print("There was no time left to compare the failed checks with known mistakes.")
        return known, "graded", None
    now = kept_progress(progress) if progress is not None else None
    if now is None:
        return None, "grader_error", frozenset()
    waited = f"{waited_s:.0f} of {most_s:.0f} s were spent waiting for the submission's code"
    print(f"Time was over after {len(now.finished)} checks: {waited}.")
    return now.result, "out_of_time" if waited_s > most_s / 2 else "grader_error", now.finished


def _show(result: Result) -> None:
    """The result for staff, on standard output, which students never see."""
    console = wide_console()
    with console.capture() as captured:
        show(console, result, staff=True)
    text = captured.get()
    print(text if len(text) <= MOST_PRINTED else f"{text[:MOST_PRINTED]}\n... (cut)")


if __name__ == "__main__":
    main()

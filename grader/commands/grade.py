"""`grade`: a class of submissions, or the demonstration class."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from grader.batch.class_run import Job, grade
from grader.commands.conclude import Run, conclude
from grader.commands.progress import progress
from grader.commands.stopping import Stopped, stoppable
from grader.course.assignment import Assignment, Course
from grader.course.secret import Secret
from grader.errors import GraderError
from grader.intake import Asked, as_before, look_through
from grader.judge.result import Result
from grader.proof.demonstration import expectations, write_demonstration
from grader.proof.specimens import mistakes
from grader.report.earlier import Earlier, earlier, refuse_mixing
from grader.report.misconceptions import misconceptions, misconceptions_table
from grader.report.results_folder import results_folder, save
from grader.report.terminal import class_table, to_look_at_table, wide_console
from grader.sandbox.models import preload_of


@dataclass(frozen=True)
class Settings:
    """How a class is graded."""

    grading_seed: Secret
    confinement: str = "best"
    allow_weak: bool = False
    lanes: int | None = None
    only: frozenset[str] = frozenset()


def grade_class(
    assignment: Assignment, submissions: Path, out: Path, settings: Settings, console: Console | None = None
) -> bool:
    """Grades every entry of the folder `submissions`, writes results to `out` and shows a table.

    Results of others in `out` are kept, and are in class.csv too. Raises `WeightsError`, and writes nothing, where
    weights are missing, and `ResultsError` where `out` holds another homework's results, or those of more problems
    than this run grades.

    True when every submission got a grade (an unreadable one gets `invalid`), all results are on the disk, at least one
    submission could be read, and all grades in class.csv can be compared.
    """
    preload_of(assignment)
    console = console or wide_console()
    found = look_through(submissions, Asked.of(assignment))
    with results_folder(out), stoppable() as concluding:
        before = earlier(out)
        refuse_mixing(out, before, assignment, settings.only)
        jobs = [Job.of(entry) for entry in as_before(found.entries, before.results)]
        run = graded(jobs, assignment, out, settings, console)
        concluding()
        _print_class(run.results, console)
        return conclude(run, out, before, found, console)


def grade_demonstration(
    course: Course, assignment: Assignment, out: Path, settings: Settings, console: Console | None = None
) -> bool:
    """Writes the demonstration class, grades it, and compares each grade with what it should be."""
    preload_of(assignment)
    console = console or wide_console()
    with results_folder(out / "results"), stoppable() as concluding:
        console.print(
            "No SUBMISSIONS given: grading a demonstration class whose right grades are known.", highlight=False
        )
        known = write_demonstration(assignment, out / "submissions")
        found = look_through(out / "submissions", Asked.of(assignment))
        run = graded([Job.of(entry) for entry in found.entries], assignment, out / "results", settings, console)
        concluding()
        expected, wrong = expectations(known, run.results)
        _print_class(run.results, console, expected)
        for name, why in wrong.items() if not run.ended else ():
            told = f"{name}: expected {expected.get(name, 'nothing')}, but {why}"
            console.print(told, style="red", markup=False, highlight=False)
        if not conclude(run, out / "results", Earlier(), found, console):
            return False
        console.print(
            "Every grade is what it should be." if not wrong else "Some grades are wrong.",
            style="green" if not wrong else "red",
        )
        return not wrong


def graded(jobs: Sequence[Job], assignment: Assignment, out: Path, settings: Settings, console: Console) -> Run:
    """Grades `jobs` and shows how far it is; each result is written as soon as it is there.

    Whatever ends the run early, it returns what was graded. Raises `GraderError` when nothing could be started.
    """
    run = Run(waiting=[job.name for job in jobs])
    shown = progress(console, f"Grading {assignment.short}", len(jobs))
    begun = False

    def started(job: Job) -> None:
        nonlocal begun
        begun = True
        shown.now(job.name, learning=job.witness)

    def graded_now(job: Job, result: Result) -> None:
        save(out, result)
        run.results.append(result)
        run.waiting.remove(result.submission)
        shown.done()

    def graded_early(job: Job, result: Result) -> None:
        """The points are there; what they were lost for is said later."""
        graded_now(job, result)
        run.unexplained.add(result.submission)

    results = grade(
        jobs,
        assignment,
        settings.grading_seed,
        confinement=settings.confinement,
        allow_weak=settings.allow_weak,
        lane_count=settings.lanes,
        only=settings.only,
        mistakes=mistakes(assignment),
        started=started,
        early=graded_early,
        warn=run.warnings.append,
    )
    try:
        with shown.shown, closing(results):
            for job, result in results:
                if result.submission in run.waiting:
                    graded_now(job, result)
                else:
                    save(out, result)
                    run.results[[each.submission for each in run.results].index(result.submission)] = result
                    run.unexplained.discard(result.submission)
    except Stopped as how:
        run.ended = f"stopped {how}"
    except GraderError as error:
        if not begun:
            raise
        run.ended = str(error)
    return run


def _print_class(results: Sequence[Result], console: Console, expected: dict[str, str] | None = None) -> None:
    if results:
        console.print(class_table(results, expected=expected))
    if shown := to_look_at_table(results):
        console.print(shown)
    if found := misconceptions(results):
        console.print(misconceptions_table(found))

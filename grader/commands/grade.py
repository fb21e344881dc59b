"""`grade`: a class of submissions, or the demonstration class."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from grader.batch.class_run import Job, grade
from grader.commands.stopping import Stopped, stoppable
from grader.course.assignment import Assignment, Course
from grader.errors import GraderError
from grader.intake import list_class
from grader.judge.result import Result
from grader.proof.demonstration import expectations, write_demonstration
from grader.proof.specimens import mistakes
from grader.report.files import write_class
from grader.report.misconceptions import misconceptions, misconceptions_table, write_misconceptions
from grader.report.results_folder import lost as lost_results
from grader.report.results_folder import results_folder, save
from grader.report.terminal import class_table, wide_console
from grader.sandbox.models import preload_of


@dataclass(frozen=True)
class Settings:
    """How a class is graded."""

    grading_seed: int
    confinement: str = "best"
    allow_weak: bool = False
    lanes: int | None = None
    only: frozenset[str] = frozenset()


@dataclass
class Run:
    """What a run has come to so far. `ended` says why it ended before everybody had a turn."""

    results: list[Result] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    ended: str = ""


def grade_class(
    assignment: Assignment, submissions: Path, out: Path, settings: Settings, console: Console | None = None
) -> bool:
    """Grades every entry of the folder `submissions`, writes results to `out` and shows a table.

    Raises `WeightsError`, and writes nothing, where weights are missing.

    True when every submission got a grade (an unreadable one gets `invalid`), all results are on the disk, and at least
    one submission could be read.
    """
    preload_of(assignment)
    console = console or wide_console()
    jobs = [Job.of(entry) for entry in list_class(submissions)]
    with results_folder(out), stoppable() as conclude:
        run = graded(jobs, assignment, out, settings, console)
        conclude()
        _print_class(run.results, console)
        return _conclude(run, out, console)


def grade_demonstration(
    course: Course, assignment: Assignment, out: Path, settings: Settings, console: Console | None = None
) -> bool:
    """Writes the demonstration class, grades it, and compares each grade with what it should be."""
    preload_of(assignment)
    console = console or wide_console()
    with results_folder(out / "results"), stoppable() as conclude:
        console.print(
            "No SUBMISSIONS given: grading a demonstration class whose right grades are known.", highlight=False
        )
        known = write_demonstration(assignment, out / "submissions")
        jobs = [Job.of(entry) for entry in list_class(out / "submissions")]
        run = graded(jobs, assignment, out / "results", settings, console)
        conclude()
        expected, wrong = expectations(known, run.results)
        _print_class(run.results, console, expected)
        for name, why in wrong.items() if not run.ended else ():
            told = f"{name}: expected {expected.get(name, 'nothing')}, but {why}"
            console.print(told, style="red", markup=False, highlight=False)
        if not _conclude(run, out / "results", console):
            return False
        console.print(
            "Every grade is what it should be." if not wrong else "Some grades are wrong.",
            style="green" if not wrong else "red",
        )
        return not wrong


def graded(jobs: Sequence[Job], assignment: Assignment, out: Path, settings: Settings, console: Console) -> Run:
    """Grades `jobs` with a live display; each result is written as soon as it is there.

    Whatever ends the run early, it returns what was graded. Raises `GraderError` when nothing could be started.
    """
    run = Run(waiting=[job.name for job in jobs])
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[now]}", markup=False),
    )
    # No refresh thread: lanes are forked from this process.
    progress = Progress(*columns, console=console, auto_refresh=False)
    bar = progress.add_task(f"Grading {assignment.short}", total=len(jobs), now="starting the sandbox")
    begun = False

    def started(job: Job) -> None:
        nonlocal begun
        begun = True
        now = f"learning what a known mistake looks like: {job.name}" if job.witness else job.name
        progress.update(bar, now=now, refresh=True)

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
        warn=run.warnings.append,
    )
    try:
        with progress, closing(results):
            progress.refresh()
            for _, result in results:
                save(out, result)
                run.results.append(result)
                run.waiting.remove(result.submission)
                progress.update(bar, advance=1, refresh=True)
            progress.update(bar, now="", refresh=True)
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
    if found := misconceptions(results):
        console.print(misconceptions_table(found))


def _conclude(run: Run, out: Path, console: Console) -> bool:
    """Writes what is told of the class, looks whether every result is on the disk, and says how the run went."""
    lost, tables = lost_results(out, run.results), ""
    try:
        write_class(out / "class.csv", run.results, run.waiting)
        write_misconceptions(out / "misconceptions.csv", run.results)
    except OSError as error:
        tables = f"{out / 'class.csv'} and misconceptions.csv cannot be written ({error.strerror})."
    ours = [result.submission for result in run.results if result.verdict == "grader_error"]
    invalid = [result.submission for result in run.results if result.verdict == "invalid"]
    count = len(run.results) - len({*ours, *lost})

    def say(text: str, style: str = "") -> None:
        console.print(text, style=style or None, markup=False, highlight=False, soft_wrap=True)

    if run.ended:
        say(f"The run ended early: {run.ended}", "bold red")
    of = len(run.results) + len(run.waiting)
    say(f"{count} of {of} graded. Results: {out} (class.csv, misconceptions.csv, one JSON each).")
    if run.results:
        environment = run.results[0].environment
        say(f"Confinement: {environment.confinement} ({', '.join(environment.layers) or 'none'}).")
        for outside in environment.untried:
            say(f"Not tried with this grader: {outside}; every result says so.", "yellow")
        if environment.weak_confinement_allowed:
            say("WEAK CONFINEMENT was allowed in this run; every result says so.", "bold red")
    if invalid:
        say(f"Could not be read: {', '.join(invalid)}.", "magenta")
    for warning in run.warnings:
        say(warning, "yellow")
    if ours:
        say(f"Not graded, by our own mistake: {', '.join(ours)}.", "bold red")
        check = next(check for result in run.results for check in result.checks if check.verdict == "grader_error")
        why = check.detail.strip().splitlines()[-1:]  # of a traceback, what it comes to
        say(f"{check.id}: {''.join(why)}", "red")
    if lost:
        say(f"Not on the disk, though judged: {', '.join(lost)}. {next(iter(lost.values()))}", "bold red")
    if tables:
        say(tables, "bold red")
    if run.waiting:
        say(f"Not judged yet: {', '.join(run.waiting)}. The same command grades the class anew.", "bold red")
    whole = not (ours or lost or tables or run.waiting or run.ended or run.warnings)
    return whole and len(invalid) < len(run.results)

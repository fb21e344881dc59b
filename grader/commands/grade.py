"""`grade`: a class of submissions, or the demonstration class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from grader.batch.class_run import Job, grade
from grader.course.assignment import Assignment, Course
from grader.intake import list_class
from grader.judge.result import Result
from grader.proof.demonstration import expectations, write_demonstration
from grader.proof.specimens import mistakes
from grader.report.files import write_class, write_result
from grader.report.misconceptions import misconceptions, misconceptions_table, write_misconceptions
from grader.report.terminal import class_table, wide_console


@dataclass(frozen=True)
class Settings:
    """How a class is graded."""

    grading_seed: int
    confinement: str = "best"
    allow_weak: bool = False
    lanes: int | None = None
    only: frozenset[str] = frozenset()


def grade_class(
    assignment: Assignment, submissions: Path, out: Path, settings: Settings, console: Console | None = None
) -> bool:
    """Grades every entry of the folder `submissions`, writes results to `out` and shows a table.

    True when every submission got a grade (an unreadable one gets `invalid`) and at least one could be read.
    """
    console = console or wide_console()
    jobs = [Job.of(entry) for entry in list_class(submissions)]
    results = run(jobs, assignment, out, settings, console)
    _print_class(results, console)
    return _conclude(results, out, console)


def grade_demonstration(
    course: Course, assignment: Assignment, out: Path, settings: Settings, console: Console | None = None
) -> bool:
    """Writes the demonstration class, grades it, and compares each grade with what it should be."""
    console = console or wide_console()
    console.print("No SUBMISSIONS given: grading a demonstration class whose right grades are known.", highlight=False)
    known = write_demonstration(assignment, out / "submissions")
    jobs = [Job.of(entry) for entry in list_class(out / "submissions")]
    results = run(jobs, assignment, out / "results", settings, console)
    expected, wrong = expectations(known, results)
    _print_class(results, console, expected)
    for name, why in wrong.items():
        console.print(
            f"{name}: expected {expected.get(name, 'nothing')}, but {why}", style="red", markup=False, highlight=False
        )
    good = _conclude(results, out / "results", console) and not wrong
    console.print(
        "Every grade is what it should be." if not wrong else "Some grades are wrong.",
        style="green" if not wrong else "red",
    )
    return good


def run(jobs: Sequence[Job], assignment: Assignment, out: Path, settings: Settings, console: Console) -> list[Result]:
    """Grades `jobs` with a live display; each result is written as soon as it is there."""
    results: list[Result] = []
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[now]}", markup=False),
    )
    # No refresh thread: lanes are forked from this process.
    with Progress(*columns, console=console, auto_refresh=False) as progress:
        bar = progress.add_task(f"Grading {assignment.short}", total=len(jobs), now="starting the sandbox")
        progress.refresh()

        def started(job: Job) -> None:
            now = f"learning what a known mistake looks like: {job.name}" if job.witness else job.name
            progress.update(bar, now=now, refresh=True)

        for _, result in grade(
            jobs,
            assignment,
            settings.grading_seed,
            confinement=settings.confinement,
            allow_weak=settings.allow_weak,
            lane_count=settings.lanes,
            only=settings.only,
            mistakes=mistakes(assignment),
            started=started,
        ):
            results.append(result)
            write_result(out, result)
            progress.update(bar, advance=1, refresh=True)
        progress.update(bar, now="", refresh=True)
    write_class(out / "class.csv", results)
    write_misconceptions(out / "misconceptions.csv", results)
    return results


def _print_class(results: Sequence[Result], console: Console, expected: dict[str, str] | None = None) -> None:
    console.print(class_table(results, expected=expected))
    if found := misconceptions(results):
        console.print(misconceptions_table(found))


def _conclude(results: Sequence[Result], out: Path, console: Console) -> bool:
    ours = [result.submission for result in results if result.verdict == "grader_error"]
    invalid = [result.submission for result in results if result.verdict == "invalid"]
    layers = results[0].environment.layers if results else ()
    console.print(
        f"{len(results) - len(ours)} of {len(results)} graded. "
        f"Results: {out} (class.csv, misconceptions.csv, one JSON each).",
        markup=False,
        highlight=False,
    )
    console.print(
        f"Confinement: {results[0].environment.confinement} ({', '.join(layers) or 'none'}).", highlight=False
    )
    for outside in results[0].environment.untried:
        console.print(f"Not tried with this grader: {outside}; every result says so.", style="yellow", highlight=False)
    if results[0].environment.weak_confinement_allowed:
        console.print("WEAK CONFINEMENT was allowed in this run; every result says so.", style="bold red")
    if invalid:
        console.print(f"Could not be read: {', '.join(invalid)}.", style="magenta", markup=False, highlight=False)
    if ours:
        console.print(
            f"Not graded, by our own mistake: {', '.join(ours)}.", style="bold red", markup=False, highlight=False
        )
        check = next(check for result in results for check in result.checks if check.verdict == "grader_error")
        why = check.detail.strip().splitlines()[-1:]  # of a traceback, what it comes to
        console.print(f"{check.id}: {''.join(why)}", style="red", markup=False, highlight=False, soft_wrap=True)
    return not ours and len(invalid) < len(results)

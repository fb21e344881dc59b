"""`calibrate`: find the bounds of a homework's calibrated checks, and show where they come from."""

from __future__ import annotations

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from grader.atomic import write_atomically
from grader.course.assignment import Assignment
from grader.judge.calibration import NAME, Calibration
from grader.proof.calibrate import SEEDS, calibrate
from grader.proof.checks import calibrated_checks, checks_of
from grader.report.calibration import bounds_table, calibration_text
from grader.report.calibration_page import write_page
from grader.report.terminal import wide_console
from grader.sandbox.forked import Sandbox


def calibrate_homework(
    assignment: Assignment,
    seeds: int = SEEDS,
    lanes: int | None = None,
    console: Console | None = None,
    sandbox: Sandbox | None = None,
) -> Calibration:
    """Measures, writes `calibration.json` and the page beside it, and prints what came out.

    Raises `CourseError`, and writes nothing, when no check is calibrated or a right solution cannot be measured.
    """
    console = console or wide_console()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[now]}", markup=False),
    )
    # No refresh thread: lanes are forked from this process.
    with Progress(*columns, console=console, auto_refresh=False) as progress:
        bar = progress.add_task(f"Calibrating {assignment.short}", total=None, now="starting the sandbox")
        progress.refresh()
        done = 0

        def ran(what: str, left: int) -> None:
            nonlocal done
            done += 1
            progress.update(bar, completed=done, total=done + left, now=what, refresh=True)

        files = calibrated_checks(assignment)
        found = calibrate(assignment, checks_of(assignment), files, seeds, lanes, ran, sandbox)
        progress.update(bar, now="", refresh=True)
    path = assignment.solution / NAME
    write_atomically(path, calibration_text(found).encode())
    console.print(bounds_table(found))
    for written in (path, *write_page(assignment, found)):
        console.print(f"wrote {written}", highlight=False, soft_wrap=True)
    return found

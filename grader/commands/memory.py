"""`bench --memory`: what workers have in memory for themselves, and how long it takes until the first grade."""

from __future__ import annotations

import os
import time
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from grader.batch.class_run import Job, grade
from grader.course.assignment import Assignment, Course
from grader.judge.result import Result
from grader.proof.footprint import Footprint
from grader.proof.specimens import mistakes, specimens
from grader.report.terminal import wide_console
from grader.sandbox.forked import Sandbox
from grader.sandbox.models import preload_of


def measure_memory(
    course: Course, assignment: Assignment, count: int = 40, console: Console | None = None
) -> Footprint:
    """Grades `count` known solutions and prints the private memory of the workers, and two times.

    Times are seconds since this process began, so they hold the import of Python's and our modules. Raises
    `WeightsError` where weights are missing, and `GraderError` for everybody but root.
    """
    console = console or wide_console()
    preload = preload_of(assignment)
    known = [specimen for specimen in specimens(assignment) if specimen.kind != "stub"]
    jobs = [Job(f"{i:03d}", modules=known[i % len(known)].modules) for i in range(count)]
    learned, first = 0, 0.0

    def started(job: Job) -> None:
        nonlocal learned
        learned += job.witness

    def graded(job: Job, result: Result) -> None:
        nonlocal first
        first = first or age()

    lanes = min(len(os.sched_getaffinity(0)), count)
    with Sandbox(lanes, preload=preload) as sandbox:
        sandbox.wait()
        ready = age()
        with Footprint(sandbox) as footprint:
            wrong = mistakes(assignment)
            for _ in grade(
                jobs, assignment, course.grading_seed, sandbox=sandbox, mistakes=wrong, started=started, early=graded
            ):
                first = first or age()
    table = Table(header_style="bold", title=f"{count} submissions of {assignment.name}, {lanes} lanes")
    table.add_column("what")
    table.add_column("figure", justify="right")
    weights = ", ".join(preload.files) or "none"
    for what, figure in (
        ("weights that the fork server has mapped", weights),
        ("workers that were looked at (submissions and references)", str(len(footprint.private_mb))),
        ("private memory of a worker, median", f"{median(footprint.private_mb):.1f} MB"),
        ("private memory of a worker, worst", f"{max(footprint.private_mb):.1f} MB"),
        ("start until the fork server was ready", f"{ready:.1f} s"),
        ("start until the first grade", f"{first:.1f} s"),
        ("known mistakes that were judged after everybody (none if they were kept)", str(learned)),
    ):
        table.add_row(what, figure)
    console.print(table)
    return footprint


def age() -> float:
    """Seconds since this process began."""
    ticks = int(Path("/proc/self/stat").read_text().rsplit(")", 1)[1].split()[19])
    return time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")

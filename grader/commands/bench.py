"""`bench`: what grading costs, against a fresh pytest per submission and against the bare compute of the checks.

All three are measured in one run, in turn, on the same submissions, because the machine's speed drifts. CPU time is
what the operating system accounts to the processes, imports and start-up included; only the bare compute is what the
checks cost in one process that has already imported everything.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from grader.course.assignment import Assignment, Course
from grader.errors import GraderError
from grader.proof.specimens import specimens
from grader.report.terminal import wide_console
from grader.sandbox.models import preload_of

ENVIRONMENT = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


@dataclass(frozen=True)
class Cost:
    """Seconds of one whole run."""

    wall: float
    cpu: float


def compare_costs(
    course: Course, assignment: Assignment, count: int = 40, rounds: int = 3, console: Console | None = None
) -> None:
    """Prints the costs of grading `count` known solutions in three ways, `rounds` times in turn, and their ratios."""
    preload_of(assignment)
    console = console or wide_console()
    known = [specimen for specimen in specimens(assignment) if specimen.kind != "stub"]
    chosen = [known[i % len(known)] for i in range(count)]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "class"
        for i, specimen in enumerate(chosen):
            (folder / f"{i:03d}_{specimen.name}").mkdir(parents=True)
            for module, text in specimen.modules.items():
                (folder / f"{i:03d}_{specimen.name}" / f"{module}.py").write_text(text, encoding="utf-8")
        paths = sorted(folder.iterdir())
        _measure(
            our_command(course, assignment, folder, Path(place))
        )  # fills the cache of the reference's answers for all three
        rows = []
        for i in range(rounds):
            ours = _measure(our_command(course, assignment, folder, Path(place)))
            fresh = _measure_pool([_fresh(course, assignment, path) for path in paths])
            bare = _bare(course, assignment, folder)
            rows.append((ours, fresh, bare))
            console.print(f"round {i + 1} of {rounds} done", style="bright_black")
    table = Table(
        header_style="bold", title=f"{count} submissions of {assignment.name}, {len(os.sched_getaffinity(0))} cores"
    )
    for column in (
        "round",
        "this grader: CPU s",
        "wall s",
        "fresh pytest: CPU s",
        "wall s",
        "bare compute: CPU s",
        "CPU: ours/fresh",
        "CPU: ours/bare",
    ):
        table.add_column(column, justify="right")
    for i, (ours, fresh, bare) in enumerate(rows, 1):
        figures = (ours.cpu, ours.wall, fresh.cpu, fresh.wall, bare)
        table.add_row(
            str(i), *(f"{figure:.1f}" for figure in figures), f"{ours.cpu / fresh.cpu:.3f}", f"{ours.cpu / bare:.2f}"
        )
    medians = (
        median(ours.cpu / fresh.cpu for ours, fresh, _ in rows),
        median(ours.cpu / bare for ours, _, bare in rows),
    )
    table.add_section()
    table.add_row("median", "", "", "", "", "", f"{medians[0]:.3f}", f"{medians[1]:.2f}")
    console.print(table)


def our_command(course: Course, assignment: Assignment, folder: Path, place: Path) -> list[str]:
    """The command that grades the class."""
    common = [sys.executable, "-m", "grader", "--course", str(course.folder), "grade", assignment.name]
    return [*common, "--submissions", str(folder), "--out", str(place / "results"), "--force"]  # or results would stand


def _fresh(course: Course, assignment: Assignment, path: Path) -> list[str]:
    folders = [str(course.folder / kind / assignment.name / "checks") for kind in ("solutions",)]
    return [sys.executable, "-m", "pytest", "-q", "--engine", "inline", "--submission", str(path), *folders]


def _measure(command: list[str]) -> Cost:
    """Runs one command to its end and takes what it and its children cost."""
    before, start = children(), time.perf_counter()
    done = subprocess.run(command, capture_output=True, env={**os.environ, **ENVIRONMENT}, check=False)
    if done.returncode not in (0, 1):
        raise GraderError(f"{' '.join(command)} ended with status {done.returncode}: {done.stderr.decode()[-2000:]}")
    return Cost(time.perf_counter() - start, children() - before)


def _measure_pool(commands: list[list[str]]) -> Cost:
    """Runs commands two at a time."""
    before, start = children(), time.perf_counter()
    with ThreadPoolExecutor(2) as pool:
        list(
            pool.map(
                lambda command: subprocess.run(
                    command, capture_output=True, env={**os.environ, **ENVIRONMENT}, check=False
                ),
                commands,
            )
        )
    return Cost(time.perf_counter() - start, children() - before)


def _bare(course: Course, assignment: Assignment, folder: Path) -> float:
    """CPU seconds of the checks alone, in one warm process."""
    command = [sys.executable, "-m", "grader.proof.bare", str(course.folder), assignment.name, str(folder)]
    done = subprocess.run(command, capture_output=True, env={**os.environ, **ENVIRONMENT}, check=False, text=True)
    if done.returncode != 0:
        raise GraderError(f"The bare run ended with status {done.returncode}: {done.stderr[-2000:]}")
    return float(done.stdout.strip().splitlines()[-1])


def children() -> float:
    """CPU seconds of all processes that this one started and that ended, and of theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime

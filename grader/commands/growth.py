"""`bench --sizes`: what a submission costs in small and large classes, and how memory goes over time.

Each class is graded by a command of its own, as `make grade` does it, into a folder that nobody used before. CPU time
is what the operating system accounts to the command and its children. Memory is the sum over its processes of what each
has for itself and its part of what they share (PSS).
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from itertools import cycle, islice
from pathlib import Path
from statistics import mean
from typing import Any

import psutil  # type: ignore[import-untyped]
from rich.console import Console
from rich.table import Table

from grader.atomic import write_atomically
from grader.commands.bench import ENVIRONMENT, children
from grader.course.assignment import Assignment, Course
from grader.errors import GraderError
from grader.proof.specimens import specimens
from grader.report.terminal import wide_console
from grader.sandbox.models import preload_of

EVERY_S = 0.5  # so often memory is looked at
MB = 1 << 20
WARM = 2  # submissions that are graded first, so that the reference's answers are kept
COLUMNS = (
    "submissions",
    "lanes",
    "wall s",
    "CPU s",
    "first grade s",
    "one more: CPU ms",
    "to the first of these",
    "wall ms each",
    "memory MB, first and last tenth",
)


@dataclass(frozen=True)
class Grown:
    """One class. `first_s` is from the start of the command to the first grade; memory is in MB, by tenths of the time
    from then on; `checks` is how many checks one submission is put to."""

    submissions: int
    lanes: int
    checks: int
    wall_s: float
    cpu_s: float
    first_s: float
    last_s: float
    memory_mb: tuple[float, ...]

    @property
    def pace_s(self) -> float:
        """Seconds by the clock from one grade to the next."""
        return (self.last_s - self.first_s) / max(1, self.submissions - 1)


def machine() -> dict[str, Any]:
    """What these figures are of."""
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "torch": version("torch"),
        "load_at_start": [round(load, 2) for load in os.getloadavg()],
    }


def measure_growth(
    course: Course,
    assignment: Assignment,
    sizes: Sequence[int],
    lanes: Sequence[int],
    out: Path,
    console: Console | None = None,
) -> list[Grown]:
    """Grades a class of each size with each number of lanes, prints a table, and writes figures and a picture to `out`.

    Classes are made of the known right solutions in turn, each with a line of comment of its own.
    """
    preload_of(assignment)
    console = console or wide_console()
    about, found = machine(), list[Grown]()
    with tempfile.TemporaryDirectory() as place:
        write_class(assignment, Path(place) / "warm", WARM)
        _grown(course, assignment, Path(place) / "warm", Path(place) / "warm results", WARM, 1)
        for count in dict.fromkeys(sizes):
            write_class(assignment, Path(place) / f"class{count}", count)
            for number in dict.fromkeys(lanes):
                folder = Path(place) / f"results{count}_{number}"
                found.append(_grown(course, assignment, Path(place) / f"class{count}", folder, count, number))
                console.print(f"{count} submissions on {number} lanes: done", style="bright_black")
    console.print(_table(assignment, found))
    figures = {"assignment": assignment.name, "machine": about, "classes": [asdict(each) for each in found]}
    out.mkdir(parents=True, exist_ok=True)
    write_atomically(out / "growth.json", (json.dumps(figures, indent=1) + "\n").encode())
    _draw(found, out / "growth.svg")
    console.print(f"{out / 'growth.json'} and growth.svg hold the figures, with what machine they are of.")
    return found


def write_class(assignment: Assignment, folder: Path, count: int) -> None:
    """Writes `count` right submissions, no two with the same text."""
    right = [each for each in specimens(assignment) if each.kind in ("reference", "alternative")]
    for i, specimen in enumerate(islice(cycle(right), count)):
        place = folder / f"s{i:05}"
        place.mkdir(parents=True)
        for module, text in specimen.modules.items():
            (place / f"{module}.py").write_text(f"{text}\n# {i}\n", encoding="utf-8")


def _grown(course: Course, assignment: Assignment, folder: Path, out: Path, count: int, lanes: int) -> Grown:
    command = [sys.executable, "-m", "grader", "--course", str(course.folder), "grade", assignment.name]
    command += ["--submissions", str(folder), "--out", str(out), "--lanes", str(lanes), "--json"]
    before, start = children(), time.perf_counter()
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said, env={**os.environ, **ENVIRONMENT}) as process,
    ):
        memory = _Memory(process.pid)
        assert process.stdout is not None
        times = [time.perf_counter() - start for line in process.stdout if json.loads(line)["event"] == "graded"]
        status = process.wait()
        memory.stop()
        if status != 0 or len(times) != count:
            said.seek(0)
            raise GraderError(f"{len(times)} of {count} were graded (status {status}): {said.read()[-2000:].decode()}")
    spent, wall = children() - before, time.perf_counter() - start
    checks = len(json.loads(next(out.glob("s*.json")).read_text(encoding="utf-8"))["checks"])
    tenths = memory.tenths(start + times[0], start + times[-1])
    return Grown(count, lanes, checks, round(wall, 2), round(spent, 2), round(times[0], 2), round(times[-1], 2), tenths)


class _Memory:
    """Looks at what a process and its children have in memory, until it is told to stop."""

    def __init__(self, pid: int) -> None:
        self._process, self._done = psutil.Process(pid), threading.Event()
        self._seen = list[tuple[float, float]]()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._done.wait(EVERY_S):
            total = 0
            try:
                for process in (self._process, *self._process.children(recursive=True)):
                    try:
                        total += process.memory_full_info().pss
                    except psutil.Error:  # it ended just now
                        continue
            except psutil.Error:
                return
            self._seen.append((time.perf_counter(), total / MB))

    def stop(self) -> None:
        self._done.set()
        self._thread.join()

    def tenths(self, begin: float, end: float) -> tuple[float, ...]:
        """The mean of each tenth of a time; empty where a tenth was too short to look."""
        found = list[float]()
        for tenth in range(10):
            low, high = (begin + (end - begin) * at / 10 for at in (tenth, tenth + 1))
            seen = [held for at, held in self._seen if low <= at < high]
            if not seen:
                return ()
            found.append(round(mean(seen), 1))
        return tuple(found)


def _table(assignment: Assignment, found: Sequence[Grown]) -> Table:
    table = Table(header_style="bold", title=f"Classes of {assignment.name}")
    for column in COLUMNS:
        table.add_column(column, justify="right")
    each, least = marginal(found), dict[int, float]()
    for grown in sorted(found, key=lambda one: (one.lanes, one.submissions)):
        cost, shown = each.get((grown.submissions, grown.lanes)), ("", "")
        if cost:
            shown = f"{1000 * cost:.1f}", f"{cost / least.setdefault(grown.lanes, cost):.3f}"
        memory = f"{grown.memory_mb[0]:.0f}, {grown.memory_mb[-1]:.0f}" if grown.memory_mb else ""
        figures = (f"{grown.wall_s:.1f}", f"{grown.cpu_s:.1f}", f"{grown.first_s:.1f}")
        pace = f"{1000 * grown.pace_s:.1f}"
        table.add_row(str(grown.submissions), str(grown.lanes), *figures, *shown, pace, memory)
    return table


def marginal(found: Sequence[Grown]) -> Mapping[tuple[int, int], float]:
    """CPU seconds of one more submission, by class size and lanes: against the smallest class on as many lanes, so that
    what starts the run does not count. The smallest has none."""
    smallest = dict[int, Grown]()
    for each in sorted(found, key=lambda grown: grown.submissions):
        smallest.setdefault(each.lanes, each)
    return {
        (each.submissions, each.lanes): (each.cpu_s - least.cpu_s) / (each.submissions - least.submissions)
        for each in found
        if (least := smallest[each.lanes]).submissions < each.submissions
    }


def _draw(found: Sequence[Grown], path: Path) -> None:
    """CPU time against the size of the class, and memory over time in the largest class."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 3.5), layout="constrained")
    cost, memory = figure.subplots(1, 2)
    for lanes in sorted({each.lanes for each in found}):
        of = sorted((each for each in found if each.lanes == lanes), key=lambda each: each.submissions)
        cost.plot([each.submissions for each in of], [each.cpu_s for each in of], "o-", label=f"{lanes} lanes")
        if of[-1].memory_mb:
            label = f"{of[-1].submissions} submissions, {lanes} lanes"
            memory.plot(range(5, 100, 10), of[-1].memory_mb, "o-", label=label)
    cost.set(xscale="log", yscale="log", xlabel="submissions", ylabel="CPU seconds")
    memory.set(xlabel="percent of the time", ylabel="memory (MB)", ylim=(0, None))
    for axes in (cost, memory):
        axes.grid(alpha=0.3)
        if axes.lines:
            axes.legend()
    figure.savefig(path)


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())

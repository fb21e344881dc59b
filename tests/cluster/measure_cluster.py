"""What a cluster costs and gains, on processes of this machine: `python tests/cluster/measure_cluster.py --count 1000`.

Grades one class of the tiny course in turn on this machine's lanes and on Dask's workers, and on workers while some of
their processes are killed at random moments. Says the time, the processor time and whether the results are the same.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil
from cluster_class import class_of, course

TIMES = ("graded_at", "cpu_seconds", "wall_seconds", "platform")


@dataclass(frozen=True)
class Outcome:
    """One run: its times, how often it was started, what was killed, and its results without times and host."""

    name: str
    wall_s: float
    cpu_s: float
    starts: int
    killed: tuple[str, ...]
    results: dict[str, Any]
    status: int


def plain(value: Any) -> Any:
    """A result as JSON without what may differ between two runs."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items() if key not in TIMES}
    return [plain(each) for each in value] if isinstance(value, list) else value


def results_in(folder: Path) -> dict[str, Any]:
    """All results of a folder, by name."""
    return {path.stem: plain(json.loads(path.read_text())) for path in sorted(folder.glob("*.json"))}


def graded(name: str, home: Path, submissions: Path, options: list[str], kills: int, seed: int) -> Outcome:
    """One class, graded to its end: what was stopped by a kill goes on with the same command."""
    out, chance = home / "results" / name.replace(" ", "-"), random.Random(seed)
    shutil.rmtree(home / "solutions" / "hw7_tiny" / ".cache", ignore_errors=True)
    command = [sys.executable, "-m", "grader", "grade", "hw7", "--submissions", str(submissions), "--out", str(out)]
    began, cpu_s, starts, killed = time.monotonic(), 0.0, 0, list[str]()
    while True:
        starts += 1
        process = subprocess.Popen(
            [*command, *options], cwd=home, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
        )
        before, due = len(list(out.glob("*.json"))), time.monotonic() + chance.uniform(1, 5)
        while os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            time.sleep(0.1)
            judging = len(killed) < kills and len(list(out.glob("*.json"))) > before
            if judging and time.monotonic() > due:  # a run that is killed before it begins tells nothing
                if victim := drawn(process.pid, chance):
                    killed.append(victim)
                due = time.monotonic() + chance.uniform(1, 5)
        _, status, used = os.wait4(process.pid, 0)
        cpu_s += used.ru_utime + used.ru_stime
        if os.waitstatus_to_exitcode(status) == 0 or starts > kills + 1:
            break
    return Outcome(name, time.monotonic() - began, cpu_s, starts, tuple(killed), results_in(out), status)


def drawn(run: int, chance: random.Random) -> str | None:
    """Kills a process below a run, or the run itself, which holds the scheduler. What it was."""
    family: dict[str, list[psutil.Process]] = {"run and scheduler": [psutil.Process(run)]}
    try:
        for each in psutil.Process(run).children(recursive=True):
            family.setdefault(role(each), []).append(each)
    except psutil.NoSuchProcess:
        return None
    family.pop("", None)
    kind = chance.choice(sorted(family))
    try:
        chance.choice(family[kind]).send_signal(signal.SIGKILL)
    except psutil.NoSuchProcess:
        return None
    return kind


def role(process: psutil.Process) -> str:
    """What a process below a run is."""
    try:
        line, parent = " ".join(process.cmdline()), process.parent()
        above = " ".join(parent.cmdline()) if parent else ""
    except psutil.Error:
        return ""
    if "zygote" in line:
        return "judged process" if "zygote" in above else "fork server"
    if "grader.cluster.helper" in line:
        return "lane" if "grader.cluster.helper" in above else "helper"
    return "worker" if "spawn_main" in line else ""


def speed(count: int, waits_s: float) -> None:
    """How much faster more workers are, with submissions that wait and hardly compute, so that cores do not decide.
    The time is that from the first result to the last."""
    place = Path(tempfile.mkdtemp(prefix="cluster-"))
    place.chmod(0o755)
    try:
        home, submissions = course(place / "tiny"), place / "submissions"
        submissions.mkdir()
        reference = (home / "solutions" / "hw7_tiny" / "tiny.py").read_text()
        for number in range(count):
            text = f"import time\n\ntime.sleep({waits_s})\n{reference}\n# {number}\n"
            (submissions / f"s{number:04d}.py").write_text(text)
        first = 0.0
        for workers in (1, 2, 4):
            options = ["--engine", "dask", "--workers", str(workers)]
            done = graded(f"{workers} workers", home, submissions, options, 0, 0)
            files = (home / "results" / f"{workers}-workers").glob("s*.json")
            ends = [datetime.fromisoformat(json.loads(path.read_text())["graded_at"]) for path in files]
            took = (max(ends) - min(ends)).total_seconds() / (count - workers) * count
            first = first or took
            told = f"{workers} workers: {took:.1f} s for {len(done.results)} that wait {waits_s} s each"
            print(f"{told}: {first / took:.2f} times as fast, {done.wall_s:.1f} s with start and end", flush=True)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def overhead(count: int) -> None:
    """What a task costs that does nothing, one after the other: between client, scheduler (in this process) and a
    worker, with as many bytes each way as a submission of the tiny course."""
    from grader.cluster import dask
    from grader.cluster.fleet import Answered, Call, Joined

    with dask.started(1) as fleet:
        worker = next(each.worker for each in until_heard(fleet, Joined))
        (process,) = (each for each in psutil.Process().children(recursive=True) if role(each) == "worker")
        for calls in (50, count):  # the first ones warm up
            began, own, theirs = time.monotonic(), time.process_time(), sum(process.cpu_times()[:2])
            for ticket in range(calls):
                fleet.send(worker, ticket, Call("nobody", 0, bytes(2000)))
                until_heard(fleet, Answered)
        wall_s, own_s = time.monotonic() - began, time.process_time() - own
        theirs_s = sum(process.cpu_times()[:2]) - theirs
    each = [f"{1000 * seconds / count:.1f} ms" for seconds in (wall_s, own_s, theirs_s)]
    print(
        f"a task that does nothing: {each[0]}; processor: {each[1]} client and scheduler, {each[2]} worker", flush=True
    )


def until_heard(fleet: Any, kind: type) -> list[Any]:
    """What is heard of this kind, once something is."""
    while True:
        if found := [each for each in fleet.heard(1.0) if isinstance(each, kind)]:
            return found


def main() -> int:
    """Measures, prints a table, and compares."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--count", type=int, default=1000)
    options.add_argument("--kills", type=int, default=12)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--only", action="append", help="only this run (may be given several times)")
    options.add_argument("--overhead", action="store_true", help="only what a task costs that does nothing")
    options.add_argument("--waits", type=float, default=0.0, help="only how much faster more workers are")
    chosen = options.parse_args()
    if chosen.waits:
        speed(chosen.count, chosen.waits)
        return 0
    if chosen.overhead:
        overhead(chosen.count)
        return 0
    place = Path(tempfile.mkdtemp(prefix="cluster-"))
    os.environ["PYTHONPATH"] = str(Path(__file__).parents[2])
    try:
        home, submissions = course(place / "tiny"), class_of(chosen.count, place / "submissions")
        runs = [
            ("1 lane here", ["--lanes", "1"], 0),
            ("2 lanes here", ["--lanes", "2"], 0),
            ("1 worker", ["--engine", "dask", "--workers", "1"], 0),
            ("2 workers", ["--engine", "dask", "--workers", "2"], 0),
            ("4 workers", ["--engine", "dask", "--workers", "4"], 0),
            ("4 workers and kills", ["--engine", "dask", "--workers", "4"], chosen.kills),
        ]
        runs = [run for run in runs if not chosen.only or run[0] in chosen.only]
        first, same = None, True
        for name, extra, kills in runs:
            done = graded(name, home, submissions, extra, kills, chosen.seed)
            first = first or done.results
            alike = sum(done.results.get(each) == result for each, result in first.items())
            same &= alike == len(first) == chosen.count == len(done.results)
            told = (
                f"{done.name}: {done.wall_s:.1f} s, {done.cpu_s:.1f} s of processor, {alike} of {len(first)} the same"
            )
            print(f"{told}, {done.starts} starts, status {os.waitstatus_to_exitcode(done.status)}", flush=True)
            if done.killed:
                print(f"  killed: {', '.join(done.killed)}", flush=True)
        return 0 if same else 1
    finally:
        shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())

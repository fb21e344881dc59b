"""Runs of `grade` as a person starts them, and what they left on disk, read without the grader's help."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from classes import REPOSITORY, Class
from victims import Victim, family, mentioning

LANES = 2
ENDS_S = 15.0  # for what a run started to be gone after it


@dataclass(frozen=True)
class Grade:
    """What a student got: points, the verdict of every check, and which mistake each diagnosis names."""

    points: str
    checks: dict[str, tuple[str, str]]
    diagnoses: dict[str, str]

    @classmethod
    def of(cls, path: Path) -> Grade:
        result = json.loads(path.read_bytes())
        checks = {check["id"]: (check["verdict"], check["points"]) for check in result["checks"]}
        named = {check["id"]: check["diagnosis"]["mutant"] for check in result["checks"] if check["diagnosis"]}
        return cls(result["points"], checks, named)

    @property
    def ours(self) -> bool:
        return any(verdict == "grader_error" for verdict, _ in self.checks.values())


@dataclass(frozen=True)
class Outcome:
    """A results folder after a run."""

    grades: dict[str, Grade]
    ungraded: dict[str, Grade]
    rows: dict[str, tuple[str, str]] | None  # of class.csv: verdict and points; None when there is none

    @classmethod
    def of(cls, out: Path) -> Outcome:
        grades = {path.stem: Grade.of(path) for path in out.glob("*.json")}
        ungraded = {path.stem: Grade.of(path) for path in (out / "not_graded").glob("*.json")}
        table, rows = out / "class.csv", None
        if table.exists():
            with table.open(newline="") as file:
                rows = {row["submission"]: (row["verdict"], row["points"]) for row in csv.DictReader(file)}
        return cls(grades, ungraded, rows)


class Run:
    """One `grade` of `of` into `out`, in a temporary folder of its own, by which all that it starts can be found."""

    def __init__(self, of: Class, out: Path, *options: str, prepare: Callable[[], None] | None = None) -> None:
        self.of, self.out = of, out
        self.place = Path(tempfile.mkdtemp(prefix="run-", dir=of.course.parent))
        self.place.chmod(0o755)
        temporary = self.place / "tmp"
        temporary.mkdir()
        command = [sys.executable, "-m", "grader", "--course", str(of.course), "grade", of.homework]
        command += ["--submissions", str(of.submissions), "--out", str(out), "--lanes", str(LANES), *options]
        self.printed, self.complaints = self.place / "printed.txt", self.place / "complaints.txt"
        self.began = time.monotonic()
        with self.printed.open("wb") as printed, self.complaints.open("wb") as complaints:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=complaints,
                cwd=REPOSITORY,
                env={**os.environ, "TMPDIR": str(temporary), "PYTHONDONTWRITEBYTECODE": "1"},
                start_new_session=True,
                preexec_fn=prepare,
            )

    @property
    def over(self) -> bool:
        return self.process.poll() is not None

    def family(self) -> dict[str, list[Victim]]:
        return family(self.process.pid)

    def results(self) -> int:
        return len(list(self.out.glob("*.json"))) + len(list(self.out.glob("not_graded/*.json")))

    def learned(self) -> int:
        return len(list(self.of.cache.glob("mistakes/*.frame")))

    def until(self, condition: Callable[[], bool], timeout_s: float, pause_s: float = 0.005) -> bool:
        """Waits until it holds; False when the run is over or the time is up before it does."""
        deadline = time.monotonic() + timeout_s
        while not condition():
            if self.over or time.monotonic() > deadline:
                return False
            time.sleep(pause_s)
        return True

    def wait(self, timeout_s: float) -> int | None:
        """Its exit status; None when it hung and had to be killed."""
        try:
            return self.process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            for victims in self.family().values():
                for victim in victims:
                    victim.send(signal.SIGKILL)
            self.process.wait()
            return None

    def said(self) -> str:
        return self.printed.read_text(errors="replace") + self.complaints.read_text(errors="replace")

    def left_behind(self) -> list[str]:
        """Processes, scratch folders, and files that were being written."""
        deadline = time.monotonic() + ENDS_S
        while (processes := mentioning(self.place)) and time.monotonic() < deadline:
            time.sleep(0.05)
        folders = [f"folder {path.name}" for path in (self.place / "tmp").iterdir()]
        unfinished = [path for place in (self.out, self.of.cache) for path in place.rglob(".*") if path.is_file()]
        return [*processes, *folders, *(f"file {path.name}" for path in unfinished)]


def graded(of: Class, out: Path, *options: str, timeout_s: float = 600.0) -> Outcome:
    """An undisturbed run, which must succeed."""
    run = Run(of, out, *options)
    status = run.wait(timeout_s)
    if status != 0:
        raise AssertionError(f"an undisturbed run ended with status {status}:\n{run.said()}")
    return Outcome.of(out)


def digests(cache: Path) -> dict[str, str]:
    """What is kept below a cache, by content."""
    files = [path for path in sorted(cache.rglob("*")) if path.is_file()]
    return {str(path.relative_to(cache)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}

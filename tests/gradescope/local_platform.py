"""Gradescope on this machine: its folders, its two scripts, its refusals, and if asked for its small container.

    platform = Platform.built(archive, folder)      # unpacks the zip and runs its setup.sh, as building the image does
    run = platform.run(submission)                  # lays out one submission and runs run_autograder, as root

What Docker refuses is refused by a system call filter, in a mount namespace in which every user can walk to Python.
A `Container` limits memory and computing time by control groups (version 1), where this machine lets us make some.
"""

from __future__ import annotations

import contextlib
import errno
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

REFUSED_BY_DOCKER = ("unshare", "setns", "mount", "umount2", "pivot_root", "mount_setattr", "open_tree", "move_mount")
LANDLOCK = ("landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self")
GROUPS = Path("/sys/fs/cgroup")
PERIOD_US = 100_000
MB = 1 << 20


def _ordinary_user() -> ModuleType:
    path = Path(__file__).parents[1] / "sandbox" / "ordinary_user.py"
    spec = importlib.util.spec_from_file_location("ordinary_user", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


ordinary_user = _ordinary_user()


@dataclass(frozen=True)
class Container:
    """What the platform gives one submission. `name` is unique on this machine."""

    memory_mb: int = 768
    cpus: float = 0.5
    name: str = field(default_factory=lambda: f"grader-gradescope-{os.getpid()}-{threading.get_ident()}")

    def _folders(self) -> tuple[Path, Path]:
        return GROUPS / "memory" / self.name, GROUPS / "cpu" / self.name

    @staticmethod
    def possible() -> bool:
        """Whether control groups can be made here."""
        trial = GROUPS / "memory" / f"grader-trial-{os.getpid()}"
        try:
            trial.mkdir()
            trial.rmdir()
            return (GROUPS / "cpu" / "cpu.cfs_quota_us").exists() or (GROUPS / "cpu").is_dir()
        except OSError:
            return False

    @contextlib.contextmanager
    def made(self) -> Iterator[Container]:
        memory, cpu = self._folders()
        memory.mkdir()
        cpu.mkdir()
        try:
            (memory / "memory.limit_in_bytes").write_text(str(self.memory_mb * MB))
            (cpu / "cpu.cfs_period_us").write_text(str(PERIOD_US))
            (cpu / "cpu.cfs_quota_us").write_text(str(int(self.cpus * PERIOD_US)))
            yield self
        finally:
            for place in (memory, cpu):
                for _ in range(100):
                    try:
                        place.rmdir()
                        break
                    except OSError:
                        time.sleep(0.1)

    def enter(self) -> None:
        """For a child: it and all that it starts are in the container from now on."""
        for place in self._folders():
            (place / "cgroup.procs").write_text(str(os.getpid()))

    def peak(self) -> tuple[int, int]:
        """The most memory in MB, file cache included, and how often it was refused."""
        memory, _ = self._folders()
        most = int((memory / "memory.max_usage_in_bytes").read_text()) // MB
        return most, int((memory / "memory.failcnt").read_text())


@dataclass(frozen=True)
class Run:
    """What one submission came to. `peak_mb` is what its processes had together, by their proportional shares."""

    results: dict[str, Any]
    text: str
    stdout: str
    status: int
    seconds: float
    peak_mb: int = 0
    group_peak_mb: int = 0
    refused: int = 0

    @property
    def state(self) -> str:
        return str(self.results["extra_data"]["state"])


@dataclass(frozen=True)
class Platform:
    """The folders. `refused` are system calls that fail, `environment` is what setup.sh and run_autograder get."""

    root: Path
    refused: tuple[str, ...] = REFUSED_BY_DOCKER
    container: Container | None = None
    environment: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def built(cls, archive: Path, folder: Path, **how: Any) -> Platform:
        """Unpacks the archive and builds the image. Raises AssertionError with what setup.sh said if that fails."""
        platform = cls(folder / "autograder", **how)
        platform.root.mkdir(parents=True)
        platform.root.chmod(0o755)
        with zipfile.ZipFile(archive) as zipped:
            for entry in zipped.infolist():
                path = Path(zipped.extract(entry, platform.root / "source"))
                path.chmod(entry.external_attr >> 16 & 0o777)
        shutil.copy(platform.root / "source" / "run_autograder", platform.root)
        done, _ = platform.call([str(platform.root / "source" / "setup.sh")], platform.root / "setup.txt")
        assert done == 0, (platform.root / "setup.txt").read_text()
        return platform

    def run(
        self,
        submission: Path | None,
        metadata: Mapping[str, Any] | None = None,
        prepare: Callable[[], None] = lambda: None,
    ) -> Run:
        """Grades what lies in the folder `submission` (None for nothing handed in), in empty folders."""
        for name in ("submission", "results"):
            shutil.rmtree(self.root / name, ignore_errors=True)
            (self.root / name).mkdir()
        if submission is not None:
            shutil.copytree(submission, self.root / "submission", dirs_exist_ok=True, symlinks=True)
        (self.root / "submission_metadata.json").write_text(json.dumps(metadata or METADATA))
        prepare()
        printed, began = self.root / "printed.txt", time.monotonic()
        status, peak = self.call([str(self.root / "run_autograder")], printed)
        took = time.monotonic() - began
        shutil.move(printed, self.root / "results" / "stdout")
        text = (self.root / "results" / "results.json").read_text()
        stdout = (self.root / "results" / "stdout").read_text()
        return Run(json.loads(text), text, stdout, status, took, *peak)

    def call(self, command: Sequence[str], output: Path) -> tuple[int, tuple[int, int, int]]:
        """The status of a command that runs as the platform runs it, and its memory: (shares, group, refusals)."""
        environment = {
            "PATH": os.environ["PATH"],
            "GRADER_ROOT": str(self.root),
            "GRADER_PYTHON": sys.executable,
            **self.environment,
        }
        with contextlib.ExitStack() as stack:
            if self.container:
                stack.enter_context(self.container.made())
            file = stack.enter_context(output.open("wb"))
            child = subprocess.Popen(
                command, stdout=file, stderr=subprocess.STDOUT, env=environment, preexec_fn=self._enter, cwd="/"
            )
            most = 0
            while child.poll() is None:
                most = max(most, shares_mb(child.pid))
                time.sleep(0.1)
            group = self.container.peak() if self.container else (0, 0)
        return child.returncode, (most, *group)

    def _enter(self) -> None:
        """In the child: into the container, to where Python can be reached by all, then Docker's refusals."""
        if self.container:
            self.container.enter()
        ordinary_user.open_the_way()
        refuse(self.refused)


def refuse(names: Sequence[str]) -> None:
    """From now on these system calls fail in this process and in all that it starts."""
    import pyseccomp

    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    for name in names:
        number = errno.ENOSYS if name in LANDLOCK else errno.EPERM
        with contextlib.suppress(ValueError, OSError):
            rules.add_rule(pyseccomp.ERRNO(number), name)
    rules.load()


def shares_mb(pid: int) -> int:
    """The memory of a process and of all that it has started: proportional shares, so that nothing counts twice."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            children.setdefault(int(path.read_text().rpartition(")")[2].split()[1]), []).append(int(path.parent.name))
    total, todo = 0, [pid]
    while todo:
        process = todo.pop()
        todo += children.get(process, [])
        with contextlib.suppress(OSError, IndexError, ValueError):
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
            total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total // 1024


METADATA: dict[str, Any] = {
    "id": 123456,
    "created_at": "2027-03-05T21:10:00.365935-08:00",
    "assignment": {
        "due_date": "2027-03-05T23:59:00.000000-08:00",
        "group_size": 2,
        "group_submission": True,
        "id": 25828,
        "course_id": 1234,
        "late_due_date": None,
        "release_date": "2027-02-20T00:00:00.000000-08:00",
        "title": "HW0",
        "total_points": "100.0",
    },
    "submission_method": "upload",
    "users": [
        {"email": "ada@uni.edu", "id": 1234, "name": "Ada Lovelace"},
        {"email": "alan@uni.edu", "id": 1235, "name": "Alan Turing"},
    ],
    "previous_submissions": [
        {"submission_time": "2027-03-04T14:24:48.087023-08:00", "score": 0.0, "results": {"score": 0.0}}
    ],
}

"""A scheduler of Dask and its workers, each a process of this machine, started as a launcher would start them."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

PATIENCE_S = 60.0


class Cluster:
    """Starts a scheduler. Its file, `file`, has the address."""

    def __init__(self, folder: Path, name: str = "scheduler", options: Sequence[str] = ()) -> None:
        self.file, self._log, self._options = folder / f"{name}.json", folder / f"{name}.log", list(options)
        self.workers: list[subprocess.Popen[bytes]] = []
        self.scheduler = self._start("dask_scheduler", "--port", "0")
        until(self.file.exists)

    @property
    def address(self) -> str:
        address: str = json.loads(self.file.read_text())["address"]
        return address

    def work(self, count: int = 1, slots: int = 1) -> None:
        """Starts workers."""
        for _ in range(count):
            self.workers.append(self._start("dask_worker", "--nthreads", str(slots), "--no-nanny"))

    def close(self) -> None:
        for each in (*self.workers, self.scheduler):
            each.kill()
            each.wait()

    def _start(self, what: str, *options: str) -> subprocess.Popen[bytes]:
        always = ["--host", "127.0.0.1", "--scheduler-file", str(self.file), "--no-dashboard"]
        command = [sys.executable, "-m", f"distributed.cli.{what}", *always, *options, *self._options]
        with self._log.open("ab") as log:
            return subprocess.Popen(command, stdout=log, stderr=log, cwd=self.file.parent)


def until(true: object, patience_s: float = PATIENCE_S) -> bool:
    """Whether it comes true in time."""
    assert callable(true)
    end = time.monotonic() + patience_s
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True

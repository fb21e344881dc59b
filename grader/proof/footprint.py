"""How much memory each worker has for itself while a class is graded, looked at from outside.

    python -m grader.proof.footprint PID

looks at the children of the fork server PID, until its standard input is closed, and then prints what it saw as JSON.
It is a process of its own: whoever grades forks lanes, and may have no thread beside.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from grader.errors import GraderError
from grader.sandbox.forked import Sandbox

EVERY_S = 0.01  # between two looks: what a worker has for less long may be missed
PRIVATE = ("Private_Clean", "Private_Dirty")


class Footprint:
    """Watches the workers of a sandbox in the body of `with`; afterwards `private_mb` has a number for each worker.

    That is the most that was private to it (Private_Clean + Private_Dirty of smaps_rollup) at any look. Raises
    `GraderError` for those who may not look: workers are closed to everybody but root.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        if os.geteuid() != 0:
            raise GraderError("Only root may look into a worker's memory. Run this as root.")
        self.private_mb: list[float] = []
        self._server = fork_server(sandbox)

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "grader.proof.footprint", str(self._server)]
        self._watcher = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._watcher.stdout is not None
        self._watcher.stdout.readline()  # it says when it looks
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        told, _ = self._watcher.communicate()
        if kind is None:
            self.private_mb = [kb / 1024 for kb in json.loads(told).values()]


def fork_server(sandbox: Sandbox) -> int:
    """The process whose children are workers: behind namespaces the child of what was started."""
    if "namespaces" not in sandbox.layers:
        return sandbox.pid
    (inside,) = children(sandbox.pid)
    return inside


def children(pid: int) -> list[int]:
    """The processes that `pid` has forked and not yet reaped."""
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def private_kb(pid: int) -> int:
    """What no other process has mapped. Raises `OSError` when there is no such process any more."""
    lines = [line.split() for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]]
    return sum(int(words[1]) for words in lines if words[0].rstrip(":") in PRIVATE)


def watch(server: int) -> dict[int, int]:
    """Process -> the most kB that it had for itself, until standard input is closed."""
    most: dict[int, int] = {}
    while not select.select([sys.stdin], [], [], EVERY_S)[0]:
        with contextlib.suppress(OSError):  # one that ends while it is looked at
            for worker in children(server):
                with contextlib.suppress(OSError):
                    most[worker] = max(most.get(worker, 0), private_kb(worker))
    return most


if __name__ == "__main__":
    print("looking", flush=True)
    print(json.dumps(watch(int(sys.argv[1]))))

"""Workers without confinement, for a student's own machine: any system that runs Python, no kernel feature needed.

Only the limits of time hold everywhere; memory is limited on Linux. Grading for marks never uses this.
"""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from grader.sandbox import streams, wire, worker
from grader.sandbox.channel import Channel, Exit, ends
from grader.sandbox.host import ProcessHost
from grader.sandbox.preload import OFFLINE
from grader.sandbox.replies import NOTHING_GIVEN, Given, Limits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

BOOT = """
import json, sys
settings = json.loads(sys.argv[1])
sys.path[:] = settings["path"]
from grader.sandbox import spawned
spawned.serve(settings)
"""


class SpawnedHost(ProcessHost):
    """One submission in an ordinary subprocess. It starts at once: it can import PyTorch while the judge works.

    Modules in `folders` can be imported there; none is before somebody asks for it.
    """

    def __init__(
        self,
        modules: Mapping[str, str],
        probes: str,
        limits: Limits,
        folders: Sequence[str] = (),
        given: Mapping[str, Given] = NOTHING_GIVEN,
    ) -> None:
        super().__init__(self._greeted, modules, probes, limits, given=given)
        self._folders = tuple(folders)
        self._waiting: Channel | None = spawn(limits, self._folders)

    def close(self) -> None:
        super().close()
        if self._waiting is not None:
            self._waiting.close()
            self._waiting = None

    def _greeted(self, limits: Limits) -> Channel:
        channel, self._waiting = self._waiting or spawn(limits, self._folders), None
        channel.greet()
        return channel


def spawn(limits: Limits, folders: Sequence[str] = ()) -> Channel:
    """A subprocess that is still starting; `greet` waits for it."""
    ours, theirs = ends()
    output, printed = os.pipe()
    scratch = tempfile.mkdtemp(prefix="grader-practice-")
    settings = {"connection": theirs.fileno(), "limits": dataclasses.asdict(limits), "path": search_path(folders)}
    process = subprocess.Popen(
        [sys.executable, "-I", "-c", BOOT, json.dumps(settings)],
        env={
            **os.environ,
            **OFFLINE,
            "TMPDIR": scratch,
            "OMP_NUM_THREADS": "1",
            "MKL_NUM_THREADS": "1",
            "MPLBACKEND": "Agg",
        },
        cwd=scratch,
        stdin=subprocess.DEVNULL,
        stdout=printed,
        stderr=printed,
        pass_fds=[theirs.fileno()],
        start_new_session=True,  # Ctrl-C is for the judge
    )
    theirs.close()
    os.close(printed)
    return Channel(ours, output, _Subprocess(process, scratch), limits)


def search_path(folders: Sequence[str] = ()) -> list[str]:
    """Where this process finds packages, but not the folder it was started in: it may hold a student's `random.py`.

    `folders` come last.
    """
    here = os.getcwd()
    packages = [path for path in sys.path if os.path.isabs(path) and path != here]
    return [*packages, str(Path(__file__).parents[2]), *folders]


class _Subprocess:
    def __init__(self, process: subprocess.Popen[bytes], scratch: str) -> None:
        self.process, self.scratch = process, scratch

    def kill(self) -> None:
        self.process.kill()

    def wait(self, timeout_s: float) -> Exit | None:
        try:
            status = self.process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            return None
        shutil.rmtree(self.scratch, ignore_errors=True)
        return Exit(status)


def serve(settings: dict[str, object]) -> None:
    """The subprocess: imports PyTorch, limits itself, says hello and answers until the judge hangs up."""
    connection = settings["connection"]
    assert type(connection) is int
    judge = socket.socket(fileno=connection)
    import torch  # noqa: F401  (and no more: what the first optimiser imports can wait until there is one)

    limit_itself(Limits(**settings["limits"]))  # type: ignore[arg-type]
    streams.unbuffer()
    judge.sendall(wire.encode({"layers": []}))
    worker.serve(judge)
    os._exit(0)


def limit_itself(limits: Limits) -> None:
    if sys.platform == "linux":
        from grader.sandbox.confine import identity, rlimits

        identity.die_with_parent()
        rlimits.apply(
            rlimits.baseline(),
            cpu_s=limits.total_cpu_s,
            memory_mb=limits.memory_mb,
            scratch_mb=limits.scratch_mb,
            open_files=limits.open_files,
            processes=None,
        )
    elif sys.platform != "win32":
        import resource

        # Elsewhere nothing but CPU time is enforced by the kernel. Two seconds after the judge would have noticed.
        used = resource.getrusage(resource.RUSAGE_SELF)
        seconds = int(used.ru_utime + used.ru_stime + limits.total_cpu_s) + 2
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))

"""The processes of a run of `grade`, found in /proc, and signals to them.

grade --+-- fork server's guard -- fork server -- worker, worker     (without namespaces there is no guard)
        +-- lane, lane
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

KINDS = ("worker", "fork server", "guard", "lane", "grade")
BOOT = b"zygote.main(settings)"  # in the command line of the fork server and of all that is forked from it


@dataclass(frozen=True)
class Victim:
    """A process, told from a later one of the same number by when it began."""

    kind: str
    pid: int
    began: int

    @classmethod
    def of(cls, kind: str, pid: int) -> Victim | None:
        """None when it is gone or only waits to be collected."""
        fields = stat(pid)
        return cls(kind, pid, int(fields[19])) if fields and fields[0] not in "ZX" else None

    @property
    def alive(self) -> bool:
        return Victim.of(self.kind, self.pid) == self

    def send(self, number: signal.Signals) -> bool:
        """Sends the signal to this process and to no other; False when it is gone."""
        try:
            handle = os.pidfd_open(self.pid)
        except ProcessLookupError:
            return False
        try:
            if not self.alive:
                return False
            signal.pidfd_send_signal(handle, number)
        except ProcessLookupError:
            return False
        finally:
            os.close(handle)
        return True


def family(grade: int) -> dict[str, list[Victim]]:
    """The living processes of the run whose main process is `grade`, by kind."""
    found: dict[str, list[Victim]] = {kind: [] for kind in KINDS}

    def note(kind: str, pid: int) -> None:
        victim = Victim.of(kind, pid)
        if victim is not None:
            found[kind].append(victim)

    note("grade", grade)
    own = command_line(grade)
    for child in children(grade):
        if BOOT in command_line(child):
            inner = [pid for pid in children(child) if depth(pid) == depth(child) + 1]
            note("guard" if inner else "fork server", child)
            for pid in inner:
                note("fork server", pid)
            for server in inner or [child]:
                for worker in children(server):
                    note("worker", worker)
        elif command_line(child) == own:
            note("lane", child)
    return found


def mentioning(folder: Path) -> list[str]:
    """Living processes with this folder in their command line or their environment."""
    needle, found = os.fsencode(folder), []
    for pid in numbers():
        if pid != os.getpid() and Victim.of("", pid) and needle in command_line(pid) + environment(pid):
            found.append(f"process {pid}: {command_line(pid).replace(bytes(1), b' ')[:60].decode(errors='replace')}")
    return found


def numbers() -> Iterator[int]:
    return (int(name) for name in os.listdir("/proc") if name.isdigit())


def children(pid: int) -> list[int]:
    return [int(child) for task in Path(f"/proc/{pid}/task").glob("*/children") for child in read(task).split()]


def command_line(pid: int) -> bytes:
    return read(Path(f"/proc/{pid}/cmdline"))


def environment(pid: int) -> bytes:
    return read(Path(f"/proc/{pid}/environ"))


def depth(pid: int) -> int:
    """In how many process namespaces it has a number."""
    lines = [line for line in read(Path(f"/proc/{pid}/status")).splitlines() if line.startswith(b"NSpid:")]
    return len(lines[0].split()) - 1 if lines else 0


def stat(pid: int) -> list[str]:
    """The fields of /proc/<pid>/stat from the state on; none when it is gone."""
    return read(Path(f"/proc/{pid}/stat")).decode(errors="replace").rpartition(")")[2].split()


def read(path: Path) -> bytes:
    """A file of /proc, empty when its process is gone or not ours to look at."""
    try:
        return path.read_bytes()
    except OSError:
        return b""

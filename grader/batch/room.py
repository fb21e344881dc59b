"""How much memory is free for one more submission, on this machine and in this container."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

MEMORY = Path("/proc/meminfo")
MINE = Path("/proc/self/cgroup")
GROUPS = Path("/sys/fs/cgroup")
MB = 1 << 20


def free_mb() -> float:
    """What can be had without taking it from anybody: the least of what the machine and each control group of this
    process have left. Files that are only kept in memory count as free. Infinite where nothing tells."""
    return min([*_of_machine(), *_of_groups()], default=float("inf"))


def _of_machine() -> Iterator[float]:
    try:
        lines = MEMORY.read_text(encoding="ascii").splitlines()
        yield next(int(line.split()[1]) / 1024 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, ValueError, IndexError, StopIteration):
        return


def _of_groups() -> Iterator[float]:
    """Version 2 of control groups: a limit holds for a group and for all within it."""
    try:
        (path,) = [line.split("::", 1)[1] for line in MINE.read_text().splitlines() if line.startswith("0::")]
    except (OSError, ValueError):
        return
    group = GROUPS / path.strip("/")
    while group.is_relative_to(GROUPS):
        try:
            most = int((group / "memory.max").read_text())  # "max" is no number, and no limit
            held = int((group / "memory.current").read_text())
            kept = dict(line.split() for line in (group / "memory.stat").read_text().splitlines())
            yield (most - held + int(kept["inactive_file"])) / MB
        except (OSError, ValueError, KeyError):
            pass
        group = group.parent

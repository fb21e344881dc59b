"""How much memory the container has taken at most, as its control group counts it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

GROUPS = Path("/sys/fs/cgroup")
MINE = Path("/proc/self/cgroup")


def peak_mb() -> str:
    """In whole MB, file cache included; "an unknown number of" where the container does not say."""
    for path in _files():
        try:
            return str(round(int(path.read_text()) / (1 << 20)))
        except (OSError, ValueError):
            continue
    return "an unknown number of"


def _files() -> Iterator[Path]:
    """Of this process's own group first (versions 2 and 1); in a container that is often the only one to be seen."""
    try:
        groups = [line.split(":", 2) for line in MINE.read_text().splitlines()]
    except OSError:
        groups = []
    own = {kinds: path.strip("/") for _, kinds, path in groups}
    for path in (own.get("", ""), ""):
        yield GROUPS / path / "memory.peak"
    for path in (own.get("memory", ""), ""):
        yield GROUPS / "memory" / path / "memory.max_usage_in_bytes"

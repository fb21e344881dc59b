"""How long another process has computed, by the kernel's clock of that process."""

from __future__ import annotations

import time


def cpu_s(pid: int) -> float | None:
    """CPU seconds of a process and all its threads; None when it is gone, or where the system cannot tell."""
    try:
        return time.clock_gettime((~pid << 3) | 2)  # see clock_getcpuclockid(3)
    except (OSError, AttributeError):  # there is no such process, or no such clock, as on Windows
        return None

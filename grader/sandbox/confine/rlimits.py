"""Resource limits of one worker, enforced by the kernel.

A worker cannot start processes, so limits that count per process hold for all that it does.
"""

from __future__ import annotations

import contextlib
import os
import resource
from dataclasses import dataclass

MB = 1 << 20
# Room for address space that is reserved but never used (thread stacks, malloc arenas). RLIMIT_DATA is the memory
# limit; RLIMIT_AS is there for what it does not count.
ADDRESS_SPACE_SLACK = 2048 * MB


@dataclass(frozen=True)
class Baseline:
    """What the fork server itself takes up; a worker inherits that and is allowed so much more."""

    data: int = 0
    address_space: int = 0


def baseline() -> Baseline:
    """Measured from /proc, so before the fork server moves to where there is none."""
    try:
        with open("/proc/self/statm") as file:
            pages = file.read().split()
    except OSError:
        return Baseline()
    size = os.sysconf("SC_PAGE_SIZE")
    return Baseline(data=int(pages[5]) * size, address_space=int(pages[0]) * size)


def few_descriptors() -> None:
    """For the fork server: where the limit is a billion and an old kernel closes one by one, a worker never starts."""
    _set(resource.RLIMIT_NOFILE, 4096)


def first_to_go() -> None:
    """When the machine runs out of memory, the kernel takes a worker rather than the judge."""
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("500")


def apply(
    base: Baseline, *, cpu_s: float, memory_mb: int, scratch_mb: int, open_files: int, processes: int | None
) -> None:
    """Sets every limit. `processes` counts per user, so it is None when the worker shares its user with others."""
    memory = memory_mb * MB
    used = resource.getrusage(resource.RUSAGE_SELF)  # by a process of its own to import; next to nothing by a fork
    # Later than the judge, who measures from outside; this is for a judge that is gone.
    seconds = int(used.ru_utime + used.ru_stime + cpu_s) + 2
    # The hard limit comes a second after the soft one: process 1 of a tree ignores SIGXCPU, never SIGKILL.
    _set(resource.RLIMIT_CPU, seconds, seconds + 1)
    _set(resource.RLIMIT_DATA, base.data + memory)
    _set(resource.RLIMIT_AS, base.address_space + memory + ADDRESS_SPACE_SLACK)
    _set(resource.RLIMIT_FSIZE, scratch_mb * MB)
    _set(resource.RLIMIT_NOFILE, open_files)
    _set(resource.RLIMIT_CORE, 0)
    _set(resource.RLIMIT_MEMLOCK, 64 * 1024)
    for name in ("RLIMIT_MSGQUEUE", "RLIMIT_RTPRIO"):
        if hasattr(resource, name):
            _set(getattr(resource, name), 0)
    if processes is not None:
        _set(resource.RLIMIT_NPROC, processes)


def _set(kind: int, soft: int, hard: int | None = None) -> None:
    """Never above the hard limit that is already there: only root may raise it, and a lower one is only stricter."""
    ceiling = resource.getrlimit(kind)[1]
    wanted = [soft, soft if hard is None else hard]
    if ceiling != resource.RLIM_INFINITY:
        wanted = [min(value, ceiling) for value in wanted]
    resource.setrlimit(kind, (wanted[0], wanted[1]))

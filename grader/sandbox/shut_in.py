"""Shuts this process in, for good: for a process that reads what strangers wrote, and runs nothing of it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection
from pathlib import Path

WALLS = {
    "rlimits": "limits of memory and time",
    "privileges": "no rights of ours",
    "landlock": "no files",
    "seccomp": "no network and no other programs",
}


def lacking(standing: Collection[str]) -> str:
    """A line for people that says which walls this machine could not put up; "" where all stand."""
    absent = [f"{name} ({what})" for name, what in WALLS.items() if name not in standing]
    if not absent:
        return ""
    return f"This machine does not put up all walls around what reads submissions. Missing: {', '.join(absent)}."


def shut_in(cpu_s: float, memory_mb: int) -> list[str]:
    """Limits of CPU time and memory, no files, no network, no rights: as far as this system can.

    The names of the walls that stand. What is needed has to be imported and opened before.
    """
    standing: list[str] = []
    with contextlib.suppress(Exception):
        from grader.sandbox.confine import seccomp

        seccomp.template()  # its file has to be read before files are out of reach

    def limits() -> None:
        from grader.sandbox.confine import rlimits

        rlimits.apply(rlimits.baseline(), cpu_s=cpu_s, memory_mb=memory_mb, scratch_mb=1, open_files=64, processes=None)

    def privileges() -> None:
        from grader.sandbox.confine import identity

        identity.die_with_parent()
        identity.drop_privileges()

    def landlock() -> None:
        from grader.sandbox.confine import landlock

        if landlock.version() == 0:
            raise OSError("the kernel has no Landlock")
        landlock.restrict((), (), ())

    def calls() -> None:
        from grader.sandbox.confine import seccomp

        seccomp.restrict()

    for name, put_up in (("rlimits", limits), ("privileges", privileges), ("landlock", landlock), ("seccomp", calls)):
        with contextlib.suppress(Exception):  # another system, or an older kernel: what there is counts
            put_up()
            standing.append(name)
    return standing


def environment_of(root: Path) -> dict[str, str]:
    """The environment of such a process, whose modules lie below `root`: no passwords and addresses of ours."""
    ours = {name: os.environ[name] for name in ("SYSTEMROOT", "VIRTUAL_ENV") if name in os.environ}
    threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    return {"PYTHONPATH": str(root), "PATH": os.defpath, "LC_ALL": "C.UTF-8", **threads, **ours}

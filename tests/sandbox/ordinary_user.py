"""Runs a command as an ordinary user, also where root's Python lies in a folder that is closed to others."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

from grader.sandbox.confine import kernel

NOBODY = 65534


def run(command: list[str], timeout_s: float = 60.0) -> subprocess.CompletedProcess[str]:
    """As user 65534 when the tests run as root, and simply run otherwise."""
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=timeout_s,
        cwd="/",
        check=False,
        preexec_fn=_become_nobody if os.geteuid() == 0 else None,
    )


def python(source: str, *arguments: str, timeout_s: float = 60.0) -> subprocess.CompletedProcess[str]:
    return run([sys.executable, "-c", source, *arguments], timeout_s)


def root_with_open_python(source: str, *arguments: str, timeout_s: float = 60.0) -> subprocess.CompletedProcess[str]:
    """As root, on a machine whose Python every user can reach."""
    command = [sys.executable, "-c", source, *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=timeout_s, cwd="/", check=False, preexec_fn=open_the_way
    )


def _become_nobody() -> None:
    open_the_way()
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)


def open_the_way() -> None:
    """In a child: a file system in which every user can walk to Python."""
    kernel.unshare(kernel.CLONE_NEWNS)
    kernel.mount("none", "/", "", kernel.MS_REC | kernel.MS_PRIVATE)
    closed = _closed_folder(Path(sys.base_prefix))
    if closed is not None:
        prefix = os.open(sys.base_prefix, os.O_PATH)
        kernel.mount("tmpfs", str(closed), "tmpfs", 0, "mode=0755")
        os.makedirs(sys.base_prefix)
        kernel.mount(f"/proc/self/fd/{prefix}", sys.base_prefix, "", kernel.MS_BIND | kernel.MS_REC)
        os.close(prefix)


def _closed_folder(path: Path) -> Path | None:
    """The outermost folder on the way to `path` that others may not pass through."""
    return next((at for at in reversed(path.parents) if not at.stat().st_mode & stat.S_IXOTH), None)

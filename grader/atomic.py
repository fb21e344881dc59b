"""Files that are written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

PREFIX = ".writing-"


def write_atomically(path: Path, content: bytes, written: Callable[[int], None] = lambda descriptor: None) -> None:
    """Writes a whole file or none: a reader, and a run that is killed, never meet half of it. Raises OSError.

    `written` is called with the file's descriptor before the file gets its name.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f"{PREFIX}{path.name[:100]}-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            written(descriptor)
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):  # somebody may have removed the folder
            os.unlink(name)
        raise


def write_durably(path: Path, content: bytes) -> None:
    """The same, and it is on the disk when this returns, whatever becomes of the machine. Raises OSError."""
    write_atomically(path, content, os.fsync)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """The names in a folder are on the disk when this returns. Some file systems cannot be asked for that."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def sweep(folder: Path, older_than_s: float = 0.0) -> None:
    """Removes what a run that was killed had begun to write, in this folder and those below it."""
    for path in folder.rglob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime >= older_than_s:
                path.unlink()

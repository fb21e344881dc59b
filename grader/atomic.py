"""Files that are written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from pathlib import Path

PREFIX = ".writing-"


def write_atomically(path: Path, content: bytes) -> None:
    """Writes a whole file or none: a reader, and a run that is killed, never meet half of it. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f"{PREFIX}{path.name[:100]}-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):  # somebody may have removed the folder
            os.unlink(name)
        raise


def sweep(folder: Path, older_than_s: float = 0.0) -> None:
    """Removes what a run that was killed had begun to write, in this folder and those below it."""
    for path in folder.rglob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime >= older_than_s:
                path.unlink()

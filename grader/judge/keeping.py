"""Files that a later run may rely on: written whole, and read only when they are what was written.

A file is bound to its place: one that was cut, changed, renamed or moved is as good as none, and is made anew.
"""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path

from grader.atomic import write_atomically

DIGEST_BYTES = hashlib.sha256().digest_size


def keep(path: Path, content: bytes) -> None:
    """Keeps `content` if that is possible: a folder that somebody else owns, or a full disk, is no reason to stop."""
    with contextlib.suppress(OSError):
        write_atomically(path, _digest(path, content) + content)


def kept(path: Path) -> bytes | None:
    """What was kept there; None when there is nothing, or something else."""
    try:
        stored = path.read_bytes()
    except OSError:
        return None
    digest, content = stored[:DIGEST_BYTES], stored[DIGEST_BYTES:]
    return content if digest == _digest(path, content) else None


def _digest(path: Path, content: bytes) -> bytes:
    place = f"{path.parent.name}/{path.name}".encode()
    return hashlib.sha256(len(place).to_bytes(8, "little") + place + content).digest()

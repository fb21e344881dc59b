"""What was handed in, as bytes: a digest of a file or a folder as it lies, of which nothing is understood.

Names count, and what a link says; a link is not followed. What the intake never looks at does not count: skipped names,
and what lies behind the first bytes of a huge file.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from grader.intake import folders, names
from grader.intake.tree import Kind

MOST_FILES = 20_000  # the intake refuses a folder with more
READ_BYTES = 1 << 26  # of one file: more than the intake ever reads of it
MOST_BYTES = 1 << 32  # of all files
CHUNK = 1 << 20


def raw_digest(path: Path) -> str | None:
    """Names the bytes that lie there. None where they cannot be read, or are too many: then nobody can say whether they
    are the same as before."""
    whole, todo, left = hashlib.sha256(), [(os.fspath(path), os.fsencode(path.name))], MOST_BYTES
    count = 0
    try:
        while todo:
            place, name = todo.pop()
            kind = folders.kind_of(os.lstat(place).st_mode)
            if kind is Kind.FOLDER:
                with os.scandir(place) as found:
                    for each in found:
                        if names.is_skipped(each.name):
                            continue
                        count += 1
                        if count > MOST_FILES:
                            return None
                        todo.append((each.path, name + b"/" + os.fsencode(each.name)))
                todo.sort()  # the same order, however the file system lists them
                said = b""
            elif kind is Kind.LINK:
                said = os.fsencode(os.readlink(place))
            elif kind is Kind.FILE:
                said, size = _file(place)
                left -= size
                if left < 0:
                    return None
            else:
                said = b""
            for part in (kind.value.encode(), name, said):
                whole.update(len(part).to_bytes(8, "little") + part)
    except (OSError, ValueError):
        return None
    return whole.hexdigest()


def _file(place: str) -> tuple[bytes, int]:
    """The digest of a file's size and first bytes, and how many were read."""
    descriptor = os.open(place, folders.FLAGS)
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        found, read = hashlib.sha256(os.fstat(descriptor).st_size.to_bytes(8, "little")), 0
        while read < READ_BYTES and (chunk := file.read(min(CHUNK, READ_BYTES - read))):
            found.update(chunk)
            read += len(chunk)
    return found.digest(), read

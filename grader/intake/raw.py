"""What was handed in, as bytes: a digest of a file or a folder as it lies, of which nothing is understood.

Names count, and what a link says; a link is not followed. What the intake never looks at does not count: skipped names
(but how many there are is limited, as there), and what lies behind the first bytes of a huge file.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.intake import folders, names
from grader.intake.tree import Kind

MOST_FILES = 20_000  # names, skipped ones too: the intake refuses a folder with more
READ_BYTES = 1 << 26  # of one file: more than the intake ever reads of it
# Of a whole hand-in, with earlier attempts. Hashing as much took 0.23 s of a processor, and 1.9 s on a busy machine.
# More is not read at all: such a hand-in is graded again each time.
MOST_BYTES = 1 << 28
CHUNK = 1 << 20


@dataclass(frozen=True)
class _Piece:
    kind: Kind
    place: str
    name: bytes  # below what was handed in
    size: int  # how many bytes are to be read


def raw_digest(path: Path) -> str | None:
    """Names the bytes that lie there. None where they cannot be read, or are too many: then nobody can say whether they
    are the same as before."""
    found = raw_digests([path])
    return found[0] if found else None


def raw_digests(paths: Sequence[Path]) -> list[str] | None:
    """The same for each path of one hand-in. None where one cannot be read, or all of them together are too many."""
    found, names_left, bytes_left = list[list[_Piece]](), MOST_FILES, MOST_BYTES
    try:
        for path in paths:
            there, count = _pieces(path, names_left)
            names_left -= count
            bytes_left -= sum(piece.size for piece in there)
            if min(names_left, bytes_left) < 0:
                return None
            found.append(there)
        return [_digest(there) for there in found]
    except (OSError, ValueError):
        return None


def _pieces(path: Path, most: int) -> tuple[list[_Piece], int]:
    """What lies at a path, without reading it, and how many names were seen: at most one more than `most`."""
    todo, count = [(os.fspath(path), os.fsencode(path.name))], 0
    there = list[_Piece]()
    while todo:
        place, name = todo.pop()
        told = os.lstat(place)
        kind = folders.kind_of(told.st_mode)
        there.append(_Piece(kind, place, name, min(told.st_size, READ_BYTES) if kind is Kind.FILE else 0))
        if kind is Kind.FOLDER:
            with os.scandir(place) as found:
                for each in found:
                    count += 1  # as the intake counts: before it is skipped
                    if count > most:
                        return there, count
                    if not names.is_skipped(each.name):
                        todo.append((each.path, name + b"/" + os.fsencode(each.name)))
            todo.sort()  # the same order, however the file system lists them
    return there, count


def _digest(there: Sequence[_Piece]) -> str:
    whole = hashlib.sha256()
    for piece in there:
        said = b""
        if piece.kind is Kind.LINK:
            said = os.fsencode(os.readlink(piece.place))
        elif piece.kind is Kind.FILE:
            said = _file(piece.place)
        for part in (piece.kind.value.encode(), piece.name, said):
            whole.update(len(part).to_bytes(8, "little") + part)
    return whole.hexdigest()


def _file(place: str) -> bytes:
    """The digest of a file's size and first bytes."""
    descriptor = os.open(place, folders.FLAGS)
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        found, read = hashlib.sha256(os.fstat(descriptor).st_size.to_bytes(8, "little")), 0
        while read < READ_BYTES and (chunk := file.read(min(CHUNK, READ_BYTES - read))):
            found.update(chunk)
            read += len(chunk)
    return found.digest()

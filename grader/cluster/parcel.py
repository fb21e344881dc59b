"""One job with the bytes that were handed in: packed here, laid out on a worker's machine as they lay.

Names, links, folders and sizes are kept, because the intake speaks of them; a link is not followed. Nothing is pickled:
a parcel is numbers, texts and bytes.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import msgpack

from grader.batch.job import Job
from grader.intake import folders, names
from grader.intake.raw import MOST_BYTES, MOST_FILES, READ_BYTES
from grader.intake.tree import Kind

DENIED = "denied"


class TooLarge(Exception):
    """More than is sent of one hand-in."""


def packed(job: Job) -> bytes:
    """The job and what lies at its paths. Raises `OSError`, and `TooLarge`."""
    places = list(dict.fromkeys(_places(job)))
    left = [MOST_FILES + 1, MOST_BYTES]
    pieces = [_pieces(Path(place), left) for place in places]
    plain = {**asdict(job), "modules": None if job.modules is None else dict(job.modules)}
    content: bytes = msgpack.packb([plain, places, pieces, os.getcwd()], unicode_errors="surrogateescape")
    return content


def laid_out(parcel: bytes, folder: Path) -> tuple[Job, dict[str, str]]:
    """The job with its files below `folder`, and of each place there what a result shall say of where it came from."""
    plain, places, pieces, cwd = msgpack.unpackb(parcel, unicode_errors="surrogateescape", strict_map_key=False)
    moved = dict[str, str]()
    for number, (place, found) in enumerate(zip(places, pieces, strict=True)):
        within = folder / str(number)
        within.mkdir()
        moved[place] = str(within / os.path.basename(place))
        for kind, name, content, size in found:
            _lay(Path(moved[place] + os.fsdecode(name)), kind, content, size)
    return _moved(plain, moved), {there: os.path.normpath(os.path.join(cwd, here)) for here, there in moved.items()}


def _places(job: Job) -> list[str]:
    """What is read of a job. The path beside loose files, and of one that is refused, is only spoken of."""
    own = [] if job.modules is not None or job.refusal is not None else list(job.files.values()) or [job.path]
    return [*own, *(place for attempt in job.earlier for place in _places(attempt))]


def _moved(plain: Mapping[str, Any], moved: Mapping[str, str]) -> Job:
    files = {name: moved[place] for name, place in plain["files"].items()} if plain["refusal"] is None else {}
    spoken = files or plain["modules"] is not None or plain["refusal"] is not None
    path = plain["path"] if spoken else moved[plain["path"]]
    earlier = tuple(_moved(attempt, moved) for attempt in plain["earlier"])
    return Job(**{**plain, "path": path, "files": files, "remarks": tuple(plain["remarks"]), "earlier": earlier})


def _pieces(path: Path, left: list[int]) -> list[tuple[str, bytes, bytes, int]]:
    """What lies at a path: the kind, the name below it, and the first bytes and the size, or what a link says."""
    todo, found = [(os.fspath(path), b"")], list[tuple[str, bytes, bytes, int]]()
    while todo:
        place, name = todo.pop()
        told, content, denied = os.lstat(place), b"", False
        kind = folders.kind_of(told.st_mode)
        skipped = bool(name) and names.is_skipped(os.path.basename(place))
        try:
            if kind is Kind.LINK:
                content = os.fsencode(os.readlink(place))
            elif kind is Kind.FILE and not skipped:
                content = _file(place)
            elif kind is Kind.FOLDER and not skipped:
                with os.scandir(place) as inside:
                    for each in inside:
                        left[0] -= 1
                        if left[0] < 0:  # the intake refuses so many names, whatever they are
                            break
                        todo.append((each.path, name + b"/" + os.fsencode(each.name)))
        except PermissionError:
            denied = True
        left[1] -= len(content)
        if left[1] < 0:
            raise TooLarge(f"More than {MOST_BYTES >> 20} MB were handed in, which is not sent to a cluster.")
        found.append((f"{DENIED} {kind.value}" if denied else kind.value, name, content, told.st_size))
    return found


def _file(place: str) -> bytes:
    """The first bytes, as many as the intake would read."""
    descriptor = os.open(place, folders.FLAGS)
    with os.fdopen(descriptor, "rb") as file:
        return file.read(READ_BYTES) if stat.S_ISREG(os.fstat(descriptor).st_mode) else b""


def _lay(path: Path, kind: str, content: bytes, size: int) -> None:
    denied, kind = kind.startswith(DENIED), kind.removeprefix(f"{DENIED} ")
    if kind == Kind.LINK.value:
        os.symlink(content, path)
    elif kind == Kind.FOLDER.value:
        path.mkdir()
    elif kind == Kind.SPECIAL.value:
        os.mkfifo(path)
    else:
        path.write_bytes(content)
        if size > len(content):
            os.truncate(path, size)
    if denied:
        path.chmod(0)

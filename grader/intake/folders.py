"""Folders and files on disk, read without following a link and without waiting for a pipe."""

from __future__ import annotations

import errno
import os
import stat
from functools import partial
from pathlib import Path

from grader.intake import names
from grader.intake.names import shown
from grader.intake.submission import IntakeLimits, Refused
from grader.intake.tree import Item, Kind, Levels

# O_NONBLOCK: opening a pipe that nobody writes to would wait for ever. Not every system has every flag.
FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


def kind_of(mode: int) -> Kind:
    """The kind of what has this file mode."""
    if stat.S_ISLNK(mode):
        return Kind.LINK
    if stat.S_ISDIR(mode):
        return Kind.FOLDER
    return Kind.FILE if stat.S_ISREG(mode) else Kind.SPECIAL


def read_file(path: Path, limit: int) -> bytes:
    """At most `limit` + 1 bytes of an ordinary file. Raises `Refused` for anything else, `OSError` for our trouble."""
    name = shown(path.name)
    try:
        descriptor = os.open(path, FLAGS)
    except PermissionError:
        raise Refused(f"{name} cannot be read: permission denied. Make it readable and hand it in again.") from None
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.EMLINK):
            raise Refused(f"{name} is a link, not a file. Hand in the file itself.") from None
        if error.errno in (errno.ENXIO, errno.EOPNOTSUPP, errno.ENODEV):
            raise Refused(f"{name} is a device, a pipe or a socket, not a file. Hand in an ordinary file.") from None
        raise
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise Refused(f"{name} is not an ordinary file. Hand in an ordinary file.")
        return file.read(limit + 1)


def levels(root: Path, limits: IntakeLimits) -> Levels:
    """The tree below `root`. Links and hidden folders are not entered; an unreadable folder matters only at the end."""
    unreadable: list[str] = []
    listed, folders = 0, [""]
    for _ in range(limits.depth):
        level: list[Item] = []
        for prefix in folders:
            try:
                entries = os.scandir(root / prefix)
            except PermissionError:
                unreadable.append(prefix.rstrip("/") or root.name)
                continue
            with entries:
                for entry in entries:
                    listed += 1
                    if listed > limits.listed:
                        raise Refused(
                            f"the folder holds more than {limits.listed:,} files. "
                            "Hand in only what the assignment asks for."
                        )
                    if not names.is_skipped(entry.name):
                        level.append(
                            _item(root, prefix + entry.name, entry.stat(follow_symlinks=False).st_mode, limits)
                        )
        level.sort(key=lambda item: item.path)
        yield level
        folders = [item.path + "/" for item in level if item.kind is Kind.FOLDER]
        if not folders:
            break
    if unreadable:
        raise Refused(
            f"the folder {names.listed(unreadable, limits.notes)} cannot be opened: permission denied. "
            "Make it readable and hand it in again."
        )


def _item(root: Path, path: str, mode: int, limits: IntakeLimits) -> Item:
    fault = names.too_long(path, limits.name_bytes, limits.path_bytes)
    if names.has_control(path):
        fault = "contains a control character"
    if fault is not None:
        raise Refused(f"the name {shown(path)} {fault}. Remove or rename that file.")
    return Item(path, kind_of(mode), partial(read_file, root / path))

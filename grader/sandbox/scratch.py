"""Scratch folders on disk: how much they hold, and getting rid of them, whatever a submission has made of them.

A submission may nest folders deeper than any path or recursion can follow, lock them, or give them names of any bytes.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from itertools import count

DEEPEST = 50  # folders within folders; whoever goes deeper is hiding something
ENTRY_BYTES = 4096  # what an entry counts at least, so that empty files do not come free


def holds_more_than(limit: int, folder: str) -> bool:
    """Whether the files in `folder` take more than `limit` bytes, or are kept where they cannot be counted."""
    total, waiting = 0, [(folder, 0)]
    while waiting:
        at, depth = waiting.pop()
        try:
            with os.scandir(at) as entries:
                for entry in entries:
                    total += ENTRY_BYTES
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append((entry.path, depth + 1))
                    else:
                        total += entry.stat(follow_symlinks=False).st_size
                    if total > limit or depth > DEEPEST:
                        return True
        except FileNotFoundError:  # it has just been removed
            continue
        except OSError:
            return True
    return False


def remove(folder: str | os.PathLike[str]) -> None:
    """Removes `folder` as far as that is possible. Nobody may use it any more. Never raises."""
    with contextlib.suppress(OSError):
        top = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            _empty(top)
        finally:
            os.close(top)
        os.rmdir(folder)


def _empty(top: int) -> None:
    """Moves each inner folder up into `top` before it looks inside, so that nothing ever lies deep."""
    names = (f"{secrets.token_hex(8)}-{number}" for number in count())
    waiting = [""]
    while waiting:
        name = waiting.pop()
        at = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=top) if name else top
        try:
            with os.scandir(at) as entries:
                found = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries]
            for inner, is_folder in found:
                with contextlib.suppress(OSError):
                    if is_folder:
                        os.chmod(inner, 0o700, dir_fd=at)
                        moved = next(names)
                        os.rename(inner, moved, src_dir_fd=at, dst_dir_fd=top)
                        waiting.append(moved)
                    else:
                        os.unlink(inner, dir_fd=at)
        finally:
            if name:
                os.close(at)
        if name:
            with contextlib.suppress(OSError):
                os.rmdir(name, dir_fd=top)

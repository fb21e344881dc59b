"""The folder that a run writes its results into: tried first, held against other runs, looked through at the end."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from grader import atomic
from grader.atomic import write_atomically
from grader.errors import ResultsError
from grader.judge.result import Result
from grader.report.files import content_of, path_of, write_result

HELD = ".grading"  # who writes into the folder; locked as long as that process lives
TRIED_BYTES = 1 << 16  # about two results


@contextmanager
def results_folder(folder: Path) -> Iterator[None]:
    """Makes the folder and holds it for this run. What a run that was killed had begun to write is removed.

    Raises `ResultsError` when nothing can be written there, or another run does that now.
    """
    held = _held(folder)
    try:
        with _told(folder):
            atomic.sweep(folder)
            write_atomically(folder / f"{HELD}-try", os.urandom(TRIED_BYTES))
            (folder / f"{HELD}-try").unlink()
        yield
    finally:
        with contextlib.suppress(OSError):
            (folder / HELD).unlink()
        os.close(held)


def save(folder: Path, result: Result) -> None:
    """Writes one result. Raises `ResultsError`."""
    with _told(path_of(folder, result)):
        try:
            write_result(folder, result)
        except FileNotFoundError:  # somebody removed the folder in this moment
            write_result(folder, result)


def lost(folder: Path, results: Sequence[Result]) -> dict[str, str]:
    """Results that are not in the folder as they were written there, and cannot be written again: name -> why."""
    found = {}
    for result in results:
        path = path_of(folder, result)
        with contextlib.suppress(OSError):
            if path.read_bytes() == content_of(result):
                continue
        try:
            save(folder, result)
        except ResultsError as error:
            found[result.submission] = str(error)
    return found


def _held(folder: Path) -> int:
    """A descriptor of the folder's lock."""
    path = folder / HELD
    with _told(folder):
        folder.mkdir(parents=True, exist_ok=True)
        while True:
            descriptor = os.open(path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
            try:
                _lock(descriptor, path)
                if _is_there(path, descriptor):
                    path.write_text(f"process {os.getpid()}, since {time.strftime('%H:%M:%S')}")
                    return descriptor
            except BlockingIOError:
                who = os.read(descriptor, 200).decode(errors="replace")
                os.close(descriptor)
                raise ResultsError(
                    f"{folder}: another run writes its results there now ({who}). Wait for it, or name another "
                    "folder with --out."
                ) from None
            except OSError:
                os.close(descriptor)
                with contextlib.suppress(OSError):
                    path.unlink()
                raise
            os.close(descriptor)  # the run before ended in this moment, and took the file along


def _lock(descriptor: int, path: Path) -> None:
    """Locks the file for this process. Raises BlockingIOError when another has it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno != errno.EBADF:
            raise
        # NFS locks for writing only what is open for writing; elsewhere that would keep a file system busy.
        writing = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        os.dup2(writing, descriptor, inheritable=False)
        os.close(writing)
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _is_there(path: Path, descriptor: int) -> bool:
    with contextlib.suppress(OSError):
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    return False


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ResultsError(f"{path}: cannot be written ({error.strerror}).") from None

"""Files that take long to make and are kept for the next time, in the user's cache folder."""

import contextlib
import fcntl
import glob
import hashlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

CACHE = "learning-across-tasks"


def cache_folder() -> Path:
    """$XDG_CACHE_HOME/learning-across-tasks, or ~/.cache/learning-across-tasks. It need not exist."""
    wanted = os.environ.get("XDG_CACHE_HOME", "")
    if os.path.isabs(wanted):  # the XDG standard says to ignore others
        return Path(wanted, CACHE)
    return Path(os.path.expanduser("~"), ".cache", CACHE)


def kept(name: str, make: Callable[[], bytes]) -> bytes:
    """What is kept under this name, or what `make` makes, which is kept then.

    The digest of a file is part of its name, `<stem>.<sha256><ending>`: a damaged file is noticed whenever it is read,
    and made anew. A file appears at once, as a whole. Of several processes one makes it and the others wait. If nothing
    can be kept (no space, no right to write), a line on stderr says so, and what was made is used all the same.
    """
    folder = cache_folder()
    if (content := _found(folder, name)) is not None:
        return content
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / f"{name}.lock").open("a")
    except OSError as error:
        return _not_kept(folder, name, error, make())
    with lock, _locked(lock, name):
        if (content := _found(folder, name)) is not None:  # another process has made it meanwhile
            return content
        for left_over in folder.glob(f"{glob.escape(name)}.*.part"):  # of a process that was killed
            left_over.unlink(missing_ok=True)
        content = make()
        try:
            _write(folder, name, content)
        except OSError as error:
            return _not_kept(folder, name, error, content)
        return content


def _found(folder: Path, name: str) -> bytes | None:
    stem, ending = os.path.splitext(name)
    for file in sorted(folder.glob(f"{glob.escape(stem)}.{'[0-9a-f]' * 64}{glob.escape(ending)}")):
        try:
            content = file.read_bytes()
        except OSError:
            continue
        if file.name == _full_name(name, content):
            return content
        print(f"{file}: is damaged, so it is made anew.", file=sys.stderr)
        with contextlib.suppress(OSError):
            file.unlink()
    return None


def _full_name(name: str, content: bytes) -> str:
    stem, ending = os.path.splitext(name)
    return f"{stem}.{hashlib.sha256(content).hexdigest()}{ending}"


def _write(folder: Path, name: str, content: bytes) -> None:
    number, part = tempfile.mkstemp(prefix=f"{name}.", suffix=".part", dir=folder)
    try:
        with open(number, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, folder / _full_name(name, content))
    except BaseException:  # Ctrl-C, too
        with contextlib.suppress(OSError):
            os.unlink(part)
        raise


@contextlib.contextmanager
def _locked(lock, name: str) -> Iterator[None]:
    """Holds the lock, which the kernel lifts when this process ends. Where a disk knows no locks: holds nothing."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print(f"Another process is making {name}: waiting for it.", file=sys.stderr)
        fcntl.flock(lock, fcntl.LOCK_EX)
    except OSError:
        pass
    yield  # closing the file lifts the lock


def _not_kept(folder: Path, name: str, error: OSError, content: bytes) -> bytes:
    print(
        f"{folder}: {name} ({len(content) / 1e6:,.0f} MB) cannot be kept here ({error.strerror}), so it is made anew "
        "each time. Make room, or set XDG_CACHE_HOME to a folder with room.",
        file=sys.stderr,
    )
    return content

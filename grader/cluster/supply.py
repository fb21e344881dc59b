"""The assignment on a worker's machine: sent once by content, readable for its owner alone, gone after the last user.

    <temporary folder>/grader-cluster-<user>/gate            locked while somebody comes or goes
                                            /<digest>.lock   held by everybody who uses the folder
                                            /<digest>/course what was sent
                                            /<digest>/...    a folder for each submission, while it is judged

A folder that nobody holds is of a run that was killed: who comes next removes it.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import msgpack

from grader.course.assignment import Assignment, load_assignment
from grader.errors import SandboxError
from grader.sandbox import scratch

# What no judge reads: known mistakes travel as what was seen of them.
LEFT_OUT = ("mutants", "restyled", "known.json", "proofs.json")


def packed(assignment: Assignment) -> bytes:
    """All files of a homework that a judge may read, by their place in the course. The same files, the same bytes."""
    root, found = assignment.folder.parents[1], dict[str, bytes]()
    for folder in (assignment.folder, assignment.solution, *assignment.shared_folders):
        for path in folder.rglob("*"):
            inside = path.relative_to(folder).parts
            hidden = any(part.startswith((".", "__pycache__")) for part in inside)
            if path.is_file() and not hidden and not (folder == assignment.solution and inside[0] in LEFT_OUT):
                found[path.relative_to(root).as_posix()] = path.read_bytes()
    for path in root.glob("assignments/*/hw*.ipynb"):  # by these the intake knows another homework's work
        found[path.relative_to(root).as_posix()] = path.read_bytes()
    packed: bytes = msgpack.packb([assignment.name, sorted(found.items())])
    return packed


def digest_of(bundle: bytes) -> str:
    """Names what was packed."""
    return hashlib.sha256(bundle).hexdigest()[:32]


class Supply:
    """A hold on the assignment of this digest. Its folder goes when the last hold on this machine does."""

    def __init__(self, digest: str) -> None:
        self._root = private_root()
        self.folder, self._digest = self._root / digest, digest
        self._lock = _open(self._root / f"{digest}.lock")

    def __enter__(self) -> Self:
        with self._gate():
            for path in self._root.iterdir():
                if path.is_dir() and path != self.folder:
                    _remove_unheld(path)
            if _held(self._lock, fcntl.LOCK_EX):  # nobody else has it: what lies there was left behind
                scratch.remove(self.folder)
            _held(self._lock, fcntl.LOCK_SH)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._gate():
            if _held(self._lock, fcntl.LOCK_EX):
                scratch.remove(self.folder)
            os.close(self._lock)

    @property
    def there(self) -> bool:
        """Whether somebody has unpacked it already."""
        return (self.folder / "course").is_dir()

    def unpack(self, bundle: bytes) -> None:
        """Writes what was packed. Raises `SandboxError` when it is not what the digest says."""
        if digest_of(bundle) != self._digest:
            raise SandboxError("the assignment came damaged over the network. Grade again.")
        with self._gate():
            if self.there:
                return
            self.folder.mkdir(mode=0o700, exist_ok=True)
            place = Path(tempfile.mkdtemp(dir=self.folder))
            _, files = msgpack.unpackb(bundle)
            for name, content in files:
                path = place / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            place.rename(self.folder / "course")

    def assignment(self, name: str) -> Assignment:
        """The homework, as it was unpacked."""
        return load_assignment(self.folder / "course" / "assignments" / name)

    @contextmanager
    def work(self) -> Iterator[Path]:
        """A folder that is gone afterwards."""
        place = tempfile.mkdtemp(dir=self.folder)
        try:
            yield Path(place)
        finally:
            scratch.remove(place)

    @contextmanager
    def _gate(self) -> Iterator[None]:
        gate = _open(self._root / "gate")
        try:
            fcntl.flock(gate, fcntl.LOCK_EX)
            yield
        finally:
            os.close(gate)


def private_root() -> Path:
    """Where assignments lie on this machine. Raises `SandboxError` where that is somebody else's folder."""
    root = Path(tempfile.gettempdir()) / f"grader-cluster-{os.getuid()}"
    with contextlib.suppress(FileExistsError):
        root.mkdir(mode=0o700)
    told = os.lstat(root)
    if not stat.S_ISDIR(told.st_mode) or told.st_uid != os.getuid() or stat.S_IMODE(told.st_mode) != 0o700:
        raise SandboxError(f"{root} is not a folder of this user alone (drwx------). Remove it, or set TMPDIR.")
    return root


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _held(lock: int, how: int) -> bool:
    try:
        fcntl.flock(lock, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _remove_unheld(folder: Path) -> None:
    lock = _open(folder.with_name(f"{folder.name}.lock"))
    try:
        if _held(lock, fcntl.LOCK_EX):
            scratch.remove(folder)
    finally:
        os.close(lock)

"""The platform's folders, and which of them a student's process must not reach."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Layout:
    """Where things lie. `root` is /autograder on the platform, and another folder in tests."""

    root: Path

    @property
    def source(self) -> Path:
        """The archive, unpacked: the grader, the checks, the reference, the seed."""
        return self.root / "source"

    @property
    def submission(self) -> Path:
        return self.root / "submission"

    @property
    def metadata(self) -> Path:
        return self.root / "submission_metadata.json"

    @property
    def results(self) -> Path:
        return self.root / "results"

    @property
    def results_json(self) -> Path:
        return self.results / "results.json"

    def folders(self) -> tuple[Path, ...]:
        """Folders that a student's process must neither list nor write to."""
        return (self.source, self.results, self.submission)

    def shut(self) -> None:
        """Makes all this the grader's alone. A folder that is closed closes all that is in it.

        What the platform refuses stays as it is: whether anything is open is found out by trying it (walls.py).
        """
        self.results.mkdir(parents=True, exist_ok=True)
        for path in (*self.folders(), self.metadata):
            with contextlib.suppress(OSError):
                os.chown(path, os.geteuid(), os.getegid())
                path.chmod(0o700 if path.is_dir() else 0o600)

    def open_to_others(self) -> Iterator[str]:
        """What the modes of files leave open to other users."""
        for path in (*self.folders(), self.metadata):
            if path.exists():
                about = path.stat()
                if about.st_mode & 0o077 or about.st_uid != os.geteuid():
                    yield f"{path}: mode {about.st_mode & 0o777:o}, owner {about.st_uid}"

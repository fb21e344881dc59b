"""What was measured or graded, kept line by line, so that a run that was stopped goes on where it was."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from grader.atomic import sync_folder, write_durably


class Journal:
    """Entries by key, in a file to which lines are only added.

    Each line carries a digest: half a line, of a run that was killed, and one that was changed since are ignored. The
    last line of a key counts. `trouble` says why the file cannot be written, if so.
    """

    def __init__(self, path: Path) -> None:
        self._path, self._entries, self.trouble = path, dict[str, Any](), ""
        self._lines = 0
        with contextlib.suppress(OSError):
            for line in path.read_bytes().splitlines():
                self._lines += bool(line)
                with contextlib.suppress(ValueError, TypeError, RecursionError):
                    key, entry, digest = json.loads(line)
                    if digest == _digest(key, entry):
                        self._entries[key] = entry

    def get(self, key: str) -> Any:
        """The entry; None if there is none."""
        return self._entries.get(key)

    def note(self, key: str, entry: Mapping[str, Any]) -> None:
        """Adds an entry, which is on the disk when this returns. A file that cannot be written costs only the time to
        measure or grade again."""
        self._entries[key] = entry
        self._lines += 1
        try:
            new = not self._path.exists()
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("ab") as file:
                # A new line first: the one before may have been cut short.
                file.write(b"\n" + _line(key, entry))
                file.flush()
                os.fsync(file.fileno())
            if new:
                sync_folder(self._path.parent)
        except OSError as error:
            self.trouble = f"{self._path}: cannot be written ({error.strerror})"

    def shorten(self, keys: Iterable[str]) -> None:
        """Writes the file anew with the last line of each of these keys, if more than half of its lines are others."""
        kept = {key: self._entries[key] for key in keys if key in self._entries}
        if self._lines > 2 * len(kept):
            with contextlib.suppress(OSError):
                write_durably(self._path, b"".join(_line(key, entry) for key, entry in kept.items()))
                self._entries, self._lines = kept, len(kept)


def _line(key: str, entry: Any) -> bytes:
    return json.dumps([key, entry, _digest(key, entry)]).encode() + b"\n"


def _digest(key: str, entry: Any) -> str:
    return hashlib.sha256(json.dumps([key, entry], sort_keys=True).encode()).hexdigest()[:16]

"""What was measured, kept line by line, so that a calibration that was stopped goes on where it was."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


class Journal:
    """Entries by key, in a file to which lines are only added.

    Each line carries a digest: half a line, of a run that was killed, and one that was changed since are ignored.
    """

    def __init__(self, path: Path) -> None:
        self._path, self._entries = path, dict[str, Any]()
        with contextlib.suppress(OSError):
            for line in path.read_bytes().splitlines():
                with contextlib.suppress(ValueError, TypeError):
                    key, entry, digest = json.loads(line)
                    if digest == _digest(key, entry):
                        self._entries[key] = entry

    def get(self, key: str) -> Any:
        """The entry; None if there is none."""
        return self._entries.get(key)

    def note(self, key: str, entry: Mapping[str, Any]) -> None:
        """Adds an entry. A file that cannot be written costs only the time to measure again."""
        self._entries[key] = entry
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("ab") as file:
                # A new line first: the one before may have been cut short.
                file.write(b"\n" + json.dumps([key, entry, _digest(key, entry)]).encode() + b"\n")


def _digest(key: str, entry: Any) -> str:
    return hashlib.sha256(json.dumps([key, entry], sort_keys=True).encode()).hexdigest()[:16]

"""Bytes that are put aside on the disk until they are wanted again: a class of thousands is more than memory holds."""

from __future__ import annotations

import tempfile

Place = tuple[int, int]  # where they begin, and how many


class Aside:
    """A file without a name, which is gone with this process."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  (open as long as this is)

    def close(self) -> None:
        self._file.close()

    def put(self, content: bytes) -> Place:
        """Where the content is from now on. Raises OSError when there is no room."""
        begin = self._file.seek(0, 2)
        self._file.write(content)
        self._file.flush()  # where there is no room, we want to know now
        return begin, len(content)

    def get(self, place: Place) -> bytes:
        begin, size = place
        self._file.seek(begin)
        return self._file.read(size)

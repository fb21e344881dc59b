"""What was asked lately, in memory: as much of it as a stated number of bytes holds."""

from __future__ import annotations

from typing import Generic, TypeVar

Value = TypeVar("Value")


class Recent(Generic[Value]):
    """Values by key, each with its size in bytes. When they are more than `most_bytes`, the oldest are let go."""

    def __init__(self, most_bytes: int) -> None:
        self._most, self._used = most_bytes, 0
        self._values: dict[str, tuple[Value, int]] = {}

    def get(self, key: str) -> Value | None:
        """The value, which is the newest from now on; None if it is not here (any more)."""
        if (entry := self._values.pop(key, None)) is None:
            return None
        self._values[key] = entry
        return entry[0]

    def add(self, key: str, value: Value, size: int) -> Value:
        """Keeps the value, unless it alone is too large, and returns it."""
        self._used += size - self._values.pop(key, (value, 0))[1]
        self._values[key] = value, size
        while self._used > self._most:
            oldest = next(iter(self._values))
            self._used -= self._values.pop(oldest)[1]
        return value

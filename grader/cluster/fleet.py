"""What this package needs of a distributed engine: to send bytes to one of its workers, and to hear what comes back.

Each engine is one file with one class. `dask.py` is such a file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Joined:
    """A worker is there, on the machine `host`, and does so many things at a time."""

    worker: str
    host: str
    slots: int


@dataclass(frozen=True)
class Left:
    """A worker is gone. What it was doing is never answered."""

    worker: str


@dataclass(frozen=True)
class Answered:
    """What a call returned on the worker."""

    ticket: int
    content: bytes


@dataclass(frozen=True)
class Failed:
    """It could not be asked there, or raised, or what it returned was lost."""

    ticket: int
    why: str


@dataclass(frozen=True)
class Call:
    """A call of `grader.cluster.station.ask`, which is all that an engine has workers do."""

    run: str
    slot: int
    message: bytes
    begin: bool = False


Heard = Joined | Left | Answered | Failed


class Fleet(Protocol):
    """The workers of an engine."""

    def slots(self) -> int:
        """How many things all workers do at a time, as far as they are there now."""

    def send(self, worker: str, ticket: int, call: Call) -> None:
        """Has this called on this worker and on no other. Returns at once."""

    def heard(self, timeout_s: float) -> Sequence[Heard]:
        """What happened since the last call, in order; waits for it. Raises `SandboxError` once the engine is gone."""

    def end(self, run: str) -> None:
        """Asks nothing any more, and has `station.end` called on all workers as far as they can be reached."""

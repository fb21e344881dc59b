"""What is drawn for one attempt at a check: a key for each purpose, none of which tells another.

A worker knows its own seed and every input that it was sent. Neither leads to the secret, which has 128 bits, nor from
one key to another: a key is an HMAC of what it is for.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np

from grader.course.secret import Secret

# inputs: what a check draws to send. sent: the seed that it may send. planted: data of which a part is held out.
# worker: where the submission's random streams begin.
Purpose = Literal["inputs", "sent", "planted", "worker"]


def key(secret: Secret, purpose: Purpose, check: str, attempt: int, question: int = 0) -> bytes:
    """256 bits. The parts are written with their lengths, so that no two lists of them read alike."""
    parts = (purpose, check, str(attempt), str(question))
    message = b"".join(len(part.encode()).to_bytes(8, "little") + part.encode() for part in parts)
    return hmac.digest(str(secret).encode(), message, hashlib.sha256)


@dataclass(frozen=True, repr=False)
class Draws:
    """One attempt at one check."""

    secret: Secret
    check: str
    attempt: int = 0

    @property
    def sent_seed(self) -> int:
        return int.from_bytes(self._key("sent")[:4], "little")

    @property
    def worker_seed(self) -> int:
        return int.from_bytes(self._key("worker")[:4], "little")

    @cached_property
    def planted_seed(self) -> int:
        """128 bits, so that nobody finds it by trying which one gives the part of the data that was sent."""
        return int.from_bytes(self._key("planted")[:16], "little")

    def stream(self, question: int) -> np.random.Generator:
        """What inputs are drawn from once so many questions were put."""
        return np.random.default_rng(np.frombuffer(self._key("inputs", question), np.uint32))

    def tells_planted(self, question: Mapping[str, Any]) -> bool:
        """Whether a question holds the seed of planted data, or what is left of it in a shorter integer."""
        planted = {self.planted_seed, *(self.planted_seed % 2**bits for bits in (32, 63, 64))}
        return any(value in planted for value in _integers(question))

    def _key(self, purpose: Purpose, question: int = 0) -> bytes:
        return key(self.secret, purpose, self.check, self.attempt, question)


def _integers(value: Any) -> Iterator[int]:
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from _integers(item)
    elif isinstance(value, (int, np.integer)):
        yield int(value)

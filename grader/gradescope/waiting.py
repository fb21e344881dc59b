"""How long the grader has waited for a submission: where the time went says whose fault it is that it is over."""

from __future__ import annotations

import mmap
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from grader.sandbox.replies import NOTHING_GIVEN, Given, Host, Limits, Reply, StartHost


class Waits:
    """Seconds by the clock.

    They lie in memory that a process shares with those that it forks: a lane waits, and who watches the time looks.
    A file would do as well, but for a disk that a submission has filled.
    """

    def __init__(self) -> None:
        self._shared = memoryview(mmap.mmap(-1, 16)).cast("d")  # of waits that have ended; when this one began, or 0

    @property
    def seconds(self) -> float:
        """Of all waits, with the one that goes on."""
        ended, since = self._shared
        return float(ended + (time.monotonic() - since if since else 0.0))

    def forget(self) -> None:
        """Nothing was waited for yet."""
        self._shared[0] = self._shared[1] = 0.0

    @contextmanager
    def one(self) -> Iterator[None]:
        """In the body it is waited."""
        self._shared[1] = began = time.monotonic()
        try:
            yield
        finally:
            self._shared[1] = 0.0
            self._shared[0] += time.monotonic() - began

    def counting(self, start: StartHost) -> StartHost:
        """The same, of which each import and each question counts."""

        def counted(modules: Mapping[str, str], given: Mapping[str, Given] = NOTHING_GIVEN) -> Host:
            return _Counted(start(modules, given), self)

        return counted


class _Counted:
    """A host whose answers are waited for."""

    def __init__(self, host: Host, waits: Waits) -> None:
        self._host, self._waits = host, waits
        self.layers, self.disturbed = host.layers, host.disturbed

    @property
    def limits(self) -> Limits | None:
        return self._host.limits

    def load(self) -> Reply:
        with self._waited():
            return self._host.load()

    def call(
        self,
        probe: str,
        arguments: Mapping[str, Any],
        seed: int,
        *,
        cpu_s: float | None = None,
        wall_s: float | None = None,
    ) -> Reply:
        with self._waited():
            return self._host.call(probe, arguments, seed, cpu_s=cpu_s, wall_s=wall_s)

    def renew(self) -> None:
        self._host.renew()

    def close(self) -> None:
        self._host.close()

    @contextmanager
    def _waited(self) -> Iterator[None]:
        try:
            with self._waits.one():
                yield
        finally:
            self.disturbed = self._host.disturbed

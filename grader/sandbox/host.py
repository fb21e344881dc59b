"""A submission in a process of its own that is started when needed, and again after it died."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from grader.sandbox import replies
from grader.sandbox.channel import Channel
from grader.sandbox.replies import Limits, Reply


class ProcessHost:
    """Implements `replies.Host` over any way to start a worker; `start` returns a channel that has been greeted."""

    def __init__(
        self,
        start: Callable[[Limits], Channel],
        modules: Mapping[str, str],
        probes: str,
        limits: Limits,
        layers: tuple[str, ...] = (),
    ) -> None:
        self.layers = layers
        self.limits = limits
        self._spent_before = 0.0  # by processes that have ended
        self._start, self._modules, self._probes = start, dict(modules), probes
        self._channel: Channel | None = None
        self._loaded: Reply | None = None

    @property
    def spent_cpu_s(self) -> float:
        """CPU seconds of all its processes so far, those of threads that went on between two calls included."""
        return self._spent_before + (self._channel.spent_cpu_s() if self._channel else 0.0)

    def load(self) -> Reply:
        """Imports the submission.

        An import that failed is not tried again: it would fail the same way, perhaps slowly.
        """
        if self._loaded is None or (self._channel is None and self._loaded.outcome == "returned"):
            request = {"op": "load", "modules": self._modules, "probes": self._probes, "seed": 0}
            if self._channel is None:
                self._channel = self._start(self.limits)
            self._loaded = self._ask(request, self.limits.import_cpu_s, self.limits.import_wall_s)
        return self._loaded

    def call(
        self,
        probe: str,
        arguments: Mapping[str, Any],
        seed: int,
        *,
        cpu_s: float | None = None,
        wall_s: float | None = None,
    ) -> Reply:
        if self.spent_cpu_s >= self.limits.total_cpu_s:
            return self._out_of_budget()
        known = self._loaded is not None
        loaded = self.load()
        if loaded.outcome != "returned":
            failed = replace(loaded, importing=True)
            return replace(failed, cpu_s=0.0, wall_s=0.0, output="") if known else failed  # its cost is told once
        request = {"op": "call", "probe": probe, "arguments": dict(arguments), "seed": seed}
        return self._ask(request, cpu_s or self.limits.call_cpu_s, wall_s or self.limits.call_wall_s)

    def renew(self) -> None:
        """Ends the process, if there is one; the next call starts another."""
        if self._channel is not None:
            channel, self._channel = self._channel, None
            channel.close()
            self._spent_before += channel.spent_cpu_s()

    def close(self) -> None:
        self.renew()

    def _ask(self, request: dict[str, Any], cpu_s: float, wall_s: float) -> Reply:
        assert self._channel is not None
        left = self.limits.total_cpu_s - self.spent_cpu_s
        if left <= 0:
            return self._out_of_budget()
        reply = self._channel.ask(request, min(cpu_s, left), wall_s)
        if reply.outcome in replies.OBSERVED:
            self._spent_before, self._channel = self.spent_cpu_s, None
            if reply.outcome == "cpu_limit" and left < cpu_s:
                return replace(self._out_of_budget(), cpu_s=reply.cpu_s, wall_s=reply.wall_s, output=reply.output)
        return reply

    def _out_of_budget(self) -> Reply:
        return Reply("budget", detail=f"the submission had used up its {self.limits.total_cpu_s:g} s of CPU time")

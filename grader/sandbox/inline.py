"""A host in this very process: for a student's debugger and for measuring what the checks themselves cost.

There is no protection of any kind here. Grading for marks never uses it.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Mapping, Sequence
from typing import Any

from grader.sandbox import replies, wire, worker
from grader.sandbox.importable import importable


class InlineHost:
    """Answers probe calls in the caller's process.

    Modules in `folders` can be imported meanwhile. With `debug`, a student's exception is not caught, so that a
    debugger meets it.
    """

    layers: tuple[str, ...] = ()
    limits: replies.Limits | None = None
    disturbed = 0

    def __init__(
        self,
        modules: Mapping[str, str],
        probes: str,
        folders: Sequence[str] = (),
        *,
        debug: bool = False,
        given: Mapping[str, replies.Given] = replies.NOTHING_GIVEN,
    ) -> None:
        self.modules, self.probes, self.folders = dict(modules), probes, tuple(folders)
        self.given = {module: part.plain() for module, part in given.items()}
        self.session = worker.Session(debug=debug)
        self.loaded: replies.Reply | None = None

    def load(self) -> replies.Reply:
        if self.loaded is None:
            submission = {"modules": self.modules, "probes": self.probes, "given": self.given}
            loaded = self._ask({"op": "load", **submission, "seed": 0, "broken": [], "alone": ""})
            self.loaded = replies.settled(loaded, self.modules)
        return self.loaded

    def call(
        self,
        probe: str,
        arguments: Mapping[str, Any],
        seed: int,
        *,
        cpu_s: float | None = None,
        wall_s: float | None = None,
    ) -> replies.Reply:
        loaded = self.load()
        if loaded.outcome != "returned":
            return dataclasses.replace(loaded, importing=True)
        reply = self._ask({"op": "call", "probe": probe, "arguments": dict(arguments), "seed": seed})
        return replies.of_import(reply, loaded)

    def renew(self) -> None:
        self.loaded = None

    def close(self) -> None:
        self.loaded = None

    def _ask(self, request: dict[str, Any]) -> replies.Reply:
        wall, cpu = time.perf_counter(), time.process_time()
        # Through the wire format and back, so that an answer here is the same data as an answer from a worker.
        with importable(self.folders):
            self.session.enter()
            try:
                frame = worker.answer(self.session, wire.decode(wire.encode({**request, "id": 0})))
            finally:
                self.session.leave()
        reply = replies.read(wire.decode(frame), 0)
        return dataclasses.replace(reply, cpu_s=time.process_time() - cpu, wall_s=time.perf_counter() - wall)

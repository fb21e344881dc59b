"""A third engine, in one file: workers are threads of this process. What it does for tests is to lose workers."""

from __future__ import annotations

import queue
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from grader.cluster import station
from grader.cluster.fleet import Answered, Call, Failed, Heard, Joined, Left
from grader.errors import SandboxError


class Threads:
    """A fleet. Each worker has one slot, and a machine of its own unless `host` says otherwise."""

    def __init__(self, *workers: str, host: str = "") -> None:
        self.sent: list[tuple[str, Call]] = []
        self._heard: queue.SimpleQueue[Heard | SandboxError] = queue.SimpleQueue()
        self._workers: dict[str, ThreadPoolExecutor] = {}
        self._runs: set[str] = set()
        self._host = host
        for worker in workers:
            self.join(worker)

    def slots(self) -> int:
        return len(self._workers)

    def send(self, worker: str, ticket: int, call: Call) -> None:
        self.sent.append((worker, call))
        if worker in self._workers:
            self._workers[worker].submit(self._answer, worker, ticket, call)

    def heard(self, timeout_s: float) -> Sequence[Heard]:
        try:
            found = self._heard.get(timeout=timeout_s)
        except queue.Empty:
            return []
        if isinstance(found, SandboxError):
            raise found
        return [found]

    def end(self, run: str) -> None:
        for own in self._runs:
            station.end(own)
        for worker in self._workers.values():
            worker.shutdown()

    def join(self, worker: str) -> None:
        """A worker joins."""
        self._workers[worker] = ThreadPoolExecutor(1)
        self._heard.put(Joined(worker, self._host or worker, 1))

    def lose(self, worker: str) -> None:
        """A worker is gone, as one that was killed: its answers never come."""
        self._workers.pop(worker).shutdown(wait=False)
        self._heard.put(Left(worker))

    def lose_scheduler(self) -> None:
        """Nobody can be asked any more."""
        self._heard.put(SandboxError("The cluster's scheduler is gone."))

    def _answer(self, worker: str, ticket: int, call: Call) -> None:
        own = f"{call.run} {worker}"  # as if each were in a process of its own
        self._runs.add(own)
        try:
            content = station.ask(own, call.slot, call.message, begin=call.begin)
        except Exception as error:
            self._heard.put(Failed(ticket, str(error)))
        else:
            if worker in self._workers:
                self._heard.put(Answered(ticket, content))

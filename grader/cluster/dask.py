"""Dask's workers as a fleet. This is the only file that knows Dask; another engine would be another one like it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import queue
import warnings
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib import import_module
from typing import Any

from grader.cluster import station
from grader.cluster.fleet import Answered, Call, Failed, Heard, Joined, Left
from grader.errors import SandboxError

LOOK_S = 0.5  # so often the scheduler is asked who is there
SILENT_S = 60.0  # so long it may take to say so
CONNECT_S = 10.0
END_S = 20.0  # for helpers, to end their own processes
CLOSE_S = 5.0
RUNNING = "running"
# Ctrl-C in a terminal reaches every process of the run, and what it means is for the run to say.
DEAF = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"
NO_PAGES: dict[str, list[str]] = {"distributed.scheduler.http.routes": [], "distributed.worker.http.routes": []}
TALKATIVE = ("distributed", "asyncio", "tornado")


class DaskFleet:
    """The workers of a scheduler that a client is connected with."""

    def __init__(self, client: Any) -> None:
        self._client, self._address = client, client.scheduler.address
        self._heard: queue.SimpleQueue[Heard | SandboxError] = queue.SimpleQueue()
        self._futures: dict[int, Any] = {}
        self._workers: dict[str, int] = {}
        self._loop = client.loop.asyncio_loop
        self._watching = asyncio.run_coroutine_threadsafe(self._watch(), self._loop)

    def slots(self) -> int:
        """Threads of all workers now."""
        there: dict[str, int] = self._client.nthreads()
        return sum(there.values())

    def send(self, worker: str, ticket: int, call: Call) -> None:
        """A task for this worker alone. Whether it is done again where it is interrupted is not for Dask to say."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a large hand-in Dask says that it is large
            future = self._client.submit(
                station.ask, call.run, call.slot, call.message, begin=call.begin, key=f"{call.run}-{ticket}",
                workers=[worker], allow_other_workers=False, pure=False, retries=0,
            )  # fmt: skip
        self._futures[ticket] = future
        asyncio.run_coroutine_threadsafe(self._follow(ticket, future), self._loop)

    def heard(self, timeout_s: float) -> Sequence[Heard]:
        """What happened since; waits for it. Raises `SandboxError` once the scheduler is gone."""
        found = list[Heard]()
        with contextlib.suppress(queue.Empty):
            each = self._heard.get(timeout=timeout_s)
            while True:
                if isinstance(each, SandboxError):
                    raise each
                if isinstance(each, Answered | Failed):
                    self._futures.pop(each.ticket, None)  # which lets the scheduler forget it
                found.append(each)
                each = self._heard.get_nowait()
        return found

    def end(self, run: str) -> None:
        """Lets the helpers of a run end."""
        self._futures.clear()
        if self._client.status == RUNNING:
            with contextlib.suppress(Exception):  # who cannot be reached ends by itself, after a while
                calls = self._client.run(_end, run, on_error="ignore", asynchronous=True)
                asyncio.run_coroutine_threadsafe(asyncio.wait_for(calls, END_S), self._loop).result(END_S)

    def close(self) -> None:
        """Looks at nothing any more."""
        self._watching.cancel()

    async def _follow(self, ticket: int, future: Any) -> None:
        try:
            content = await self._client.gather(future, asynchronous=True)
        except asyncio.CancelledError:
            self._heard.put(Failed(ticket, "it was cancelled"))
        except Exception as error:
            self._heard.put(Failed(ticket, f"{type(error).__name__}: {error}"))
        else:
            self._heard.put(Answered(ticket, content))

    async def _watch(self) -> None:
        while True:
            try:
                if self._client.status != RUNNING:
                    raise OSError("it closed the connection")
                there = await asyncio.wait_for(self._client.scheduler.ncores(), SILENT_S)
            except (Exception, asyncio.CancelledError) as error:
                why = str(error) or type(error).__name__
                self._heard.put(SandboxError(f"The cluster's scheduler {self._address} is gone ({why})."))
                return
            for worker in [*self._workers]:
                if worker not in there:
                    del self._workers[worker]
                    self._heard.put(Left(worker))
            for worker, slots in there.items():
                if worker not in self._workers:
                    self._workers[worker] = slots
                    self._heard.put(Joined(worker, worker.rpartition(":")[0], slots))
            await asyncio.sleep(LOOK_S)


async def _end(run: str) -> None:
    """Runs in a worker, beside what it is doing."""
    await asyncio.to_thread(station.end, run)


@contextmanager
def connected(address: str) -> Iterator[DaskFleet]:
    """The workers of the scheduler at this address. Raises `SandboxError`."""
    distributed: Any = import_module("distributed")
    with _quiet():
        try:
            client = distributed.Client(address, timeout=CONNECT_S, set_as_default=False)
        except (OSError, TimeoutError, ValueError, TypeError, RuntimeError) as error:
            raise SandboxError(f"The cluster's scheduler {address} cannot be reached: {error}.") from None
        with _fleet(client) as fleet:
            yield fleet


@contextmanager
def started(workers: int) -> Iterator[DaskFleet]:
    """A cluster of this machine, for as long as the body lasts: a worker is a process with one slot."""
    distributed: Any = import_module("distributed")
    dask: Any = import_module("dask")
    options = {
        "n_workers": workers,
        "threads_per_worker": 1,
        "security": distributed.Security.temporary(),
        "dashboard_address": "127.0.0.1:0",
        "silence_logs": logging.ERROR,
        "preload": [DEAF],
    }
    with ExitStack() as until_the_end:
        until_the_end.enter_context(_quiet())
        until_the_end.enter_context(dask.config.set(NO_PAGES))
        try:
            cluster = until_the_end.enter_context(distributed.LocalCluster(**options))
            client = distributed.Client(cluster, set_as_default=False)
        except (OSError, RuntimeError, TimeoutError) as error:
            raise SandboxError(f"Dask could not start its workers here: {error}.") from None
        yield until_the_end.enter_context(_fleet(client))


@contextmanager
def _quiet() -> Iterator[None]:
    """Dask says in many lines what we say in one."""
    loggers = [logging.getLogger(name) for name in (*logging.root.manager.loggerDict, "distributed", "asyncio")]
    chosen = {each: each.level for each in loggers if each.name.startswith(TALKATIVE)}
    for logger in chosen:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in chosen.items():
            logger.setLevel(level)


@contextmanager
def _fleet(client: Any) -> Iterator[DaskFleet]:
    fleet = DaskFleet(client)
    try:
        yield fleet
    finally:
        fleet.close()
        client.close(timeout=CLOSE_S)

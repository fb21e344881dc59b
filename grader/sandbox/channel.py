"""The judge's end of one worker: puts a question, waits within limits, and believes nothing of what comes back.

Limits are enforced from here, because a worker's own clock and signals are the submission's. CPU time decides: it is
read from the worker's process clock, so that a busy machine costs nobody marks. The wall clock only ends calls that
*wait*.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import selectors
import signal
import socket
import struct
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from grader import clock
from grader.errors import SandboxError, SandboxLost
from grader.sandbox import replies, wire
from grader.sandbox.replies import Limits, Reply
from grader.text import clean

START_S = 60.0  # for a worker to say hello: our own code, so only a machine in trouble takes as long
END_S = 30.0  # for a killed process to go; giving back gigabytes takes a second or two
HANG_UP_S = 0.5  # between a worker closing its socket and its end, when it is really ending
STALL_S = 1.0  # of oversleeping, after which the judge knows that it was stopped, or the whole machine was
GRACE_S = 0.25  # of CPU time beyond a call's, in which a worker can still say where it stopped the call
HARD_WALL_FACTOR = 10  # no call lasts longer than so many times its wall limit, whatever it does

SHORTEST_PAUSE_S = 0.005
LONGEST_PAUSE_S = 0.5
CHUNK = 1 << 16
CHUNKS_AFTER_REPLY = 16  # a pipe holds one chunk; more than a few come only from a thread that floods it
CREDENTIALS = struct.Struct("3i")
CORES = os.cpu_count() or 1
SIGNALS = frozenset(signal.Signals)
# How somebody else ends a process: the kernel when memory runs out, an administrator, the end of a login. Seccomp keeps
# a submission from sending these to itself (`confine/export_filters.py`).
FROM_OUTSIDE = frozenset({signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGKILL, signal.SIGTERM})
EXITING = 0x4  # PF_EXITING of the kernel's flags of a process


@dataclass(frozen=True)
class Exit:
    """How a process ended. `status` is an exit code, or minus the signal that killed it."""

    status: int
    cpu_s: float = 0.0
    peak_mb: float = 0.0
    reason: str = ""  # why we killed it, when it was not for a call's limit


def ends() -> tuple[socket.socket, socket.socket]:
    """The judge's end of a connection, and the worker's.

    The kernel adds the sender's process number to what is sent after somebody asked for it, and to nothing before. So
    it is asked for here, before there is a worker: one that says hello at once would else have no number, and no clock.
    """
    ours, theirs = socket.socketpair()
    if hasattr(socket, "SO_PASSCRED"):
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    return ours, theirs


class Process(Protocol):
    """A worker as its parent knows it."""

    def kill(self) -> None: ...

    def wait(self, timeout_s: float) -> Exit | None:
        """How it ended; None when it has not, after `timeout_s`."""
        ...


class Channel:
    """One worker process, from its hello to its end: after any outcome not in `replies.REPORTED` it is of no use.

    `connection` is the judge's of two `ends`.
    """

    def __init__(self, connection: socket.socket, output: int, process: Process, limits: Limits) -> None:
        self.process, self.limits = process, limits
        self.layers: tuple[str, ...] = ()
        self.ended: Exit | None = None
        self._connection, self._output = connection, _Output(output, limits.output_kb << 10)
        self._pid, self._cpu_s, self._cpu_s_at_start = 0, 0.0, 0.0
        connection.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(connection, selectors.EVENT_READ)
        self._selector.register(output, selectors.EVENT_READ)
        self._reads_output = True

    def greet(self) -> None:
        """Waits for the worker's hello, sent before it knows anything of a submission. Raises `SandboxError`."""
        watch = _Watch(lambda: 0.0, START_S, START_S)
        try:
            frame = self._receive(watch, self._receive_credentials)
            hello = wire.decode(frame)
        except (_HungUp, _OverLimit, wire.WireError) as problem:
            self.close()
            raise SandboxError(f"a worker did not start: {problem}; {self._how_it_ended()}") from None
        if "failed" in hello:
            self.close()
            raise SandboxError(f"a worker could not be confined as promised: {clean(hello['failed'], 2000)}")
        self.layers = tuple(hello["layers"])
        self._cpu_s_at_start = self.cpu_s()

    @property
    def pid(self) -> int:
        """The worker's process, as the kernel told it with the hello; 0 where the system cannot tell."""
        return self._pid

    def cpu_s(self) -> float:
        """CPU seconds of the whole process since it was forked; 0 where the system cannot tell."""
        if self._pid and self.ended is None and (now := clock.cpu_s(self._pid)) is not None:
            self._cpu_s = now  # and where it is gone, what it had used when last asked
        return self._cpu_s

    def spent_cpu_s(self) -> float:
        """CPU seconds since the worker said hello: the submission's, without what our own start-up took."""
        return max(0.0, self.cpu_s() - self._cpu_s_at_start)

    def ask(self, request: Mapping[str, Any], cpu_s: float, wall_s: float) -> Reply:
        """Sends one request and returns the reply to it, or what happened instead.

        Raises `SandboxError` when the request itself cannot be sent, `SandboxLost` when the fork server is gone.
        """
        try:
            return self._ask(request, cpu_s, wall_s)
        except SandboxLost:
            self._let_go()
            raise

    def _ask(self, request: Mapping[str, Any], cpu_s: float, wall_s: float) -> Reply:
        identity = secrets.randbits(48)
        try:
            frame = wire.encode({**request, "id": identity, "cpu_s": cpu_s})
        except wire.WireError as error:
            what = f"the arguments for probe {request['probe']!r}" if "probe" in request else "the submission"
            raise SandboxError(f"{what} cannot be sent to a worker: {error}") from None
        self._output.start()
        began, used = time.monotonic(), self.cpu_s()
        watch = _Watch(self.cpu_s, cpu_s, wall_s, self._pid)
        try:
            self._expect_silence()
            self._send(frame, watch)
            reply = replies.read(wire.decode(self._receive(watch)), identity)
            if reply.outcome == "cpu_limit":
                if self._pid and self.cpu_s() - used < cpu_s:
                    raise wire.WireError("it said that its time was up, and had not used it")
                raise _OverLimit("cpu_limit", watch.out_of_cpu, reply.raised)
        except wire.WireError as breach:
            reply = Reply("protocol", detail=str(breach))
        except _HungUp:
            reply = self._after_hanging_up()
        except _OverLimit as limit:
            reply = Reply(limit.outcome, raised=limit.raised, detail=str(limit))
            if limit.outcome == "wall_limit" and self._state()[0] == "T":
                reply = Reply(replies.DISTURBED, detail="stopped by a signal, and not continued")
        self._output.drain(CHUNKS_AFTER_REPLY)
        wall, spent = time.monotonic() - began, max(0.0, self.cpu_s() - used)
        if reply.outcome in (*replies.OBSERVED, replies.DISTURBED):
            self.close()
            assert self.ended is not None
            self._cpu_s = max(self._cpu_s, self.ended.cpu_s)
            spent = self._cpu_s - used
        return replace(reply, cpu_s=spent, wall_s=wall, output=self._output.text())

    def close(self) -> None:
        """Kills the worker and waits until it is gone."""
        try:
            if self.ended is None:
                self.process.kill()
                self.ended = self.process.wait(END_S)
                if self.ended is None:
                    raise SandboxError(f"a worker was killed {END_S:.0f} s ago and is still there")
        finally:
            self._let_go()

    def _let_go(self) -> None:
        self._selector.close()
        self._connection.close()
        self._output.close()

    def _expect_silence(self) -> None:
        """Nothing may lie in the socket before a question is put: it would be an answer to none."""
        try:
            if self._connection.recv(1, socket.MSG_PEEK) == b"":
                raise _HungUp
        except BlockingIOError:
            return
        except ConnectionError:
            raise _HungUp from None
        raise wire.WireError("something was sent that no question had asked for")

    def _send(self, frame: bytes, watch: _Watch) -> None:
        rest = memoryview(frame)
        while True:
            try:
                rest = rest[self._connection.send(rest) :]
            except BlockingIOError:
                pass
            except ConnectionError:
                raise _HungUp from None
            if not rest:
                self._selector.modify(self._connection, selectors.EVENT_READ)
                return
            self._selector.modify(self._connection, selectors.EVENT_WRITE)
            self._wait(watch)

    def _receive(self, watch: _Watch, first: Callable[[memoryview], int] | None = None) -> bytearray:
        """One frame. Its size is checked before room is made for it."""
        prefix = bytearray(wire.PREFIX.size)
        self._fill(memoryview(prefix), watch, first)
        frame = prefix + bytearray(sum(wire.sizes(bytes(prefix))))
        self._fill(memoryview(frame)[wire.PREFIX.size :], watch)
        return frame

    def _fill(self, room: memoryview, watch: _Watch, read: Callable[[memoryview], int] | None = None) -> None:
        read = read or self._connection.recv_into
        while room:
            try:
                count = read(room)
            except BlockingIOError:
                self._wait(watch)
                continue
            except ConnectionError:
                raise _HungUp from None
            if count == 0:
                raise _HungUp
            room = room[count:]
            watch.check()

    def _receive_credentials(self, room: memoryview) -> int:
        """Like `recv_into`, and learns from the kernel which process has sent the bytes."""
        data, ancillary, _, _ = self._connection.recvmsg(len(room), socket.CMSG_SPACE(CREDENTIALS.size))
        for level, kind, content in ancillary:
            if level == socket.SOL_SOCKET and kind == socket.SCM_CREDENTIALS:
                self._pid = CREDENTIALS.unpack(content[: CREDENTIALS.size])[0]
        room[: len(data)] = data
        return len(data)

    def _wait(self, watch: _Watch) -> None:
        """Until the socket is ready, the worker has printed something, or it is time to look at the clocks."""
        watch.check()
        pause, began = watch.pause(), time.monotonic()
        ready = self._selector.select(pause)
        watch.forgive(time.monotonic() - began, pause)
        for key, _ in ready:
            if key.fd == self._output.fd and not self._output.drain(1):
                self._selector.unregister(key.fd)

    def _after_hanging_up(self) -> Reply:
        self.ended = self.process.wait(HANG_UP_S)
        if self.ended is None and self._is_ending():  # on a busy machine, whoever has to report it may come late
            self.ended = self.process.wait(END_S)
        if self.ended is None:
            return Reply("protocol", detail="the process closed its connection to the judge")
        return told(self.ended, self.limits)

    def _is_ending(self) -> bool:
        """Whether the process has ended, or is about to, for all that the kernel says."""
        state, flags = self._state()
        return state in "ZX" or bool(flags & EXITING)

    def _state(self) -> tuple[str, int]:
        """The state letter and the kernel's flags of the process: "X" when it is gone, "?" where nobody can tell."""
        if not self._pid:
            return "?", 0
        try:
            with open(f"/proc/{self._pid}/stat") as file:
                fields = file.read().rpartition(")")[2].split()
        except OSError:
            return "X", 0
        return fields[0], int(fields[6])

    def _how_it_ended(self) -> str:
        printed = self._output.text().strip()
        return (told(self.ended, self.limits).detail if self.ended else "") + (f"\n{printed}" if printed else "")


def told(ended: Exit, limits: Limits) -> Reply:
    """What an end that nobody ordered means."""
    if ended.reason:
        return Reply("died", detail=ended.reason)
    if ended.status >= 0:
        return Reply("died", detail=f"exited with status {ended.status}")
    name = signal.Signals(-ended.status).name if -ended.status in SIGNALS else f"signal {-ended.status}"
    out_of_time = ended.status == -signal.SIGKILL and ended.cpu_s >= limits.total_cpu_s
    if out_of_time or ended.status == -signal.SIGXCPU:
        return Reply("cpu_limit", detail=f"used up {limits.total_cpu_s:g} s of CPU time")
    if -ended.status in FROM_OUTSIDE:
        return Reply(replies.DISTURBED, detail=f"killed by {name}")
    return Reply("died", detail=f"killed by {name}")


class _HungUp(Exception):
    """The worker's end of the socket is closed."""

    def __init__(self) -> None:
        super().__init__("it hung up")


class _OverLimit(Exception):
    def __init__(self, outcome: str, message: str, raised: replies.Raised | None = None) -> None:
        super().__init__(message)
        self.outcome, self.raised = outcome, raised


class _Watch:
    """The limits of one call, shared by all its waits, so that dripping or never reading gains no time."""

    def __init__(self, cpu: Callable[[], float], cpu_s: float, wall_s: float, pid: int = 0) -> None:
        self.cpu, self.cpu_s, self.wall_s, self.pid = cpu, cpu_s, wall_s, pid
        self._threads: dict[str, float] = {}  # seconds that each thread went without a core, when it was last seen
        self.began, self.used, self.held_up = time.monotonic(), cpu(), self._held_up()

    @property
    def out_of_cpu(self) -> str:
        return f"stopped after {self.cpu_s:g} s of CPU time"

    def check(self) -> None:
        """Raises `_OverLimit` when the call has had its time."""
        passed = time.monotonic() - self.began  # first: whatever holds the judge up from here on is not counted
        used = self.cpu() - self.used
        if used >= self.cpu_s + GRACE_S:
            raise _OverLimit("cpu_limit", self.out_of_cpu)
        # A process that computes, or that the machine makes wait for a core, is not waiting: CPU time will end it.
        # All threads count, because the one that answers may be waiting for another that has no core.
        if passed >= self.wall_s and passed - used - (self._held_up() - self.held_up) >= self.wall_s:
            raise _OverLimit("wall_limit", f"stopped after waiting for {self.wall_s:g} s")
        if passed >= self.wall_s * HARD_WALL_FACTOR:
            raise _OverLimit("wall_limit", f"stopped after {passed:.0f} s by the clock")

    def forgive(self, passed: float, pause: float) -> None:
        """A wait of `pause` took `passed`: overslept, it does not count, because nobody was there to see the answer."""
        if passed - pause > STALL_S:
            self.began += passed

    def pause(self) -> float:
        """How long nothing can be exceeded: with every core busy for it, and then looked at again, ever closer.

        Not longer than threads may live unseen.
        """
        cpu_left = (self.cpu_s + GRACE_S - (self.cpu() - self.used)) / CORES
        wall_left = self.began + self.wall_s - time.monotonic()
        if wall_left <= 0:
            wall_left = self.wall_s / 10
        return max(SHORTEST_PAUSE_S, min(cpu_left, wall_left, LONGEST_PAUSE_S))

    def _held_up(self) -> float:
        """Seconds for which threads of the process were ready to run and had no core; of one that has ended, as many
        as when it was last seen.

        A virtual machine from which others took a core does not know which process went without: counted for this one.
        """
        with contextlib.suppress(OSError):
            for thread in os.listdir(f"/proc/{self.pid}/task"):
                with (
                    contextlib.suppress(OSError, ValueError, IndexError),  # it ends just now
                    open(f"/proc/{self.pid}/task/{thread}/schedstat") as file,
                ):
                    seconds = int(file.read().split()[1]) / 1e9
                    self._threads[thread] = max(seconds, self._threads.get(thread, 0.0))
        total = sum(self._threads.values())
        with contextlib.suppress(OSError, ValueError, IndexError), open("/proc/stat") as file:
            total += int(file.readline().split()[8]) / os.sysconf("SC_CLK_TCK")
        return total


class _Output:
    """What a worker prints: kept up to a limit per call, thrown away beyond it."""

    def __init__(self, fd: int, limit: int) -> None:
        self.fd, self.limit = fd, limit
        self.kept = bytearray()
        self.cut = False
        os.set_blocking(fd, False)

    def start(self) -> None:
        """A new call: what was printed since the last one counts as nobody's."""
        self.drain(CHUNKS_AFTER_REPLY)
        self.kept.clear()
        self.cut = False

    def drain(self, chunks: int) -> bool:
        """Reads a bounded amount; False when nothing will ever come again."""
        for _ in range(chunks):
            try:
                data = os.read(self.fd, CHUNK)
            except BlockingIOError:
                return True
            if not data:
                return False
            room = self.limit - len(self.kept)
            self.kept += data[: max(0, room)]
            self.cut = self.cut or len(data) > room
        return True

    def text(self) -> str:
        text = clean(self.kept.decode("utf-8", "replace"), self.limit)
        return text + " … (cut)" if self.cut else text

    def close(self) -> None:
        os.close(self.fd)

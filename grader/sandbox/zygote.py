"""The fork server: imports PyTorch once, shuts itself in, and forks a worker for each submission in milliseconds.

A homework's models are loaded here too, once: every worker has them in memory as the fork server left them.

It is started as a fresh interpreter with an empty environment, so that nothing of the judge can be in its memory. It
never runs a submission itself. Each of the judge's lanes has a control socket of its own; one packet is one JSON
request or report:

    {"op": "fork", "id", "limits"} + [worker's socket, its output]  ->  {"op": "forked", "id", "worker"}
    {"op": "kill", "worker"}; also sent unasked when a worker ends  ->  {"op": "exited", "worker", "status", ...}
    {"op": "reset", "id"}: forget this lane's workers               ->  {"op": "reset", "id"}, nothing older after it

It ends, and takes every worker along, when the judge asks for it or is gone.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import selectors
import signal
import socket
import tempfile
import threading
from dataclasses import dataclass
from typing import Any, NoReturn

from grader.sandbox import preload, scratch, streams, wire, worker
from grader.sandbox.confine import identity, landlock, layers, namespaces, rlimits, seccomp
from grader.sandbox.replies import Limits

QUOTA_INTERVAL_S = 0.25
MAX_PACKET = 1 << 16


@dataclass
class Child:
    """A worker that has been forked and not yet reaped. `lane` is None once nobody asks for it any more."""

    number: int
    pid: int
    lane: socket.socket | None
    scratch: str
    scratch_mb: int
    reason: str = ""

    def kill(self) -> None:
        """Kills it and, where nothing kept it from starting processes, those of its session that it did not hide."""
        os.kill(self.pid, signal.SIGKILL)
        self.kill_session()

    def kill_session(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)


class ForkServer:
    def __init__(
        self, lanes: list[socket.socket], lifeline: socket.socket, judge: int | None, walls: layers.Walls, folder: str
    ) -> None:
        self.lanes, self.lifeline, self.walls, self.folder = lanes, lifeline, walls, folder
        self.base = rlimits.baseline()
        self.pids = os.open("/proc/self/ns/pid", os.O_RDONLY) if "namespaces" in walls else -1
        self.children: dict[int, Child] = {}
        self.forked = int.from_bytes(os.urandom(2), "little")  # two fork servers on one machine seldom meet on a user
        self.wake, self.woken = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self.selector = selectors.DefaultSelector()
        sources: list[socket.socket | int | None] = [*lanes, lifeline, self.wake, judge]
        for source in sources:
            if source is not None:
                self.selector.register(source, selectors.EVENT_READ)

    def run(self) -> None:
        """Serves until the judge is gone or says so, then kills every worker."""
        signal.signal(signal.SIGCHLD, lambda *_: None)  # a handler, so that the signal wakes the selector
        signal.set_wakeup_fd(self.woken, warn_on_full_buffer=False)
        while True:
            for key, _ in self.selector.select(self.pause()):
                if key.fileobj in self.lanes:
                    self.serve(key.fileobj)
                elif key.fileobj == self.wake:
                    os.read(self.wake, 4096)
                else:
                    return self.end()
            self.reap()
            self.enforce_quotas()

    def pause(self) -> float | None:
        """Scratch folders on disk have no size limit of their own, so someone has to look; in a jail they have."""
        return QUOTA_INTERVAL_S if self.children and "namespaces" not in self.walls else None

    def serve(self, lane: socket.socket) -> None:
        try:
            packet, fds, _, _ = socket.recv_fds(lane, MAX_PACKET, 4)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            packet, fds = b"", []
        try:
            if not packet:  # every process that held the other end is gone
                self.selector.unregister(lane)
                self.forget(lane)
                return
            request = json.loads(packet)
            if request["op"] == "fork":
                self.fork(lane, request, fds)
            elif request["op"] == "kill":
                self.kill(request["worker"], lane)
            elif request["op"] == "reset":
                self.forget(lane)
                self.report(lane, {"op": "reset", "id": request["id"]})
        finally:
            for fd in fds:
                os.close(fd)

    def fork(self, lane: socket.socket, request: dict[str, Any], fds: list[int]) -> None:
        self.forked += 1
        number, limits = self.forked, Limits(**request["limits"])
        try:
            scratch = self.scratch_for(number)
            if "namespaces" in self.walls:
                namespaces.own_pids_for_children()
            try:
                pid = os.fork()
                if pid == 0:
                    self.become_worker(number, limits, scratch, *fds)
            finally:
                if "namespaces" in self.walls:
                    namespaces.back_to(self.pids)
        except OSError as error:
            self.report(lane, {"op": "failed", "id": request["id"], "error": str(error)})
            return
        self.children[pid] = Child(number, pid, lane, scratch, limits.scratch_mb)
        self.report(lane, {"op": "forked", "id": request["id"], "worker": number})

    def scratch_for(self, number: int) -> str:
        if "namespaces" in self.walls:
            return self.walls.scratch
        scratch = os.path.join(self.folder, str(number))
        os.mkdir(scratch, 0o700)
        if "user" in self.walls:
            user = identity.user_for(number)
            os.chown(scratch, user, user)
        return scratch

    def become_worker(self, number: int, limits: Limits, scratch: str, connection: int, output: int) -> NoReturn:
        """The forked child: keeps three descriptors, puts up the walls, says hello and serves. Never returns."""
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.setsid()
            os.dup2(output, 1)
            os.dup2(output, 2)
            connection = os.dup2(connection, 3) if connection != 3 else 3
            os.closerange(4, os.sysconf("SC_OPEN_MAX"))
            judge = socket.socket(fileno=connection)
            streams.unbuffer()
            os.environ.update(HOME=scratch, TMPDIR=scratch)
            tempfile.tempdir = None  # the fork server's choice was remembered
            try:
                self.walls.around_worker(number, limits, self.base, scratch)
            except BaseException as error:
                judge.sendall(wire.encode({"failed": f"{type(error).__name__}: {error}"[:2000]}))
                os._exit(1)
            gc.enable()
            judge.sendall(wire.encode({"layers": list(self.walls.active)}))
            worker.serve(judge)
            os._exit(0)
        finally:
            os._exit(1)

    def kill(self, number: int, lane: socket.socket) -> None:
        for child in self.children.values():
            if child.number == number and child.lane is lane:
                child.kill()

    def forget(self, lane: socket.socket) -> None:
        for child in self.children.values():
            if child.lane is lane:
                child.lane = None
                child.kill()

    def reap(self) -> None:
        """Collects every worker that ended and reports how.

        As process 1 it also meets the orphans of others: dropped.
        """
        while self.children:
            pid, status, usage = os.wait4(-1, os.WNOHANG)
            if pid == 0:
                return
            child = self.children.pop(pid, None)
            if child is None:
                continue
            if "seccomp" not in self.walls:
                child.kill_session()
            if "namespaces" not in self.walls:
                scratch.remove(child.scratch)
            if child.lane is not None:
                report = {"op": "exited", "worker": child.number, "status": os.waitstatus_to_exitcode(status)}
                used = {"cpu_s": usage.ru_utime + usage.ru_stime, "peak_kb": usage.ru_maxrss, "reason": child.reason}
                self.report(child.lane, {**report, **used})

    def enforce_quotas(self) -> None:
        if "namespaces" in self.walls:
            return
        for child in self.children.values():
            if scratch.holds_more_than(child.scratch_mb << 20, child.scratch):
                child.reason = f"killed for keeping more than {child.scratch_mb} MB of files"
                child.kill()

    def report(self, lane: socket.socket, message: dict[str, Any]) -> None:
        # A lane that nobody reads may be full; whoever takes it over starts with a reset.
        with contextlib.suppress(OSError):
            lane.send(json.dumps(message).encode())

    def end(self) -> None:
        for child in self.children.values():
            child.kill()
        for child in self.children.values():
            os.waitpid(child.pid, 0)
        if "namespaces" not in self.walls:
            scratch.remove(self.folder)


def warm_up(wanted: preload.Preload) -> None:
    """Everything that is slow, or that would be impossible in the jail, before the jail is shut."""
    gc.disable()  # a fifth of the import's time would go into walks through what is here to stay
    preload.pytorch()
    preload.models(wanted)
    landlock.version()  # finds the C library, for which it starts a process: impossible later
    seccomp.template()
    check_one_thread()
    gc.collect()
    gc.freeze()  # the collector would otherwise touch, and so copy, every page in every worker


def check_one_thread() -> None:
    """A fork copies one thread: with more, every worker would wait for the missing ones at its first matrix product."""
    if threading.active_count() != 1 or len(os.listdir("/proc/self/task")) != 1:
        raise RuntimeError(
            "importing PyTorch, or preloading a homework's models, started threads; set OMP_NUM_THREADS=1 in the fork "
            "server's environment, and start none in a function `preload`"
        )


def guard(server: int, lifeline: socket.socket, judge: int | None, folder: str) -> NoReturn:
    """Outside the jail: waits for the judge or the fork server to end, then ends the whole process tree.

    It takes the scratch folder along, for a judge that was killed and cannot.
    """
    waiting = selectors.DefaultSelector()
    for source in (lifeline, judge, os.pidfd_open(server)):
        if source is not None:
            waiting.register(source, selectors.EVENT_READ)
    waiting.select()
    os.kill(server, signal.SIGKILL)
    os.waitpid(server, 0)  # returns when the last process of its tree is gone
    scratch.remove(folder)
    os._exit(0)


def main(settings: dict[str, Any]) -> None:
    """Started by `forked.Sandbox` with its settings as one argument. Nothing in them is secret: workers can read it."""
    lifeline = socket.socket(fileno=settings["lifeline"])
    try:
        server = start(settings, lifeline)
    except BaseException as error:
        scratch.remove(settings["folder"])  # the judge may be gone already
        with contextlib.suppress(OSError):
            lifeline.send(json.dumps({"error": f"{type(error).__name__}: {error}"}).encode())
        raise
    ready = {"active": server.walls.active, "missing": server.walls.missing, "strong": server.walls.strong}
    lifeline.send(json.dumps(ready).encode())
    server.run()


def watched(judge: int) -> int | None:
    """A descriptor that becomes readable when the judge's process ends.

    Very old containers refuse it: then by signal.
    """
    try:
        descriptor = os.pidfd_open(judge)
    except OSError:
        identity.die_with_parent()
        descriptor = None
    if os.getppid() != judge:
        raise RuntimeError("the judge is gone")
    return descriptor


def refuse_less(walls: layers.Walls) -> None:
    lacking = [f"{layer}: {walls.missing[layer]}" for layer in layers.NEEDED_FOR_FULL if layer not in walls]
    if lacking:
        raise RuntimeError(
            f"full confinement is not to be had here ({'; '.join(lacking)}); use best or container to do without"
        )


def start(settings: dict[str, Any], lifeline: socket.socket) -> ForkServer:
    rlimits.few_descriptors()
    rlimits.first_to_go()
    judge = watched(settings["judge"])
    walls = layers.survey(settings["confinement"])
    if settings["confinement"] == "full":
        refuse_less(walls)
    if "namespaces" in walls:
        namespaces.own_user_and_pids()
        inside = os.fork()
        if inside != 0:
            for fd in settings["lanes"]:
                os.close(fd)
            guard(inside, lifeline, judge, settings["folder"])
        identity.die_with_parent()
    warm_up(preload.Preload(**settings["preload"]))
    lanes = [socket.socket(fileno=fd) for fd in settings["lanes"]]
    for lane in lanes:
        lane.setblocking(False)
    server = ForkServer(lanes, lifeline, judge, walls, settings["folder"])
    walls.around_fork_server()
    return server

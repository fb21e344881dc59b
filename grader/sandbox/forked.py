"""Confined workers for grading: a fork server, and hosts whose processes are forked from it.

    with Sandbox(lanes=2) as sandbox:
        host = sandbox.lane(0).host({"multitask": text}, probes, Limits())
        reply = host.call("total_loss", {"losses": [2.0, 0.5]}, seed=0)
        host.close()

A lane is for one process: the judge makes the sandbox, waits for it, and may then fork one child per lane. A child
that is started again for the same lane simply uses it; what its predecessor left running is killed first.

One sandbox serves many gradings, one after the other. When its fork server is gone, a lane says so by `SandboxLost`,
and `restart` makes another. Hosts of before are then of no use, and lanes only in the process that made the sandbox.
"""

from __future__ import annotations

import contextlib
import dataclasses
import importlib.util
import json
import os
import secrets
import selectors
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from grader.errors import SandboxError, SandboxLost
from grader.sandbox import scratch
from grader.sandbox.channel import Channel, Exit, ends
from grader.sandbox.host import ProcessHost
from grader.sandbox.preload import NOTHING, OFFLINE, Preload
from grader.sandbox.processor import pinned
from grader.sandbox.replies import NOTHING_GIVEN, Given, Limits

CONFINEMENTS = ("best", "full", "container", "bare")
START_S = 180.0
STARTS = 3  # how often a fork server is started that ends before it says anything
ANSWER_S = 60.0
END_S = 20.0  # for a fork server that is asked to end
MAX_PACKET = 1 << 16
SCRATCH_PREFIX = "grader-scratch-"
STALE_S = 3600.0

# The fork server's whole environment, but for what the machine's owner pins of how the processor is used
# (processor.py): nothing of the judge's. One thread, because a fork server that ever ran two
# would make its workers hang; a fixed hash seed, so that the order of a set is the same in every grading.
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "HOME": "/tmp",
    "USER": "student",
    "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    # The heap in huge pages (glibc 2.35 and later): a fork then copies a fraction of the page tables, in half the time.
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
    "MPLBACKEND": "Agg",
    **OFFLINE,
    "TORCHINDUCTOR_CACHE_DIR": "/tmp/inductor",
}
# Packages come before a folder of this process that they may lie in. The grader's own folder leaves the path again.
BOOT = """
import json, sys
settings = json.loads(sys.argv[1])
sys.path += [folder for folder in settings["packages"] if folder not in sys.path] + [settings["grader"]]
from grader.sandbox import zygote
sys.path.pop()
zygote.main(settings)
"""


class Sandbox:
    """A running fork server.

    Starting takes seconds: make it early, do other things, and ask for `layers` or a lane when needed. `preload` is
    what it has in memory before it forks; `serve` changes that.
    """

    def __init__(self, lanes: int = 2, confinement: str = "best", preload: Preload = NOTHING) -> None:
        if confinement not in CONFINEMENTS:
            raise SandboxError(f"there is no confinement {confinement!r}; use one of {', '.join(CONFINEMENTS)}")
        if sys.platform != "linux":
            raise SandboxError(
                "confined grading needs Linux; on this system use grader.sandbox.spawned for practice runs"
            )
        self.confinement, self.lane_count, self.preload = confinement, lanes, preload
        self._lanes = [Lane(self) for _ in range(lanes)]
        self.missing: dict[str, str] = {}
        self._layers: tuple[str, ...] | None = None
        self._strong = False
        self._owner = os.getpid()
        self._closed = False
        sweep()
        self._launch()

    def _launch(self) -> None:
        """Starts a fork server, without waiting for it."""
        self._folder = tempfile.mkdtemp(prefix=f"{SCRATCH_PREFIX}{os.getpid()}-")
        try:
            self._launch_in(self._folder)
        except BaseException:  # also one that asks us to stop: nobody could close what was not made yet
            scratch.remove(self._folder)
            raise

    def _launch_in(self, folder: str) -> None:
        os.chmod(folder, 0o711)  # a worker with a user of its own passes through to its scratch folder
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  (open as long as the sandbox is)
        self._lifeline, lifeline = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        pairs = [socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET) for _ in range(self.lane_count)]
        for lane, (ours, _) in zip(self._lanes, pairs, strict=True):
            lane.connect(ours)
        theirs = [lifeline, *(other for _, other in pairs)]
        settings = {
            "lanes": [other.fileno() for other in theirs[1:]],
            "lifeline": lifeline.fileno(),
            "judge": os.getpid(),
            "confinement": self.confinement,
            "folder": folder,
            "packages": package_folders(),
            "grader": str(Path(__file__).parents[2]),
            "preload": self.preload.plain(),
        }
        # Like -I, but the environment is ours anyway and has to be read for the hash seed.
        command = [sys.executable, "-s", "-P", "-c", BOOT, json.dumps(settings)]
        self._process = subprocess.Popen(
            command,
            env={**ENVIRONMENT, **pinned()},
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._errors,
            pass_fds=[other.fileno() for other in theirs],
            start_new_session=True,  # Ctrl-C is for the judge, who then ends the sandbox in order
        )
        for other in theirs:
            other.close()

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers around every worker, each of which was tried on this machine. Waits for the fork server."""
        return self.wait()

    @property
    def strong(self) -> bool:
        """Whether a submission is kept from what it must not read or reach, so that marks may rest on the result."""
        self.wait()
        return self._strong

    def wait(self) -> tuple[str, ...]:
        """Waits until the fork server is ready; raises `SandboxError` when it does not get so far."""
        if self._layers is None:
            if os.getpid() != self._owner:
                raise SandboxError("wait for the sandbox before forking: only the process that made it can")
            message = self._greeting()
            for _ in range(STARTS - 1):
                if message is not None:
                    break
                self._end()  # somebody killed it while it started
                self._launch()
                message = self._greeting()
            if message is None or "error" in message:
                words = self._last_words()
                self.close()
                why = message["error"] if message else "it ended or said nothing"
                raise SandboxError(f"the fork server did not start: {why}{words}")
            self.missing = message["missing"]
            self._strong = message["strong"] is True
            self._layers = tuple(message["active"])
        return self._layers

    def _greeting(self) -> dict[str, Any] | None:
        """What the fork server says of itself when it is ready, or why it is not; None when it says nothing."""
        self._lifeline.settimeout(START_S)
        try:
            told = self._lifeline.recv(MAX_PACKET)
        except OSError:  # one that was reset, or that let us wait too long
            return None
        message: dict[str, Any] | None = json.loads(told) if told else None
        return message

    def serve(self, preload: Preload) -> None:
        """Makes this a sandbox for jobs that need just this preloaded: starts another fork server if it has another.

        Also if it was ready once and has ended since. Nothing of a homework's models is there for other homeworks.
        """
        if preload != self.preload:
            self.wait()  # what stands now, and its layers, with which the next one is compared
            self.preload = preload
            self.restart()
        elif self._layers is not None and self._process.poll() is not None:
            self.restart()

    def restart(self) -> None:
        """Ends what is left of the fork server and starts another. Raises `SandboxError` when that does not work."""
        before = self.wait()
        self._end()
        self._layers = None
        self._launch()
        if self.wait() != before:
            raise SandboxError(
                f"the fork server came back with other layers of confinement ({', '.join(self.wait()) or 'none'}, and "
                f"before {', '.join(before) or 'none'}): grade again, so that one run has one confinement"
            )

    @property
    def pid(self) -> int:
        """The process that was started; the fork server itself is this one or its child."""
        return self._process.pid

    def lane(self, number: int) -> Lane:
        self.wait()
        return self._lanes[number]

    def close(self) -> None:
        """Ends the fork server and every worker. Does nothing in a process that only inherited the sandbox."""
        if os.getpid() == self._owner and not self._closed:
            self._closed = True
            self._end()

    def _end(self) -> None:
        with contextlib.suppress(OSError):  # it may be gone already
            self._lifeline.send(b"end")
        try:
            self._process.wait(END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for connection in (self._lifeline, *(lane.control for lane in self._lanes)):
            connection.close()
        self._errors.close()
        scratch.remove(self._folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _last_words(self) -> str:
        self._errors.seek(0)
        text = self._errors.read()[-2000:].decode(errors="replace").strip()
        return f"\n{text}" if text else ""


class Lane:
    """A control socket to the fork server, for use by one process at a time."""

    control: socket.socket

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._user = 0  # the process that last used the lane
        self._forked: dict[int, dict[str, Any]] = {}
        self._exits: dict[int, Exit] = {}

    def connect(self, control: socket.socket) -> None:
        """Takes the socket to a fork server that was just started; whatever ran on the one before is gone."""
        self.control, self._user = control, 0
        self._forked, self._exits = {}, {}

    def host(
        self,
        modules: Mapping[str, str],
        probes: str,
        limits: Limits,
        given: Mapping[str, Given] = NOTHING_GIVEN,
    ) -> ForkedHost:
        """A host for one submission; nothing is started before the first call."""
        return ForkedHost(self, modules, probes, limits, self._sandbox.layers, given)

    def spawn(self, limits: Limits) -> Channel:
        """A new worker that has said hello. Raises `SandboxError`."""
        self._take_over()
        ours, theirs = ends()
        output, printed = os.pipe()
        request = secrets.randbits(48)
        try:
            message = {"op": "fork", "id": request, "limits": dataclasses.asdict(limits)}
            self._send(message, [theirs.fileno(), printed])
        except BaseException:
            ours.close()
            os.close(output)
            raise
        finally:
            theirs.close()
            os.close(printed)
        worker = _Worker(self, request)
        channel = Channel(ours, output, worker, limits)
        channel.greet()
        if not channel.pid:
            channel.close()
            raise SandboxError("the kernel does not say which process a worker is, so nobody can measure its time")
        if channel.layers != self._sandbox.layers:
            channel.close()
            raise SandboxError(f"a worker reports the layers {channel.layers}, not {self._sandbox.layers}")
        return channel

    def clear(self) -> None:
        """Ends what the last process that used this lane has left running; that process must be gone."""
        self._user = 0
        with contextlib.suppress(SandboxLost):
            self._take_over()

    def kill(self, request: int) -> None:
        number = self._number(request)
        if number is not None and number not in self._exits:
            self._send({"op": "kill", "worker": number})

    def exit_of(self, request: int, timeout_s: float) -> Exit | None:
        """How the worker of this fork request ended, or None when it has not yet."""
        number = self._number(request)
        if number is None:
            return Exit(1, reason="the fork server could not start it: " + self._forked[request]["error"])
        deadline = time.monotonic() + timeout_s
        while number not in self._exits:
            if not self._read(deadline - time.monotonic()):
                return None
        del self._forked[request]
        return self._exits.pop(number)

    def _number(self, request: int) -> int | None:
        deadline = time.monotonic() + ANSWER_S
        while request not in self._forked:
            if not self._read(deadline - time.monotonic()):
                raise SandboxLost("the fork server does not answer; start the sandbox again")
        return self._forked[request].get("worker")

    def _take_over(self) -> None:
        """The first use in a process that was forked meanwhile: drops what the last user of this lane left behind."""
        if self._user == os.getpid():
            return
        self._user = os.getpid()
        self._forked, self._exits = {}, {}
        request = secrets.randbits(48)
        self._send({"op": "reset", "id": request})
        deadline = time.monotonic() + ANSWER_S
        while request not in self._forked:
            if not self._read(deadline - time.monotonic()):
                raise SandboxLost("the fork server does not answer; start the sandbox again")
        self._forked, self._exits = {}, {}

    def _send(self, message: dict[str, Any], fds: list[int] | None = None) -> None:
        try:
            self.control.settimeout(ANSWER_S)
            socket.send_fds(self.control, [json.dumps(message).encode()], fds or [])
        except OSError as error:
            raise SandboxLost(f"the fork server is gone ({error}); start the sandbox again") from None

    def _read(self, timeout_s: float) -> bool:
        """Takes in one message; False when none came in time."""
        with selectors.DefaultSelector() as waiting:
            waiting.register(self.control, selectors.EVENT_READ)
            if not waiting.select(max(0.0, timeout_s)):
                return False
        try:
            packet = self.control.recv(MAX_PACKET)
        except ConnectionError:
            packet = b""
        if not packet:
            raise SandboxLost("the fork server is gone; start the sandbox again")
        message = json.loads(packet)
        if message["op"] == "exited":
            exit_ = Exit(message["status"], message["cpu_s"], message["peak_kb"] / 1024, message["reason"])
            self._exits[message["worker"]] = exit_
        else:
            self._forked[message["id"]] = message
        return True


class _Worker:
    """One fork request's process, for its channel."""

    def __init__(self, lane: Lane, request: int) -> None:
        self.lane, self.request, self.control = lane, request, lane.control

    def kill(self) -> None:
        self._of_today().kill(self.request)

    def wait(self, timeout_s: float) -> Exit | None:
        return self._of_today().exit_of(self.request, timeout_s)

    def _of_today(self) -> Lane:
        """The lane, if it still leads to the fork server that forked this worker."""
        if self.lane.control is not self.control:
            raise SandboxLost("the fork server was started again, and what ran on the one before is gone")
        return self.lane


class ForkedHost(ProcessHost):
    """One submission, in confined processes forked on one lane."""

    def __init__(
        self,
        lane: Lane,
        modules: Mapping[str, str],
        probes: str,
        limits: Limits,
        layers: tuple[str, ...],
        given: Mapping[str, Given] = NOTHING_GIVEN,
    ) -> None:
        super().__init__(lane.spawn, modules, probes, limits, layers, given)


def package_folders() -> list[str]:
    """Where this process finds the packages that workers use, for one that ignores the user's own site-packages."""
    found = (importlib.util.find_spec(name) for name in ("torch", "numpy", "msgpack", "landlockpy"))
    origins = {Path(spec.origin).parents[1] for spec in found if spec is not None and spec.origin is not None}
    return sorted(map(str, origins))


def sweep() -> None:
    """Removes scratch folders of judges that were killed and could not. Their process number is in the name.

    Only old ones: a container that shares this folder may have processes that are not to be seen from here.
    """
    for folder in Path(tempfile.gettempdir()).glob(f"{SCRATCH_PREFIX}*-*"):
        number = folder.name.removeprefix(SCRATCH_PREFIX).split("-")[0]
        with contextlib.suppress(OSError):
            old = time.time() - folder.stat().st_mtime > STALE_S
            if old and number.isdigit() and not Path(f"/proc/{number}").exists():
                scratch.remove(folder)

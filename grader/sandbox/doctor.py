"""Does the sandbox hold on this machine? Not what the kernel claims: what a hostile submission would try, tried.

`examine` starts a sandbox, runs `attempts.py` in its workers as if a student had handed it in, and looks from outside
at what came of it: did the listener get a connection, is the file there, was the process stopped.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from grader.sandbox.forked import ForkedHost, Sandbox
from grader.sandbox.replies import Limits, Reply

LIMITS = Limits(
    call_cpu_s=5, call_wall_s=10, total_cpu_s=300, memory_mb=200, scratch_mb=16, processes=16, open_files=64
)
EXPECTED_STOPS = ("raised", "out_of_memory", "memory_limit", "cpu_limit", "wall_limit", "died")


@dataclass(frozen=True)
class Attempt:
    """One thing that was tried.

    `stopped` is None when it could not be tried here; `layer` names what should stop it first.
    """

    layer: str
    what: str
    stopped: bool | None
    detail: str


@dataclass(frozen=True)
class Examination:
    confinement: str
    layers: tuple[str, ...]
    missing: dict[str, str]  # layer -> why it is not there
    strong: bool  # whether marks may rest on it
    attempts: tuple[Attempt, ...]

    @property
    def holds(self) -> bool:
        return all(attempt.stopped is not False for attempt in self.attempts)


def examine(confinement: str = "best", folders: Sequence[Path] = ()) -> Examination:
    """Tries everything, including to list each of `folders` (such as the one with the solutions).

    Takes about ten seconds.
    """
    with contextlib.ExitStack() as stack:
        canary = stack.enter_context(_canary())
        sandbox = stack.enter_context(Sandbox(1, confinement))
        return Examination(
            confinement, sandbox.layers, sandbox.missing, sandbox.strong, tuple(_Examiner(sandbox, canary).all(folders))
        )


@dataclass(frozen=True)
class _Canary:
    """Things of the judge's that a worker must not reach.

    Open to every user, so that only the sandbox can keep it off.
    """

    folder: Path
    variable: str
    tcp: socket.socket
    udp: socket.socket
    unix: socket.socket
    abstract: socket.socket
    abstract_name: str


@contextlib.contextmanager
def _canary() -> Iterator[_Canary]:
    folder = Path(tempfile.mkdtemp(prefix="grader-canary-"))
    variable, name = f"GRADER_CANARY_{secrets.token_hex(4)}", f"grader-canary-{secrets.token_hex(8)}"
    folder.chmod(0o777)
    (folder / "secret.txt").write_text("the judge's secret\n")
    os.environ[variable] = "secret"
    try:
        with contextlib.ExitStack() as stack:
            kinds = ((socket.AF_INET, socket.SOCK_STREAM), (socket.AF_INET, socket.SOCK_DGRAM))
            unix_kinds = ((socket.AF_UNIX, socket.SOCK_STREAM),) * 2
            tcp, udp, unix, abstract = (stack.enter_context(socket.socket(*kind)) for kind in (*kinds, *unix_kinds))
            tcp.bind(("127.0.0.1", 0))
            udp.bind(("127.0.0.1", 0))
            unix.bind(str(folder / "socket"))
            (folder / "socket").chmod(0o777)
            abstract.bind(f"\0{name}")
            for listener in (tcp, unix, abstract):
                listener.listen()
            for end in (tcp, udp, unix, abstract):
                end.setblocking(False)
            yield _Canary(folder, variable, tcp, udp, unix, abstract, f"@{name}")
    finally:
        del os.environ[variable]
        shutil.rmtree(folder, ignore_errors=True)


class _Examiner:
    def __init__(self, sandbox: Sandbox, canary: _Canary) -> None:
        self.sandbox, self.canary = sandbox, canary
        self.text = Path(__file__).with_name("attempts.py").read_text()
        self.host = self._host()

    def all(self, folders: Sequence[Path]) -> Iterator[Attempt]:
        yield from self._reach_out()
        yield from self._read(folders)
        yield from self._escape()
        yield from self._exhaust()
        yield self._leave_a_file()
        self.host.close()

    def _reach_out(self) -> Iterator[Attempt]:
        canary = self.canary
        for what, probe, argument, listener in (
            ("connect to a TCP port of this machine", "connect_by_tcp", canary.tcp.getsockname()[1], canary.tcp),
            ("connect to a Unix socket", "connect_by_unix_socket", str(canary.folder / "socket"), canary.unix),
            ("connect to an abstract Unix socket", "connect_by_unix_socket", canary.abstract_name, canary.abstract),
        ):
            name = "port" if probe == "connect_by_tcp" else "path"
            yield self._try("seccomp", what, probe, {name: argument}, partial(_is_quiet, listener))
        port = canary.udp.getsockname()[1]
        yield self._try(
            "seccomp", "send a UDP packet", "send_by_udp", {"port": port}, partial(_has_nothing, canary.udp)
        )

    def _read(self, folders: Sequence[Path]) -> Iterator[Attempt]:
        canary = self.canary
        secret, new = canary.folder / "secret.txt", canary.folder / "new.txt"
        yield self._try("landlock", "read a file of the judge", "read_file", {"path": str(secret)})
        for folder in folders:
            yield self._try("landlock", f"list {folder}", "list_folder", {"path": str(folder.resolve())})
        yield self._try(
            "landlock", "write outside its scratch folder", "write_file", {"path": str(new)}, lambda: not new.exists()
        )
        yield self._try("fork server", "read the judge's environment", "read_environment", {"name": canary.variable})
        yield self._try("landlock", "read it from /proc", "read_environment_of", {"pid": os.getpid()})

    def _escape(self) -> Iterator[Attempt]:
        yield self._fork()
        yield self._try("seccomp", "run a program", "run_a_program", {})
        for whom, pid in (("judge", os.getpid()), ("fork server", 0)):
            yield self._try("seccomp", f"signal the {whom}", "signal_process", {"pid": pid})
            yield self._try("seccomp", f"trace the {whom}", "trace_process", {"pid": pid})
            yield self._try("seccomp", f"read the {whom}'s memory", "read_memory_of", {"pid": pid})

    def _exhaust(self) -> Iterator[Attempt]:
        memory, scratch = 2 * LIMITS.memory_mb, 4 * LIMITS.scratch_mb
        yield self._try("rlimits", "hold twice its memory", "take_memory", {"megabytes": memory})
        yield self._try("seccomp", "hold memory that is shared", "share_memory", {"megabytes": memory})
        yield self._try("judge", "compute longer than it may", "compute", {}, cpu_s=0.5)
        yield self._try("judge", "sleep longer than it may", "sleep", {}, wall_s=0.5)
        yield self._try("namespaces", "fill the disk", "fill_scratch", {"megabytes": scratch})
        yield self._try("rlimits", "open more files than it may", "open_files", {"count": 2 * LIMITS.open_files})
        if "user" in self.sandbox.layers or "namespaces" in self.sandbox.layers:
            yield self._try(
                "rlimits", "start more threads than it may", "start_threads", {"count": 2 * LIMITS.processes}
            )
        else:
            reason = "threads are counted per user, and workers share one here; their CPU time and memory are limited"
            yield Attempt("rlimits", "start more threads than it may", None, reason)

    def _fork(self) -> Attempt:
        attempt = self._try("seccomp", "start a process", "fork_a_process", {})
        if attempt.stopped is False:
            pid = int(attempt.detail)
            self.host.renew()
            time.sleep(0.5)  # for the kernel to clear up
            lived_on = Path(f"/proc/{pid}").exists()
            after = "it lived on after its worker" if lived_on else "it ended with its worker"
            return Attempt(attempt.layer, attempt.what, False, after)
        return attempt

    def _leave_a_file(self) -> Attempt:
        name = f"left-{secrets.token_hex(4)}"
        written = self.host.call("leave_a_file", {"name": name}, 0).value or []
        self.host.renew()
        found = [path for path in written if self.host.call("exists", {"path": path}, 0).value]
        for path in found:  # tidy up after a sandbox that did not hold
            with contextlib.suppress(OSError):
                os.unlink(path)
        return Attempt(
            "namespaces", "leave a file for the next submission", not found, ", ".join(found) or "none was found"
        )

    def _try(
        self,
        layer: str,
        what: str,
        probe: str,
        arguments: dict[str, object],
        untouched: Callable[[], bool] = lambda: True,
        cpu_s: float | None = None,
        wall_s: float | None = None,
    ) -> Attempt:
        """Puts one attempt to a worker.

        It was stopped when the worker says so *and* nothing is to be seen from outside.
        """
        reply = self.host.call(probe, arguments, 0, cpu_s=cpu_s, wall_s=wall_s)
        if reply.outcome not in ("returned", *EXPECTED_STOPS):
            return Attempt(layer, what, None, f"could not be tried: {reply.outcome} {_words(reply)}")
        return Attempt(layer, what, reply.outcome in EXPECTED_STOPS and untouched(), _words(reply))

    def _host(self) -> ForkedHost:
        return self.sandbox.lane(0).host({}, self.text, LIMITS)


def _words(reply: Reply) -> str:
    if reply.raised is not None:
        return f"{reply.raised.type}: {reply.raised.message}".splitlines()[0][:200]
    return str(reply.value) if reply.outcome == "returned" else reply.detail


def _is_quiet(listener: socket.socket) -> bool:
    try:
        listener.accept()[0].close()
    except BlockingIOError:
        return True
    return False


def _has_nothing(end: socket.socket) -> bool:
    try:
        end.recv(16)
    except BlockingIOError:
        return True
    return False

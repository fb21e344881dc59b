"""The system call filters: those in the repository are what the list says, and they refuse what they should."""

from __future__ import annotations

import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.sandbox.confine import export_filters, kernel, layers, seccomp

# How somebody else ends or stops a process: so a submission must not be able to do that to itself.
FROM_OUTSIDE = [
    *(signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGKILL, signal.SIGTERM),
    *(signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU),
]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="seccomp needs Linux")


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_compiled_filters_are_those_of_the_list(machine: str) -> None:
    pytest.importorskip("pyseccomp")
    stored = Path(seccomp.__file__).with_name(f"{machine}.bpf").read_bytes()
    assert stored == export_filters.compiled(machine), "run: python -m grader.sandbox.confine.export_filters"


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_process_number_has_a_place_in_the_filter(machine: str) -> None:
    stored = Path(seccomp.__file__).with_name(f"{machine}.bpf").read_bytes()
    filled = seccomp.for_process(stored, 1234)
    assert filled != stored
    assert len(filled) == len(stored)
    with pytest.raises(OSError, match="damaged"):
        seccomp.for_process(filled, 1234)


def confined(attempt: Callable[[], None]) -> str:
    """What `attempt` raises behind the filter alone, in a process of its own."""
    seccomp.template()

    def run() -> None:
        kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
        seccomp.restrict()
        attempt()

    return layers.outcome_of(run)


def raw(number: int, *arguments: int) -> Callable[[], None]:
    return lambda: kernel._syscall("raw", number, *arguments)


def socket_pair(kind: int) -> Callable[[], None]:
    import socket

    return lambda: [end.close() for end in socket.socketpair(socket.AF_UNIX, kind)] and None


def shared_memory() -> None:
    import mmap

    mmap.mmap(-1, 4096)


def test_harmless_calls_pass() -> None:
    def work() -> None:
        import threading

        thread = threading.Thread(target=lambda: None)
        thread.start()
        thread.join()
        os.kill(os.getpid(), 0)
        signal.signal(signal.SIGUSR1, lambda *_: None)
        signal.raise_signal(signal.SIGUSR1)
        resource.setrlimit(resource.RLIMIT_NOFILE, resource.getrlimit(resource.RLIMIT_NOFILE))
        resource.getrlimit(resource.RLIMIT_CPU)
        os.close(os.dup(0))
        os.stat("/")

    assert confined(work) == ""
    assert confined(socket_pair(1)) == ""


@pytest.mark.parametrize(
    ("attempt", "error"),
    [
        (os.fork, "PermissionError"),
        (os.setsid, "PermissionError"),
        (lambda: os.execv("/bin/true", ["true"]), "PermissionError"),
        (lambda: os.kill(os.getppid(), 0), "PermissionError"),
        (lambda: os.kill(-1, 0), "PermissionError"),
        (lambda: os.kill(0, 0), "PermissionError"),
        *[(lambda number=number: os.kill(os.getpid(), number), "PermissionError") for number in FROM_OUTSIDE],
        *[(lambda number=number: signal.raise_signal(number), "PermissionError") for number in FROM_OUTSIDE],
        (lambda: resource.setrlimit(resource.RLIMIT_CPU, (1, 1)), "ValueError: not allowed"),  # Python's word for EPERM
        (lambda: os.mkfifo("/tmp/pipe"), "PermissionError"),
        (lambda: os.memfd_create("x"), "PermissionError"),
        (lambda: os.getxattr("/", "user.x"), "OSError: [Errno 95]"),
        (shared_memory, "PermissionError"),
        (socket_pair(2), "OSError: [Errno 38]"),  # datagrams can be sent to any address
    ],
)
def test_dangerous_calls_do_not(attempt: Callable[[], None], error: str) -> None:
    assert confined(attempt).startswith(error)


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="numbers of x86_64")
@pytest.mark.parametrize(
    ("number", "arguments"),
    [
        (56, (0x11,)),  # clone as fork does it
        (56, (0x10000 | 0x10000000,)),  # a thread with a new user namespace
        (435, (0, 0)),  # clone3
        (425, (1, 0)),  # io_uring_setup
        (29, (0, 4096, 0o1600)),  # shmget
        (101, (16, 1)),  # ptrace
        (310, (1, 0, 0, 0, 0, 0)),  # process_vm_readv
        (272, (0x10000000,)),  # unshare
        (321, (0, 0, 0)),  # bpf
        (157, (38, 1)),  # prctl beyond names
        (302, (0, 1 << 32, 1, 0)),  # its own limit of CPU time, by a number that the kernel cuts
        (62, (1 << 32 | 9, 9)),  # kill
        (302, (1, 7, 0, 0)),  # another process's limits
        (0x40000000 + 57, ()),  # fork by its x32 number
        (999, ()),  # a call of a kernel to come
    ],
)
def test_calls_by_number_are_refused(number: int, arguments: tuple[int, ...]) -> None:
    reason = confined(raw(number, *arguments))
    assert reason.startswith(("PermissionError", "OSError: [Errno 38]")) or "status -31" in reason

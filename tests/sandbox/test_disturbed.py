"""A worker that somebody else ends or stops: nobody pays for that, and nobody can make it look like that."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from grader.errors import SandboxError
from grader.sandbox.forked import Sandbox
from grader.sandbox.host import ProcessHost
from grader.sandbox.replies import Limits

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="confinement needs Linux")

PROBES = """
import os, signal, time, resource, threading, torch
def number(): return 7
def nap(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end: time.sleep(0.01)
    return 7
def spin(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end: pass
def hold(megabytes, seconds):
    held = torch.ones(megabytes << 18)
    time.sleep(seconds)
    return float(held[0])
"""


@pytest.fixture(params=["best", "container"], scope="module")
def confined(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    with Sandbox(1, request.param) as running:
        yield running


def process_of(host: ProcessHost) -> int:
    """The worker's number, once there is one."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if (channel := host._channel) is not None and channel.pid:
            return channel.pid
        time.sleep(0.01)
    raise AssertionError("no worker was started")


def used_s(pid: int) -> float:
    """CPU seconds since it was forked."""
    return time.clock_gettime((~pid << 3) | 2)


def held_mb(pid: int) -> float:
    """The most memory that it has held."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


@contextmanager
def sending(
    host: ProcessHost, number: int, times: int = 1, when: Callable[[int], bool] = lambda pid: True
) -> Iterator[list[int]]:
    """Meanwhile each of the first `times` workers gets the signal, a moment after its start and when it is time."""
    met: list[int] = []

    def send() -> None:
        while len(met) < times:
            pid = process_of(host)
            if pid not in met:
                time.sleep(0.3)
                while not when(pid):
                    time.sleep(0.01)
                met.append(pid)
                os.kill(pid, number)
            time.sleep(0.01)

    thread = threading.Thread(target=send)
    thread.start()
    try:
        yield met
    finally:
        thread.join()


def host_of(sandbox: Sandbox, limits: Limits = Limits()) -> ProcessHost:  # noqa: B008  (frozen)
    return sandbox.lane(0).host({}, PROBES, limits)


def test_a_question_whose_worker_is_killed_is_put_again(confined: Sandbox) -> None:
    host = host_of(confined)
    with sending(host, signal.SIGKILL) as met:
        reply = host.call("nap", {"seconds": 1.0}, 0)
    assert (reply.outcome, reply.value, host.disturbed) == ("returned", 7, 1)
    assert process_of(host) not in met
    host.close()


def test_killed_twice_is_our_error_and_says_so_and_the_next_question_is_answered(confined: Sandbox) -> None:
    host = host_of(confined)
    with sending(host, signal.SIGKILL, times=2), pytest.raises(SandboxError) as told:
        host.call("nap", {"seconds": 1.0}, 0)
    assert "killed by SIGKILL, twice at the same question" in str(told.value)
    assert "Then grade this submission again" in str(told.value)
    assert host.call("number", {}, 0).value == 7
    host.close()


def test_a_worker_that_is_killed_between_two_questions_costs_nothing(confined: Sandbox) -> None:
    host = host_of(confined)
    assert host.load().outcome == "returned"
    os.kill(process_of(host), signal.SIGKILL)
    time.sleep(0.2)
    assert host.call("number", {}, 0).value == 7
    assert host.disturbed == 1
    host.close()


def test_a_worker_that_is_killed_while_it_imports_costs_nothing(confined: Sandbox) -> None:
    host = confined.lane(0).host({"work": "import time\ntime.sleep(1)\n"}, "import work\n" + PROBES, Limits())
    with sending(host, signal.SIGKILL):
        assert host.load().outcome == "returned"
    assert host.disturbed == 1
    host.close()


def test_the_time_of_a_killed_worker_is_not_counted(confined: Sandbox) -> None:
    host = host_of(confined, Limits(total_cpu_s=1.5))
    with sending(host, signal.SIGKILL, when=lambda pid: used_s(pid) > 0.8):
        assert host.call("spin", {"seconds": 1.0}, 0).outcome == "returned"
    assert host.spent_cpu_s < 1.3
    host.close()


def test_a_worker_that_is_stopped_is_not_one_that_waits(confined: Sandbox) -> None:
    host = host_of(confined, Limits(call_wall_s=1.0))
    with sending(host, signal.SIGSTOP):
        assert host.call("nap", {"seconds": 0.5}, 0).value == 7
    assert host.disturbed == 1
    assert host.call("nap", {"seconds": 30}, 0).outcome == "wall_limit"
    assert host.disturbed == 1
    host.close()


def test_two_kills_near_the_limit_of_memory_are_the_submissions_own(confined: Sandbox) -> None:
    host = host_of(confined, Limits(memory_mb=700))
    with sending(host, signal.SIGKILL, times=2, when=lambda pid: held_mb(pid) > 650):
        reply = host.call("hold", {"megabytes": 600, "seconds": 60}, 0)
    assert reply.outcome == "memory_limit"
    host.close()


def test_a_fork_server_that_is_slow_to_report_an_end_makes_no_breach_of_protocol(confined: Sandbox) -> None:
    host = host_of(confined)
    server = parent(process := (host.load(), process_of(host))[1])
    os.kill(server, signal.SIGSTOP)
    threading.Timer(2.0, os.kill, (server, signal.SIGCONT)).start()
    os.kill(process, signal.SIGKILL)
    assert host.call("number", {}, 0).value == 7
    assert host.disturbed == 1
    host.close()


def parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def test_a_judge_that_was_stopped_itself_charges_nobody() -> None:
    script = f"""
import os, threading
from grader.sandbox.forked import Sandbox
from grader.sandbox.replies import Limits
with Sandbox(1) as sandbox:
    host = sandbox.lane(0).host({{}}, {PROBES!r}, Limits(call_wall_s=1.5))
    host.load()
    print("ready", flush=True)
    print(host.call("nap", {{"seconds": 1.0}}, 0).outcome, flush=True)
"""
    judge = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert judge.stdout is not None
    assert judge.stdout.readline() == "ready\n"
    time.sleep(0.3)
    judge.send_signal(signal.SIGSTOP)
    time.sleep(4)
    judge.send_signal(signal.SIGCONT)
    assert judge.communicate()[0] == "returned\n"


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGSTOP])
def test_a_submission_cannot_send_itself_what_counts_as_from_outside(confined: Sandbox, number: int) -> None:
    default = "" if number in (signal.SIGKILL, signal.SIGSTOP) else f"signal.signal({int(number)}, signal.SIG_DFL); "
    ways = ["os.kill(os.getpid(), {0})", "signal.raise_signal({0})", "signal.pthread_kill(threading.get_ident(), {0})"]
    for way in ways:
        probes = f"{PROBES}\ndef itself(): {default}{way.format(int(number))}\n"
        host = confined.lane(0).host({}, probes, Limits())
        reply = host.call("itself", {}, 0)
        assert (reply.outcome, reply.raised and reply.raised.type) == ("raised", "PermissionError"), way
        assert host.disturbed == 0
        host.close()


def test_a_submission_cannot_have_the_kernel_end_it_early(confined: Sandbox) -> None:
    lowered = "\ndef lowered():\n    resource.setrlimit(resource.RLIMIT_CPU, (1, 1))\n"
    host = confined.lane(0).host({}, PROBES + lowered, Limits())
    assert host.call("lowered", {}, 0).outcome == "raised"
    host.close()

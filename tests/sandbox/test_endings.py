"""What is left behind when a sandbox, a lane or the judge itself ends, in whatever way: nothing."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.errors import SandboxError
from grader.sandbox.forked import SCRATCH_PREFIX, Lane, Sandbox
from grader.sandbox.replies import Limits

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="confinement needs Linux")

PROBES = "import os, time\ndef pid(): return os.getpid()\ndef sleep(): time.sleep(600)\n"


def descendants(pid: int) -> set[int]:
    """Every living process below `pid`."""
    found: set[int] = set()
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found |= {child} | descendants(child)
    return found


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


def soon(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def scratch_folders(pid: int) -> list[Path]:
    return list(Path(tempfile.gettempdir()).glob(f"{SCRATCH_PREFIX}{pid}-*"))


def test_a_closed_host_leaves_no_process_and_no_descriptor(sandbox: Sandbox, lane: Lane) -> None:
    host = lane.host({}, PROBES, Limits())
    host.load()
    host.close()
    processes, descriptors = descendants(os.getpid()), len(os.listdir("/proc/self/fd"))
    for _ in range(5):
        host = lane.host({}, PROBES, Limits(call_wall_s=0.1))
        assert host.call("sleep", {}, 0).outcome == "wall_limit"
        assert host.call("pid", {}, 0).outcome == "returned"
        host.close()
    assert descendants(os.getpid()) == processes
    assert len(os.listdir("/proc/self/fd")) == descriptors


def test_a_host_can_be_closed_twice_and_used_again(lane: Lane) -> None:
    host = lane.host({}, PROBES, Limits())
    host.close()
    assert host.call("pid", {}, 0).outcome == "returned"
    host.close()
    host.close()


def test_several_hosts_live_side_by_side_on_one_lane(lane: Lane) -> None:
    hosts = [lane.host({}, PROBES + f"def number(): return {number}\n", Limits()) for number in range(3)]
    assert [host.call("number", {}, 0).value for host in hosts] == [0, 1, 2]
    for host in reversed(hosts):
        host.close()


JUDGE = """
import sys, time
from grader.sandbox.forked import Sandbox
from grader.sandbox.replies import Limits
with Sandbox(1, sys.argv[1]) as sandbox:
    host = sandbox.lane(0).host({}, "def spin():\\n    while True: pass\\n", Limits(call_cpu_s=99, total_cpu_s=99))
    host.load()
    if sys.argv[2] == "close":
        host.call("spin", {}, 0, cpu_s=0.1)
        host.load()
    else:
        print("ready", flush=True)
        host.call("spin", {}, 0)
"""


@pytest.mark.parametrize("confinement", ["best", "container"])
def test_nothing_outlives_a_judge_that_was_killed(confinement: str) -> None:
    judge = subprocess.Popen([sys.executable, "-c", JUDGE, confinement, "hang"], stdout=subprocess.PIPE)
    assert judge.stdout is not None
    assert judge.stdout.readline() == b"ready\n"
    below = descendants(judge.pid)
    assert len(below) >= 2
    judge.kill()
    judge.wait()
    assert soon(lambda: not any(map(alive, below)))
    assert soon(lambda: not scratch_folders(judge.pid) or confinement == "best")
    judge.stdout.close()


STARTING = """
import time
from grader.sandbox.forked import Sandbox
Sandbox(1)
print("started", flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("after_s", [0.0, 0.1, 0.5])
def test_a_judge_that_is_killed_while_its_sandbox_starts_leaves_nothing(after_s: float) -> None:
    judge = subprocess.Popen([sys.executable, "-c", STARTING], stdout=subprocess.PIPE)
    assert judge.stdout is not None
    assert judge.stdout.readline() == b"started\n"
    assert scratch_folders(judge.pid)
    time.sleep(after_s)
    below = descendants(judge.pid)
    judge.kill()
    judge.wait()
    assert soon(lambda: not any(map(alive, below)), 30)
    assert soon(lambda: not scratch_folders(judge.pid))
    judge.stdout.close()


def test_nothing_outlives_a_sandbox_that_was_closed() -> None:
    judge = subprocess.Popen([sys.executable, "-c", JUDGE, "best", "close"])
    below: set[int] = set()
    while judge.poll() is None:
        below |= descendants(judge.pid)
        time.sleep(0.02)
    assert judge.returncode == 0
    assert len(below) >= 2
    assert not any(map(alive, below))
    assert not scratch_folders(judge.pid)


def test_stale_scratch_folders_are_swept(sandbox: Sandbox) -> None:
    from grader.sandbox.forked import sweep

    gone = subprocess.Popen(["true"])
    gone.wait()
    stale, fresh = (Path(tempfile.mkdtemp(prefix=f"{SCRATCH_PREFIX}{gone.pid}-")) for _ in range(2))
    os.utime(stale, (0, 0))
    sweep()
    assert not stale.exists()
    assert fresh.exists()  # perhaps of a judge in a container that shares the folder
    fresh.rmdir()
    assert scratch_folders(os.getpid())


def in_child(work: Callable[[], None]) -> int:
    """Runs `work` in a forked process, as a lane of the judge is, and returns its process number."""
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    return pid


def test_a_lane_may_be_forked_and_started_again_after_it_was_killed(sandbox: Sandbox) -> None:
    lane = sandbox.lane(1)

    def hang() -> None:
        host = lane.host({}, PROBES, Limits(call_wall_s=600))
        host.load()
        host.call("sleep", {}, 0)

    def answer() -> None:
        host = lane.host({}, PROBES, Limits())
        assert host.call("pid", {}, 0).outcome == "returned"
        host.close()

    before = descendants(os.getpid())
    hanging = in_child(hang)
    assert soon(lambda: len(descendants(os.getpid()) - before) >= 2)  # the lane and its worker
    os.kill(hanging, signal.SIGKILL)
    os.waitpid(hanging, 0)
    assert os.waitpid(in_child(answer), 0)[1] == 0
    assert soon(lambda: descendants(os.getpid()) == before)  # the hanging worker is gone, too


def test_lanes_work_at_the_same_time(sandbox: Sandbox) -> None:
    def answer(number: int) -> None:
        for _ in range(3):
            host = sandbox.lane(number).host({}, f"def number(): return {number}\n", Limits())
            assert host.call("number", {}, 0).value == number
            host.close()

    children = [in_child(lambda number=number: answer(number)) for number in (1, 2)]  # type: ignore[misc]
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0]


def test_a_fork_server_that_died_is_the_graders_error() -> None:
    with Sandbox(1) as sandbox:
        host = sandbox.lane(0).host({}, PROBES, Limits())
        host.load()
        for pid in descendants(sandbox.pid) | {sandbox.pid}:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        with pytest.raises(SandboxError, match="start the sandbox again"):
            host.renew()
        with pytest.raises(SandboxError, match="start the sandbox again"):
            host.call("pid", {}, 0)

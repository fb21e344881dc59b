"""The judge's end of a worker, with a worker that is as fast as it likes."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time

import pytest

from grader.clock import cpu_s
from grader.sandbox import channel as channels
from grader.sandbox import wire
from grader.sandbox.channel import Channel, Exit, _Watch
from grader.sandbox.replies import Limits


class Ended:
    """A worker that is gone already."""

    def kill(self) -> None: ...

    def wait(self, timeout_s: float) -> Exit | None:
        return Exit(0)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says who has sent something")
def test_a_worker_that_says_hello_before_anybody_listens_is_known_all_the_same() -> None:
    ours, theirs = channels.ends()
    worker = os.fork()
    if worker == 0:
        theirs.sendall(wire.encode({"layers": []}))
        os._exit(0)
    os.waitpid(worker, 0)  # so slow is the judge: the hello lies there before the channel is made
    output, printed = os.pipe()
    os.close(printed)
    channel = Channel(ours, output, Ended(), Limits())
    channel.greet()
    assert channel.pid == worker
    channel.close()
    theirs.close()


CROWD = """
import hashlib, sys, threading
data = bytes(1 << 20)

def compute():
    for _ in range(400):
        hashlib.sha256(data)  # without the interpreter's lock

threads = [threading.Thread(target=compute) for _ in range(int(sys.argv[1]))]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print("ended", flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_thread_that_has_ended_still_was_without_a_core() -> None:
    """Four threads a core wait for one another. When they have ended, the process has not waited for nothing."""
    many = str(4 * len(os.sched_getaffinity(0)))
    with subprocess.Popen([sys.executable, "-c", CROWD, many], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as crowd:
        assert crowd.stdin is not None
        assert crowd.stdout is not None
        watch = _Watch(lambda: cpu_s(crowd.pid) or 0.0, 1e9, 1e9, crowd.pid)
        seen = []
        while not select.select([crowd.stdout], [], [], 0.02)[0]:
            seen.append(watch._held_up())
        time.sleep(0.1)
        assert len(os.listdir(f"/proc/{crowd.pid}/task")) == 1
        assert max(seen) - seen[0] > 0.1
        assert watch._held_up() >= max(seen)
        crowd.stdin.close()

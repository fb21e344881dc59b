"""The judge's end of a worker, with a worker that is as fast as it likes."""

from __future__ import annotations

import os
import sys

import pytest

from grader.sandbox import channel as channels
from grader.sandbox import wire
from grader.sandbox.channel import Channel, Exit
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

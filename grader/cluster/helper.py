"""The process beside a cluster's worker: a fork server and one lane, as on one machine. The worker starts it by exec.

It does one thing after the other, as requests come over a socket. It ends when the other end of that is closed, when it
is told to, or when nobody asked for anything for a while, and then leaves nothing behind.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
from collections.abc import Mapping
from multiprocessing.connection import Connection
from types import FrameType
from typing import Any

import msgpack

from grader.batch.crew import Crew
from grader.batch.engine import Setting
from grader.batch.local import Local
from grader.cluster import parcel
from grader.cluster.alike import difference, likeness
from grader.cluster.supply import Supply
from grader.errors import CourseError, GraderError
from grader.judge.specimen import Specimen
from grader.text import clean_line

IDLE_S = 600.0  # a run that lasts asks again, and one that was killed never does
MAX_SOURCE = 8000  # as results have it


class Gone(Exception):
    """Nobody is there any more to ask or to hear."""


class Line:
    """The helper's end of the socket: msgpack, never pickle."""

    def __init__(self, descriptor: int) -> None:
        self._socket = socket.socket(fileno=descriptor)
        self._connection = Connection(os.dup(descriptor))

    def next(self) -> dict[str, Any]:
        """The next request. Raises `Gone`."""
        try:
            if not self._connection.poll(IDLE_S):
                raise Gone
            request: dict[str, Any] = msgpack.unpackb(self._connection.recv_bytes())
        except (EOFError, OSError):
            raise Gone from None
        return request

    def say(self, **answer: object) -> None:
        """The answer to it. Raises `Gone`."""
        try:
            self._connection.send_bytes(msgpack.packb(answer))
        except OSError:
            raise Gone from None

    def look(self) -> None:
        """Raises `Gone` where the worker has ended since."""
        try:
            if self._socket.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b"":
                raise Gone
        except BlockingIOError:
            pass
        except OSError:
            raise Gone from None


def serve(line: Line) -> None:
    """Serves one run, of which the first request tells. What cannot be is `refused`."""
    begin = line.next()
    try:
        if unlike := difference(begin["likeness"], likeness()):
            line.say(refused=f"this worker {unlike}.", broken=False)
            return
        with Supply(begin["digest"]) as supply:
            if not supply.there:
                line.say(need=True)
                supply.unpack(line.next()["bundle"])
            setting = Setting(
                supply.assignment(begin["homework"]),
                begin["secret"],
                begin["confinement"],
                begin["allow_weak"],
                lane_count=1,
                only=frozenset(begin["only"]),
                tick=line.look,
            )
            with Local().crew(setting, 1) as crew:
                line.say(template=crew.template().model_dump_json())
                while True:
                    _do(line.next(), crew, supply, line)
    except GraderError as error:
        line.say(refused=str(error), broken=isinstance(error, CourseError))


def _do(request: Mapping[str, Any], crew: Crew, supply: Supply, line: Line) -> None:
    if "wrongs" in request:
        crew.wrongs = [(Specimen(**said, modules={}), frame) for said, frame in request["wrongs"]]
        line.say(known=len(crew.wrongs))
        return
    with supply.work() as folder:
        job, sources = parcel.laid_out(request["parcel"], folder)
        ((_, result),) = crew.work([job], lambda job: None)
    known = {clean_line(there, MAX_SOURCE): clean_line(here, MAX_SOURCE) for there, here in sources.items()}
    result = result.model_copy(update={"source": known.get(result.source, result.source)})
    trouble, frame = crew.findings.pop(job.name, (None, b""))
    line.say(result=result.model_dump_json(), trouble=trouble, frame=frame)


def main() -> None:
    """The body of the process. Its one argument is the socket's number."""
    line = Line(int(sys.argv[1]))

    def ended(number: int, frame: FrameType | None) -> None:
        raise Gone

    signal.signal(signal.SIGTERM, ended)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # the worker may ignore it
    with contextlib.suppress(Gone):
        serve(line)


if __name__ == "__main__":
    main()

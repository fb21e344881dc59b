"""What runs in a cluster's worker: it starts a helper by exec, and passes bytes on. No code of a student runs here, no
file of one is kept here, and nothing is forked: workers have threads.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import threading
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import msgpack

PACKAGE = Path(__file__).parents[1]
LOOK_S = 0.5  # so often we look whether the helper still lives
END_S = 60.0  # for a helper that is to end
LAST_WORDS = 2000
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}

_helpers: dict[tuple[str, int], _Helper] = {}
_guard = threading.Lock()


def ask(run: str, slot: int, message: bytes, *, begin: bool = False) -> bytes:
    """Has the helper of this run and slot answer a message. `begin` starts one, in place of one that was there.

    Where there is none, `gone` is the answer, and where it ends before it answers, `died` is, with why.
    """
    with _guard:
        before = _helpers.pop((run, slot), None) if begin else None
        if begin:
            _helpers[run, slot] = _Helper()
        helper = _helpers.get((run, slot))
    if before is not None:
        before.end()
    if helper is None:
        return _said(gone=True)
    answer = helper.ask(message)
    if helper.ended:
        with _guard:
            if _helpers.get((run, slot)) is helper:
                del _helpers[run, slot]
    return answer


def end(run: str) -> None:
    """Has the helpers of a run end, at once, whatever they are doing, and waits until they have cleaned up."""
    with _guard:
        helpers = [_helpers.pop(key) for key in [key for key in _helpers if key[0] == run]]
    for helper in helpers:
        helper.hang_up()
    for helper in helpers:
        helper.end()


class _Helper:
    def __init__(self) -> None:
        self._asking = threading.Lock()
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  (open as long as the helper lives)
        ours, theirs = socket.socketpair()
        path = os.pathsep.join(filter(None, [str(PACKAGE.parent), os.environ.get("PYTHONPATH", "")]))
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "grader.cluster.helper", str(theirs.fileno())],
            env={**os.environ, **ONE_THREAD, "PYTHONPATH": path},
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._errors,
            pass_fds=[theirs.fileno()],
            start_new_session=True,  # a signal that ends the worker reaches it as a closed socket, in order
        )
        theirs.close()
        self._socket = ours
        self._connection = Connection(os.dup(ours.fileno()))
        self.ended = False

    def ask(self, message: bytes) -> bytes:
        with self._asking:
            try:
                self._connection.send_bytes(message)
                while not self._connection.poll(LOOK_S):
                    if self._process.poll() is not None and not self._connection.poll(0):
                        raise EOFError
                answer = self._connection.recv_bytes()
                self.ended = "refused" in msgpack.unpackb(answer)
            except (EOFError, OSError):
                self.ended = True
                self.end()
                answer = _said(died=f"The judge process on this worker ended.{self._last_words()}")
        return answer

    def hang_up(self) -> None:
        """It notices within a second, ends its own processes and removes its files."""
        with contextlib.suppress(OSError):  # it has ended
            self._socket.shutdown(socket.SHUT_RDWR)

    def end(self) -> None:
        self.hang_up()
        try:
            self._process.wait(END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _last_words(self) -> str:
        self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, self._errors.tell() - LAST_WORDS))
        words = self._errors.read().decode(errors="replace").strip()
        return f" It said: {words}" if words else ""


def _said(**answer: Any) -> bytes:
    said: bytes = msgpack.packb(answer)
    return said

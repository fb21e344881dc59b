"""Signals that ask a long run to end. Ctrl-C lets it finish what it is at; all others end it at once, in order."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
WORDS = {signal.SIGINT: "by Ctrl-C", signal.SIGTERM: "by SIGTERM", signal.SIGHUP: "because its terminal was closed"}
FINISHING = "\nCtrl-C: what is being judged now is finished, and nothing else is begun. Ctrl-C again stops at once.\n"


class Stopped(KeyboardInterrupt):
    """Somebody asked the run to end. Its text says how."""


class Stopping:
    """What signals ask for. While the run is `gentle`, a first Ctrl-C is only noted, in `asked`; any other signal, and
    the next Ctrl-C, raises `Stopped`, and more of them are ignored."""

    def __init__(self) -> None:
        self.gentle, self.asked, self.stopped = False, "", False
        self._whole, self._later = False, ""

    def __call__(self, number: int, frame: FrameType | None) -> None:
        """Takes a signal."""
        how = WORDS[signal.Signals(number)]
        if number == signal.SIGINT and self.gentle and not self.asked:
            self.asked = how
            with contextlib.suppress(OSError):  # whatever was printing may be in the middle of it
                os.write(2, FINISHING.encode())
            return
        self.conclude()
        self.stopped = True
        if self._whole:
            self._later = how
        else:
            raise Stopped(how)

    @contextmanager
    def whole(self) -> Iterator[None]:
        """What is done within the body is done to its end: a signal that would end it does so afterwards."""
        self._whole = True
        try:
            yield
        finally:
            self._whole = False
        if self._later:
            raise Stopped(self._later)

    def conclude(self) -> None:
        """From now on all signals are ignored, until the body of `stoppable` ends, which then must be soon."""
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)


@contextmanager
def stoppable() -> Iterator[Stopping]:
    """Within the body these signals are taken by the `Stopping` that it yields.

    After a signal they stay ignored: the process is about to end, and its exit status must say what was done.
    """
    stopping = Stopping()
    before = {number: signal.signal(number, stopping) for number in SIGNALS}
    try:
        yield stopping
    finally:
        for number, handler in before.items() if not (stopping.stopped or stopping.asked) else ():
            signal.signal(number, handler)

"""Signals that ask a long run to end: turned into an exception, so that it ends in order."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
WORDS = {signal.SIGINT: "by Ctrl-C", signal.SIGTERM: "by SIGTERM", signal.SIGHUP: "because its terminal was closed"}


class Stopped(KeyboardInterrupt):
    """Somebody asked the run to end. Its text says how."""


@contextmanager
def stoppable() -> Iterator[Callable[[], None]]:
    """Within the body the first of these signals raises `Stopped`, and more of them are ignored.

    Yields a function that ends this: from its call on all are ignored until the body ends, which then must be soon.
    After a signal they stay ignored: the process is about to end, and its exit status must say what was done.
    """
    stopped = False

    def ignore() -> None:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)

    def stop(number: int, frame: FrameType | None) -> NoReturn:
        nonlocal stopped
        ignore()
        stopped = True
        raise Stopped(WORDS[signal.Signals(number)])

    before = {number: signal.signal(number, stop) for number in SIGNALS}
    try:
        yield ignore
    finally:
        for number, handler in before.items() if not stopped else ():
            signal.signal(number, handler)

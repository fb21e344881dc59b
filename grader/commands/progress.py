"""How far a class is graded: a bar in a terminal, and now and then a line where output goes to a file or a pipe."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

PARTS = 10  # so many lines for a class, however large it is
QUIET_S = 60.0  # but one at least so often, as long as something happens


class Bar:
    """One line that changes. It has no thread of its own: lanes are forked from this process."""

    def __init__(self, console: Console, title: str, total: int) -> None:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[now]}", markup=False),
        )
        self._progress = Progress(*columns, console=console, auto_refresh=False)
        self._bar = self._progress.add_task(title, total=total, now="starting the sandbox")
        self._left = total
        self.shown: AbstractContextManager[object] = self._progress

    def now(self, text: str, *, learning: bool) -> None:
        """What is being judged: a submission, or a known mistake."""
        said = f"all graded; now what known mistakes look like: {text}" if learning else text
        self._progress.update(self._bar, now=said, refresh=True)

    def done(self) -> None:
        """One submission more has its result."""
        self._left -= 1
        self._progress.update(self._bar, advance=1, refresh=True)
        if not self._left:
            self._progress.update(self._bar, now="", refresh=True)


class Lines:
    """A line for every tenth of a class, and where that takes long, one a minute."""

    def __init__(self, console: Console, title: str, total: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._console, self._title, self._total, self._clock = console, title, total, clock
        self._count, self._told, self._begun, self._learning = 0, clock(), False, False
        self.shown: AbstractContextManager[object] = nullcontext()

    def now(self, text: str, *, learning: bool) -> None:
        """What is being judged: a submission, or a known mistake."""
        if not self._begun:
            self._begun = True
            self._say("1 submission" if self._total == 1 else f"{self._total} submissions")
        if learning and (not self._learning or self._clock() - self._told >= QUIET_S):
            self._learning = True
            self._say(f"all are graded; now what known mistakes look like: {text}")

    def done(self) -> None:
        """One submission more has its result."""
        self._count += 1
        parts_before, parts = ((count * PARTS) // max(self._total, 1) for count in (self._count - 1, self._count))
        if parts > parts_before or self._clock() - self._told >= QUIET_S:
            self._say(f"{self._count} of {self._total}")

    def _say(self, text: str) -> None:
        self._told = self._clock()
        self._console.print(f"{self._title}: {text}", markup=False, highlight=False, soft_wrap=True)


def progress(console: Console, title: str, total: int) -> Bar | Lines:
    """What suits where the output goes."""
    return Bar(console, title, total) if console.is_terminal else Lines(console, title, total)

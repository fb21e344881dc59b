"""How far a class is graded: a bar in a terminal, and now and then a line where output goes to a file or a pipe."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from grader.commands.tally import Tally, told
from grader.judge.result import Result

PARTS = 10  # so many lines for a class, however large it is
QUIET_S = 60.0  # but one at least so often, as long as something happens
SPARSE_S = 5.0  # and none sooner than that after another
REDRAWN_S = 0.25  # a bar, where nothing happens but that time passes
LEARNING = "all are graded; now what known mistakes look like"
COMPARING = "compared with known mistakes"


class Shown(Protocol):
    """Shows what happens. Its calls come from the run's own loop: nothing here has a thread, since lanes are forked."""

    shown: AbstractContextManager[object]

    def now(self, name: str, *, learning: bool) -> None:
        """What is being judged: a submission, or a known mistake."""

    def done(self, result: Result, *, finished: bool) -> None:
        """One submission more has its points; unless it is `finished`, they are explained later."""

    def explained(self, result: Result) -> None:
        """One more was compared with known mistakes."""

    def warning(self, text: str) -> None:
        """Something is wrong, and the run goes on."""

    def tick(self) -> None:
        """Time passes."""


class Bar:
    """One line that changes."""

    def __init__(self, console: Console, title: str, tally: Tally) -> None:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[now]}", markup=False),
        )
        self._progress = Progress(*columns, console=console, auto_refresh=False)
        self._tally, self._learning, self._drawn = tally, "", tally.clock()
        self._bar = self._progress.add_task(title, total=tally.total, now="starting the sandbox")
        self.shown: AbstractContextManager[object] = self._progress

    def now(self, name: str, *, learning: bool) -> None:
        self._learning = f"{LEARNING}: {name}" if learning else ""
        self._draw()

    def done(self, result: Result, *, finished: bool) -> None:
        self._draw()

    def explained(self, result: Result) -> None:
        self._learning = f"{COMPARING}: {self._tally.compared} of {self._tally.later}"
        self._draw()

    def warning(self, text: str) -> None:
        pass  # the last lines tell

    def tick(self) -> None:
        if self._tally.clock() - self._drawn >= REDRAWN_S:
            self._draw()

    def _draw(self) -> None:
        self._drawn = self._tally.clock()
        if self._tally.begun or self._learning:
            said = self._learning or ", ".join(told(self._tally))
            self._progress.update(self._bar, completed=self._tally.done, now=said, refresh=True)


class Lines:
    """A line for every tenth of a class, and where that takes long, one a minute; never one right after another."""

    def __init__(self, console: Console, title: str, tally: Tally) -> None:
        self._console, self._title, self._tally = console, title, tally
        self._told, self._told_parts, self._begun = tally.clock(), 0, False
        self._learning = False
        self.shown: AbstractContextManager[object] = nullcontext()

    def now(self, name: str, *, learning: bool) -> None:
        if not self._begun:
            self._begun = True
            self._say("1 submission" if self._tally.total == 1 else f"{self._tally.total} submissions")
        if learning and (not self._learning or self._silent_s >= QUIET_S):
            self._learning = True
            self._say(f"{LEARNING}: {name}")

    def done(self, result: Result, *, finished: bool) -> None:
        self.tick()

    def explained(self, result: Result) -> None:
        tally = self._tally
        if self._silent_s >= QUIET_S or tally.compared == tally.later:
            self._say(f"{COMPARING}: {tally.compared} of {tally.later}")

    def warning(self, text: str) -> None:
        pass  # the last lines tell

    def tick(self) -> None:
        tally = self._tally
        parts = (tally.done * PARTS) // max(tally.total, 1)
        last = tally.done == tally.total
        due = last or self._silent_s >= SPARSE_S
        if (parts > self._told_parts and due) or (self._begun and self._silent_s >= QUIET_S and not last):
            self._told_parts = parts
            self._say(", ".join([f"{tally.done} of {tally.total}", *told(tally)]))

    @property
    def _silent_s(self) -> float:
        return self._tally.clock() - self._told

    def _say(self, text: str) -> None:
        self._told = self._tally.clock()
        self._console.print(f"{self._title}: {text}", markup=False, highlight=False, soft_wrap=True)


def progress(console: Console, title: str, tally: Tally) -> Shown:
    """What suits where the output goes."""
    return Bar(console, title, tally) if console.is_terminal else Lines(console, title, tally)

"""How long an experiment of many jobs still takes: a bar in a terminal, and a share in each line elsewhere."""

import sys
import time
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn


def seconds_left(elapsed: float, done: float, total: float) -> float | None:
    """What the rest takes if it goes on as before; None as long as nothing is done."""
    return elapsed * (total - done) / done if done > 0 else None


def in_words(seconds: float | None) -> str:
    """Rounded as an estimate deserves: "about 3 min left"."""
    if seconds is None:
        return "time left not known yet"
    if seconds < 90:
        return f"about {max(5, 5 * round(seconds / 5))} s left" if seconds >= 1 else "done"
    return f"about {round(seconds / 60)} min left"


class TimeLeft:
    """Told of each job that ends, with its share of the work, it says on stderr what came out and what is left.

    stdout stays free for the tables. Use it in a `with` statement.
    """

    def __init__(self, total: float) -> None:
        self.total, self.done, self.started = total, 0.0, time.monotonic()
        self.console = Console(file=sys.stderr, force_jupyter=False, highlight=False)
        columns = (
            BarColumn(),
            TextColumn("{task.percentage:.0f} %"),
            TimeElapsedColumn(),
            TextColumn("{task.fields[left]}"),
        )
        self.bar = Progress(*columns, console=self.console, disable=not self.console.is_terminal)
        self.task = self.bar.add_task("", total=total, left=in_words(None))

    def __enter__(self) -> "TimeLeft":
        self.bar.start()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.bar.stop()

    def job_ended(self, work: float, line: str) -> None:
        self.done += work
        left = in_words(seconds_left(time.monotonic() - self.started, self.done, self.total))
        self.bar.update(self.task, completed=self.done, left=left)
        where = "" if self.console.is_terminal else f" ({100 * self.done / self.total:.0f} %, {left})"
        self.console.print(f"{line}{where}", markup=False, soft_wrap=True)

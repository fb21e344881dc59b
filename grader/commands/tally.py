"""How far a run is: counts, speed and time left, worked out from when each submission began and ended."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field


@dataclass
class Tally:
    """What was done of `total` submissions by so many `lanes` at a time.

    The first submission of each lane warms up what all others share, so the times of these count only until there are
    others.
    """

    total: int
    lanes: int
    clock: Callable[[], float] = time.monotonic
    done: int = 0
    errors: int = 0
    later: int = 0  # whom to compare with known mistakes once all are graded
    compared: int = 0
    running: dict[str, float] = field(default_factory=dict)  # by name, when it began
    begun: int = 0
    _cold: set[str] = field(default_factory=set)
    _took: dict[bool, tuple[int, float]] = field(default_factory=dict)  # how many and how long, by whether it was cold

    def begin(self, name: str) -> None:
        """Somebody is being judged, perhaps once more because it was interrupted."""
        if name not in self.running:
            self.begun += 1
            if self.begun <= self.lanes:
                self._cold.add(name)
        self.running[name] = self.clock()

    def end(self, name: str, *, error: bool = False) -> None:
        """Somebody has a result; `error` where we failed to judge."""
        self.done += 1
        self.errors += error
        began = self.running.pop(name, None)
        if began is not None:
            cold = name in self._cold
            count, took = self._took.get(cold, (0, 0.0))
            self._took[cold] = count + 1, took + self.clock() - began

    @property
    def each_s(self) -> float | None:
        """Seconds that a submission takes a lane, on average; None before anybody knows."""
        count, took = self._took.get(False) or self._took.get(True) or (0, 0.0)
        return took / count if count else None

    @property
    def per_minute(self) -> float | None:
        """Submissions a minute at this speed."""
        return 60 * self.lanes / self.each_s if self.each_s else None

    @property
    def left_s(self) -> float | None:
        """Seconds until everybody is graded, if all take as long as those so far. None before anybody knows."""
        if self.each_s is None:
            return None
        now, each = self.clock(), self.each_s
        waiting = self.total - self.done - len(self.running)
        free_in = sorted(max(0.0, each - (now - began)) for began in self.running.values())
        free_in = ([0.0] * (self.lanes - len(free_in)) + free_in)[: self.lanes]
        ends = (free + each * -(-(waiting - lane) // self.lanes) for lane, free in enumerate(free_in) if lane < waiting)
        return max([*free_in, *ends], default=0.0)

    @property
    def slowest(self) -> tuple[str, float] | None:
        """Who has been judged the longest now, and for how many seconds."""
        if not self.running:
            return None
        name = min(self.running, key=lambda name: self.running[name])
        return name, self.clock() - self.running[name]


def told(tally: Tally) -> Iterable[str]:
    """The parts of a line about it, the count left out."""
    if tally.errors:
        yield f"{tally.errors} not judged by our mistake"
    if tally.running:
        yield f"{len(tally.running)} running"
    if tally.per_minute:
        yield f"{tally.per_minute:.{0 if tally.per_minute >= 10 else 1}f} a minute"
    if (left := tally.left_s) is not None and tally.done < tally.total:
        yield f"about {duration(left)} left"
    if tally.slowest and tally.slowest[1] >= 1:
        yield f"slowest now: {tally.slowest[0]}, {tally.slowest[1]:.0f} s"


def duration(seconds: float) -> str:
    """ "40 s", "12 min", "3 h 5 min"."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"

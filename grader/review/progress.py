"""How far each grader is, and how strict: counts, means and times of markings. Pure functions."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from grader.book.rows import Given

PAUSE_S = 600.0  # who marks nothing for so long was doing something else


@dataclass(frozen=True)
class Grader:
    """`share` is the mean part of the points that this grader gave; `seconds` the median time for one answer."""

    who: str
    count: int
    share: Fraction | None
    seconds: float | None


def graders(history: Sequence[Given], share_of: Callable[[Given], Fraction | None]) -> list[Grader]:
    """Everybody who marked, by name. `history` are all markings in the order of their moments.

    An answer counts for whoever marked it last.
    """
    last = {(each.student, each.question): each for each in history}
    found = []
    for who in sorted({each.who for each in history}):
        own = [each for each in last.values() if each.who == who]
        shares = [share for each in own if (share := share_of(each)) is not None]
        mean = sum(shares, Fraction(0)) / len(shares) if shares else None
        found.append(Grader(who, len(own), mean, _median_s(each for each in history if each.who == who)))
    return found


def _median_s(markings: Iterable[Given]) -> float | None:
    """The median time from one answer's last marking to the next one's."""
    ends: list[tuple[tuple[str, str], float]] = []
    for each in markings:
        answer, at = (each.student, each.question), each.at.timestamp()
        if ends and ends[-1][0] == answer:
            ends.pop()
        ends.append((answer, at))
    gaps = [later - earlier for (_, earlier), (_, later) in pairwise(ends)]
    kept = [gap for gap in gaps if 0 < gap <= PAUSE_S]
    return statistics.median(kept) if kept else None

"""When one hand-in happened, where it was told more than once.

A table of the staff's goes before what a platform says, and that before a file's date: a worse source never replaces a
better one. Two times of a platform are two hand-ins of the same work. A later table of the staff's corrects an earlier
one. Of file dates the earliest counts: a file gets later when it is copied.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

FILE_DATE = "the file's date"
GRADESCOPE, NBGRADER = "Gradescope's metadata", "nbgrader's timestamp"
MOODLE, CLASSROOM = "Moodle's grading worksheet", "GitHub Classroom's grades.csv"
NAMED = "'s name for it"  # after the platform that writes times into names
# Just these, and not what begins like them: a table of the staff's may be called "Gradescope corrected.csv".
PLATFORMS = frozenset({GRADESCOPE, NBGRADER, MOODLE, CLASSROOM})


class Rank(IntEnum):
    """How good a source is."""

    FILE = 0
    PLATFORM = 1
    STAFF = 2


@dataclass(frozen=True)
class Time:
    """A moment, and who says so."""

    at: datetime
    by: str = ""

    @property
    def rank(self) -> Rank:
        """Who says so without a name is taken for a platform."""
        if self.by == FILE_DATE:
            return Rank.FILE
        told = not self.by or self.by in PLATFORMS or self.by.endswith(NAMED)
        return Rank.PLATFORM if told else Rank.STAFF


def with_time(known: Sequence[Time], new: Time) -> tuple[Time, ...]:
    """The times of one piece of work, after another was told: as many as there are hand-ins of it, in order."""
    best = max((each.rank for each in known), default=new.rank)
    if new.rank < best:
        return tuple(known)
    if new.rank > best or new.rank is Rank.STAFF:
        return (new,)
    if new.rank is Rank.FILE:
        return (min(*known, new, key=lambda each: each.at),) if known else (new,)
    others = [each for each in known if each.at != new.at]
    return tuple(sorted([*others, new], key=lambda each: each.at))

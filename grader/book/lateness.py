"""How many days late something was handed in: calendar days in the course's zone.

A due date is what a clock in that zone shows, so a late day ends at the same time on the next day of the calendar. On
the two days a year when clocks change, it lasts 23 or 25 hours, and is one day (Submitty counted such days twice or not
at all: issues 3316 and 10014).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


def due_at(due: datetime, zone: ZoneInfo, days: int = 0) -> datetime:
    """The moment of a due date, `days` later on the calendar. `due` has no offset: it is what a clock there shows.

    A time that the clock shows twice is the second one, and a time that it skips is as much later: students get the
    longer time.
    """
    shown = (due + timedelta(days=days)).replace(tzinfo=zone, fold=1)
    first = shown.replace(fold=0)
    return max(shown.astimezone(UTC), first.astimezone(UTC))


def shown_at(at: datetime, zone: str) -> str:
    """A moment as people read it, by a clock in that zone."""
    return at.astimezone(ZoneInfo(zone)).strftime("%a %d %b %Y, %H:%M")


def days_late(due: datetime, handed_in: datetime, zone: ZoneInfo, grace: timedelta = timedelta(0)) -> int:
    """How many late days it takes to hand in at this moment; 0 if it is in time. `handed_in` has an offset.

    Raises ValueError for a moment without an offset: it could be anywhere.
    """
    if handed_in.tzinfo is None:
        raise ValueError("the moment of a hand-in needs an offset or a zone")
    days = max(0, (handed_in.astimezone(zone).replace(tzinfo=None) - due).days - 1)
    while handed_in > due_at(due, zone, days) + grace:
        days += 1
    return days

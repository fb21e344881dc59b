"""Moments as platforms write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

_STAMP = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(\.\d+)? ?(Z|UTC|[+-]\d\d:?\d\d)")
FIRST_YEAR, LAST_YEAR = 1970, 2999  # chosen
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SPOKEN = re.compile(
    r"\w+, (?:(?P<day>\d{1,2}) (?P<month>[A-Za-z]+)|(?P<month2>[A-Za-z]+) (?P<day2>\d{1,2})),? (?P<year>\d{4}), "
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?: (?P<half>[AP])M)?",
    re.IGNORECASE,
)


def stamped(text: str) -> datetime | None:
    """The moment in "2027-03-05 21:10:00.123456789 +01:00", "2027-03-05T20:10:00Z" or "... UTC"; None otherwise."""
    match = _STAMP.fullmatch(text.strip().strip("'\""))
    if match is None:
        return None
    day, time, part, offset = match.groups()
    try:
        at = datetime.fromisoformat(f"{day}T{time}{(part or '')[:7]}{offset.replace('UTC', 'Z')}")
    except ValueError:
        return None
    return at.astimezone(UTC) if possible(at) else None


def possible(at: datetime) -> bool:
    """Whether anybody can have handed in then. At the ends of calendars, a clock of another zone shows nothing."""
    return FIRST_YEAR <= at.year <= LAST_YEAR


def spoken(text: str, zone: ZoneInfo) -> datetime | None:
    """The moment in "Friday, 5 March 2027, 9:10 PM", or with the month first, by a clock in the zone; else None."""
    match = _SPOKEN.fullmatch(text)
    month = (match["month"] or match["month2"])[:3].lower() if match else ""
    if match is None or month not in _MONTHS:
        return None
    hour = int(match["hour"])
    if match["half"]:
        hour = hour % 12 + (12 if match["half"].lower() == "p" else 0)
    day = int(match["day"] or match["day2"])
    try:
        at = datetime(int(match["year"]), _MONTHS.index(month) + 1, day, hour, int(match["minute"]), tzinfo=zone)
    except ValueError:
        return None
    return at if possible(at) else None

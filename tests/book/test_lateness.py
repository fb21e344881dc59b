"""Late days are days of the calendar, whatever clocks do meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.book.lateness import days_late, due_at

ZURICH, LORD_HOWE = ZoneInfo("Europe/Zurich"), ZoneInfo("Australia/Lord_Howe")  # the second changes by half an hour
DUE = datetime(2027, 2, 12, 23, 59)
GRACE = timedelta(minutes=15)


@pytest.mark.parametrize(
    ("handed_in", "late"),
    [
        (datetime(2027, 2, 12, 23, 59, tzinfo=ZURICH), 0),
        (datetime(2027, 2, 13, 0, 14, tzinfo=ZURICH), 0),  # within the grace
        (datetime(2027, 2, 13, 0, 14, 1, tzinfo=ZURICH), 1),
        (datetime(2027, 2, 14, 0, 14, tzinfo=ZURICH), 1),
        (datetime(2027, 2, 14, 0, 15, tzinfo=ZURICH), 2),
        (datetime(2027, 2, 12, 22, 59, tzinfo=UTC), 0),  # the same moment, told in another zone
        (datetime(2027, 2, 13, 8, 30, tzinfo=ZoneInfo("Asia/Tokyo")), 1),
        (datetime(2026, 2, 12, 23, 59, tzinfo=ZURICH), 0),  # a year before
    ],
)
def test_a_day_begins_when_the_grace_ends(handed_in: datetime, late: int) -> None:
    assert days_late(DUE, handed_in, ZURICH, GRACE) == late


def test_a_day_of_23_or_25_hours_is_one_day() -> None:
    for due in (datetime(2027, 3, 27, 12, 0), datetime(2027, 10, 30, 12, 0)):  # clocks change in the night after
        next_noon = due_at(due, ZURICH, 1)
        assert next_noon - due_at(due, ZURICH) in {timedelta(hours=23), timedelta(hours=25)}
        assert days_late(due, next_noon, ZURICH) == 1
        assert days_late(due, next_noon + timedelta(seconds=1), ZURICH) == 2


def test_a_time_that_the_clock_shows_twice_or_skips_is_the_later_one() -> None:
    twice = datetime(2027, 10, 31, 2, 30)
    assert due_at(twice, ZURICH) == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
    skipped = datetime(2027, 3, 28, 2, 30)
    assert due_at(skipped, ZURICH) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


def test_a_moment_without_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="needs an offset"):
        days_late(DUE, DUE, ZURICH)


@settings(derandomize=True, max_examples=300, deadline=None)
@given(
    due=st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)),
    after=st.timedeltas(timedelta(days=-40), timedelta(days=40)),
    zone=st.sampled_from([ZURICH, LORD_HOWE, ZoneInfo("UTC"), ZoneInfo("America/St_Johns")]),
    grace=st.timedeltas(timedelta(0), timedelta(hours=23)),
)
def test_it_is_the_least_number_of_days_that_suffices(
    due: datetime, after: timedelta, zone: ZoneInfo, grace: timedelta
) -> None:
    handed_in = due_at(due, zone) + after
    late = days_late(due, handed_in, zone, grace)
    assert handed_in <= due_at(due, zone, late) + grace
    assert late == 0 or handed_in > due_at(due, zone, late - 1) + grace
    assert days_late(due, handed_in - timedelta(hours=1), zone, grace) <= late

"""What may happen only so often is counted in parts of a window that begin at fixed times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikd.core.records.count import Count
from ikd.core.timing import from_micros

HOURLY = Count(space="door", key=b"k", most=3, window=timedelta(hours=1))
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
TIMES = st.integers(2**40, 2**52).map(from_micros)


@pytest.mark.parametrize("minutes", [0, 1, 14])
def test_a_part_is_a_quarter_of_a_window(minutes: int):
    assert HOURLY.part(NOON + timedelta(minutes=minutes)) == NOON
    assert HOURLY.part(NOON + QUARTER) == NOON + QUARTER


@given(TIMES, TIMES)
def test_what_happened_counts_for_a_window_and_at_most_a_quarter_more(
    one: datetime, other: datetime
):
    before, now = sorted((one, other))
    counts = HOURLY.part(before) >= HOURLY.first_part(now)
    if now - before <= HOURLY.window:
        assert counts
    if now - before >= HOURLY.window + QUARTER:
        assert not counts


@given(TIMES)
def test_a_part_may_be_forgotten_from_when_it_counts_no_more(at: datetime):
    end = HOURLY.until(at)
    assert HOURLY.first_part(end) > HOURLY.part(at)
    assert HOURLY.first_part(end - timedelta.resolution) == HOURLY.part(at)


def test_a_count_does_not_show_of_whom():
    assert "key" not in repr(HOURLY)

"""Times carry their zone, and lengths their unit."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikd.core.errors import InputError
from ikd.core.timing import (
    aware,
    aware_field,
    from_micros,
    from_seconds,
    parse_duration,
    to_micros,
    to_seconds,
)

TIMES = st.datetimes(timezones=st.just(UTC))


@given(TIMES)
def test_stored_microseconds_come_back_as_the_same_time(moment):
    assert from_micros(to_micros(moment)) == moment


@given(TIMES)
def test_whole_seconds_are_rounded_down(moment):
    assert timedelta() <= moment - from_seconds(to_seconds(moment)) < timedelta(seconds=1)


@pytest.mark.parametrize("value", [datetime(2026, 11, 23), None, "2026-11-23"])  # noqa: DTZ001
def test_a_time_without_a_zone_is_refused(value):
    with pytest.raises(InputError):
        aware(value)
    with pytest.raises(InputError):
        aware_field(None, None, value)


@given(TIMES)
def test_a_field_takes_any_time_with_a_zone(moment):
    assert aware_field(None, None, moment) is None


@pytest.mark.parametrize("end", [datetime.min, datetime.max])  # noqa: DTZ901 - zoned below
@pytest.mark.parametrize("hours", [14, -14])
def test_a_time_that_utc_cannot_hold_is_refused(end, hours):
    moment = end.replace(tzinfo=timezone(timedelta(hours=hours)))
    if (end == datetime.min) == (hours > 0):  # noqa: DTZ901
        with pytest.raises(InputError) as refused:
            aware(moment)
        assert refused.value.code == "time.range"
    else:
        assert aware(moment) == moment


@pytest.mark.parametrize("text", ["", "5", "5 m", "-5 min", "5min ", "٥ min", "1.5 h", None, 5])
def test_a_length_without_its_unit_is_refused(text):
    with pytest.raises(InputError) as refused:
        parse_duration(text)
    assert refused.value.code == "duration.form"


def test_lengths_are_read_with_their_unit():
    read = [parse_duration(text) for text in ("90 s", "30 min", "24 h", "7 d")]
    assert read == [
        timedelta(seconds=90),
        timedelta(minutes=30),
        timedelta(hours=24),
        timedelta(days=7),
    ]

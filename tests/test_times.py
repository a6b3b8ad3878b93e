"""Times as people read them, in one language."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from ikd.data.times import moment, span


@pytest.mark.parametrize(
    ("length", "indonesian", "english"),
    [
        (timedelta(hours=1, minutes=25, seconds=59), "1 jam 25 menit", "1 hour 25 minutes"),
        (timedelta(minutes=1, seconds=25.3), "1 menit 25 detik", "1 minute 25 seconds"),
        (timedelta(days=1), "1 hari", "1 day"),
        (timedelta(days=372, hours=5, seconds=1), "372 hari 5 jam", "372 days 5 hours"),
        (timedelta(days=2, minutes=5), "2 hari", "2 days"),
        (timedelta(0), "0 detik", "0 seconds"),
        (timedelta(seconds=-0.4), "0 detik", "0 seconds"),
        (timedelta(seconds=-20), "-20 detik", "-20 seconds"),
    ],
)
def test_a_length_of_time_is_told_by_its_two_largest_units(
    length: timedelta, indonesian: str, english: str
) -> None:
    assert (span(length, "id"), span(length, "en")) == (indonesian, english)


@pytest.mark.parametrize(
    ("zone", "indonesian", "english"),
    [
        ("Asia/Jakarta", "1 Agustus 2027 pukul 00.05 WIB", "1 August 2027, 00:05 WIB"),
        ("Asia/Jayapura", "1 Agustus 2027 pukul 02.05 WIT", "1 August 2027, 02:05 WIT"),
        ("UTC", "31 Juli 2027 pukul 17.05 UTC", "31 July 2027, 17:05 UTC"),
    ],
)
def test_a_moment_is_told_in_the_machines_own_zone(zone, indonesian, english, monkeypatch) -> None:
    with monkeypatch.context() as there:
        there.setenv("TZ", zone)
        time.tzset()
        at = datetime(2027, 7, 31, 17, 5, tzinfo=UTC)
        told = moment(at, "id"), moment(at, "en")
    time.tzset()
    assert told == (indonesian, english)

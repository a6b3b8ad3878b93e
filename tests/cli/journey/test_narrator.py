"""Times as the demo says them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ikd.cli.journey import narrator
from ikd.plugins.offices import load_office


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(minutes=10), "00:10:00"),
        (timedelta(days=1, seconds=5), "1 hari 00:00:05"),
        (timedelta(seconds=-90), "-00:01:30"),
        (timedelta(), "00:00:00"),
    ],
)
def test_a_length_of_time(length: timedelta, said: str) -> None:
    assert narrator.time_left(length) == said


@pytest.mark.parametrize(("minutes", "said"), [(30, "30 menit"), (90, "90 menit"), (60, "1 jam")])
def test_a_length_as_people_say_it(minutes: int, said: str) -> None:
    assert narrator.lasting(timedelta(minutes=minutes)) == said


def test_a_moment_is_told_in_the_offices_zone() -> None:
    at = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    assert narrator.moment(at, load_office("payakumbuh")) == "23-11-2026 06.30 WIB"
    assert narrator.moment(at, load_office("wakatobi")) == "23-11-2026 07.30 WITA"

"""Which clock a province keeps."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from ikd.core.resident.nik import Nik
from ikd.core.standard.zones import CLOCKS, ZONES, zone_of
from ikd.data.shipped_regions import find_region

PROVINCES = [
    f"{code:02}" for code in range(100) if find_region(f"{code:02}").standing.value == "current"
]


def test_every_province_of_today_has_one_clock_and_nobody_else():
    assert len(PROVINCES) == 38
    assert [code for code in PROVINCES if zone_of(code) is None] == []
    assert [f"{n:02}" for n in range(100) if zone_of(f"{n:02}")] == PROVINCES


@pytest.mark.parametrize(
    ("region", "clock"),
    [
        ("13.76", "WIB"),
        ("31.71", "WIB"),
        ("61.71", "WIB"),
        ("51.71", "WITA"),
        ("52.72", "WITA"),
        ("74.07", "WITA"),
        ("65.71", "WITA"),
        ("81.71", "WIT"),
        ("96.71", "WIT"),
    ],
)
def test_places_that_everybody_knows_keep_their_clock(region, clock):
    assert CLOCKS[zone_of(region)] == clock


def test_the_clocks_are_seven_eight_and_nine_hours_ahead():
    hours = {"WIB": 7, "WITA": 8, "WIT": 9}
    for zone in ZONES:
        ahead = ZoneInfo(zone).utcoffset(None) or ZoneInfo(zone).utcoffset(_now())
        assert ahead == timedelta(hours=hours[CLOCKS[zone]])


def _now():
    from datetime import datetime

    return datetime(2026, 11, 26)  # noqa: DTZ001 - wall time is what a zone is asked for


def test_a_nik_s_region_serves_as_well():
    assert zone_of(Nik.parse("7407014503909901").region_code) == "Asia/Makassar"

"""Working days and hours of an office, in its own zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikd.core.standard.calendar import Calendar, Closure, Holidays, Hours, no_days_off

WIB = ZoneInfo("Asia/Jakarta")
GROUND = {"source": "default", "why": "contoh"}
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))


def hours(**own: Any) -> Hours:
    week = {"days": ("mon", "tue", "wed", "thu"), "opens": time(7, 30), "closes": time(16)}
    return Hours(**{**week, **own, **GROUND})


OFF = Holidays(
    days=frozenset({date(2026, 8, 17), date(2026, 12, 24), date(2026, 12, 25)}), decreed=True
)


def days_off(_year: int) -> Holidays:
    """Tell three days of 2026: independence, a joint leave, Christmas."""
    return OFF


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 23), True),  # a Monday
        (date(2026, 11, 28), False),  # a Saturday
        (date(2026, 8, 17), False),  # a holiday, on a Monday
        (date(2026, 12, 24), False),  # joint leave, a Thursday
    ],
)
def test_weekends_and_the_days_off_that_are_told_are_no_working_days(
    day: date, *, works: bool
) -> None:
    assert Calendar().is_working_day(day, days_off) is works


def test_a_holiday_on_a_working_weekday_works_where_nobody_tells_of_it() -> None:
    assert Calendar().is_working_day(date(2026, 8, 17), no_days_off)


def test_the_office_itself_may_close_or_open_against_the_nation() -> None:
    town_feast = Closure(day=date(2026, 12, 17), reason="HUT kota", **GROUND)
    open_anyway = Closure(day=date(2026, 12, 24), open=True, **GROUND)
    calendar = Calendar(closures=(town_feast, open_anyway))
    assert not calendar.is_working_day(date(2026, 12, 17), days_off)
    assert calendar.is_working_day(date(2026, 12, 24), days_off)


def test_an_office_open_on_saturdays_works_on_saturdays() -> None:
    calendar = Calendar(hours=(hours(days=("sat",)),))
    assert calendar.is_working_day(date(2026, 11, 28), days_off)
    assert not calendar.is_working_day(date(2026, 11, 27), days_off)


@given(DAYS, st.integers(1, 15))
def test_working_days_are_counted_one_by_one_without_the_first(day: date, count: int) -> None:
    calendar = Calendar()
    last = calendar.add_working_days(day, count, days_off)
    between = [day + timedelta(days=n) for n in range(1, (last - day).days + 1)]
    assert sum(calendar.is_working_day(one, days_off) for one in between) == count
    assert calendar.is_working_day(last, days_off)


FRIDAY = hours(days=("fri",), closes=time(16, 30), break_from=time(11, 30), break_until=time(13))
RAMADAN = hours(
    opens=time(8),
    closes=time(15),
    season="Ramadan",
    season_from=date(2026, 2, 18),
    season_until=date(2026, 3, 19),
)


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        (datetime(2026, 11, 23, 7, 29, tzinfo=WIB), False),
        (datetime(2026, 11, 23, 7, 30, tzinfo=WIB), True),
        (datetime(2026, 11, 23, 1, 0, tzinfo=UTC), True),  # 08:00 in Payakumbuh
        (datetime(2026, 11, 23, 16, 0, tzinfo=WIB), False),
        (datetime(2026, 11, 27, 11, 30, tzinfo=WIB), False),  # Friday break
        (datetime(2026, 11, 27, 13, 0, tzinfo=WIB), True),
        (datetime(2026, 11, 28, 9, 0, tzinfo=WIB), False),  # no hours on Saturday
        (datetime(2026, 12, 24, 9, 0, tzinfo=WIB), False),  # joint leave
        (datetime(2026, 2, 23, 7, 45, tzinfo=WIB), False),  # a Monday in Ramadan
        (datetime(2026, 2, 23, 14, 59, tzinfo=WIB), True),
    ],
)
def test_hours_are_local_and_a_season_replaces_them(at: datetime, *, is_open: bool) -> None:
    calendar = Calendar(hours=(hours(), FRIDAY, RAMADAN))
    assert calendar.is_open(at, WIB, days_off) is is_open


def test_unstated_hours_are_neither_open_nor_closed() -> None:
    assert Calendar().is_open(datetime(2026, 11, 23, 9, tzinfo=WIB), WIB, days_off) is None


@pytest.mark.parametrize(
    ("own", "path"),
    [
        ({"opens": "16:00"}, "closes"),
        ({"break_from": "12:00"}, "break_until"),
        ({"break_from": "06:00", "break_until": "07:00"}, "break_until"),
        ({"break_from": "13:00", "break_until": "12:00"}, "break_until"),
        ({"season": "Ramadan"}, "season"),
        ({"season_from": date(2026, 2, 18)}, "season"),
        ({"days": ["monday"]}, "days[1]"),
    ],
)
def test_hours_that_cannot_be_are_faults(desk: Any, own: dict[str, Any], path: str) -> None:
    week = {"days": ["mon"], "opens": "07:30", "closes": "16:00"}
    row = desk.row(**{**week, **own})
    assert desk.faults(calendar={"hours": [row]}) == [f"calendar.hours[1].{path}"]


def test_a_season_replaces_the_days_too_and_only_while_it_lasts() -> None:
    saturday = hours(
        days=("sat",), season="R", season_from=date(2026, 3, 2), season_until=date(2026, 3, 7)
    )
    for usual in ((hours(),), ()):
        calendar = Calendar(hours=(*usual, saturday))
        assert [calendar.is_working_day(date(2026, 3, day), days_off) for day in (2, 7, 9, 14)] == [
            False,
            True,
            True,
            False,
        ]

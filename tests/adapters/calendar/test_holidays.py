"""National holidays and joint leave, as far as they were decreed."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest

from ikd.adapters.calendar.holidays import days_off


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 8, 17),  # independence
        date(2026, 12, 24),  # joint leave
        date(2026, 12, 25),
        date(2026, 2, 16),  # joint leave
        date(2026, 5, 28),  # joint leave
    ],
)
def test_national_holidays_and_joint_leave_are_days_off(day: date) -> None:
    assert day in days_off(2026).days


def test_2026_has_seventeen_holidays_and_eight_days_of_joint_leave() -> None:
    assert len(days_off(2026).days) == 25
    assert {day.year for day in days_off(2026).days} == {2026}


def test_a_year_without_its_decree_is_marked_and_keeps_its_fixed_feasts() -> None:
    assert days_off(2026).decreed
    assert not days_off(2060).decreed
    assert {date(2060, 1, 1), date(2060, 8, 17), date(2060, 12, 25)} <= days_off(2060).days


def test_the_package_is_loaded_only_when_a_year_is_asked_for() -> None:
    code = "import ikd.adapters.calendar.holidays, sys; assert 'holidays' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)

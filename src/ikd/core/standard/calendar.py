"""Working days and hours of an office, in its own zone.

National holidays and joint leave are passed in, year by year, since they are decreed year by
year; what only this office closes or opens stands in its file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import attrs

from ikd.core.standard.checked import Fault
from ikd.core.standard.grounds import Grounded
from ikd.core.timing import aware

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WORKWEEK = frozenset(WEEKDAYS[:5])


@attrs.frozen(kw_only=True)
class Holidays:
    """National holidays and joint leave of one year.

    Attributes:
        days: The days on which nobody works.
        decreed: False while the joint decree of that year isn't out, so that days may be missing.
    """

    days: frozenset[date] = frozenset()
    decreed: bool = False


DaysOff = Callable[[int], Holidays]
"""Tells the holidays of a year."""


def no_days_off(_year: int) -> Holidays:
    """Know of no holidays at all; what is counted with it says so."""
    return Holidays()


@attrs.frozen(kw_only=True)
class Hours(Grounded):
    """Opening hours on some weekdays, perhaps in a season (Ramadan) only.

    Attributes:
        days: The weekdays.
        opens: Local time.
        closes: Local time.
        break_from: Beginning of the break, longer on Fridays in most offices.
        break_until: Its end.
        season: Name of the season, where they hold in one only.
        season_from: First day of the season.
        season_until: Last day of the season.
    """

    days: tuple[Weekday, ...]
    opens: time
    closes: time
    break_from: time | None = None
    break_until: time | None = None
    season: str | None = None
    season_from: date | None = None
    season_until: date | None = None

    def _faults(self) -> Iterator[Fault]:
        """Yield hours that end before they begin, and half a break or season."""
        yield from super()._faults()
        if self.opens >= self.closes:
            yield "closes", "harus sesudah buka / must be after opening"
        if self.pause and not self.opens < self.pause[0] < self.pause[1] < self.closes:
            yield "break_until", "istirahat di luar jam / the break is outside the hours"
        if (self.break_from is None) != (self.break_until is None):
            yield "break_until", "istirahat perlu awal dan akhir / needs both ends"
        season = (self.season, self.season_from, self.season_until)
        if any(part is not None for part in season) and None in season:
            yield "season", "musim perlu nama, awal, akhir / needs name and both ends"

    @property
    def pause(self) -> tuple[time, time] | None:
        """The break, from and until; None where there is none."""
        if self.break_from is None or self.break_until is None:
            return None
        return self.break_from, self.break_until

    def in_season(self, on: date) -> bool:
        """Return whether that day lies in the season these hours are meant for."""
        if self.season_from is None or self.season_until is None:
            return False
        return self.season_from <= on <= self.season_until


@attrs.frozen(kw_only=True)
class Closure(Grounded):
    """A day on which the office differs from the national calendar.

    Attributes:
        day: The day.
        open: True where it works although others don't.
        reason: The occasion, in words.
    """

    day: date
    open: bool = False
    reason: str | None = None


@attrs.frozen(kw_only=True)
class Calendar:
    """Days and hours of one office.

    Attributes:
        hours: Opening hours; empty where the text states none.
        closures: Days on which the office differs from the national calendar.
    """

    hours: tuple[Hours, ...] = ()
    closures: tuple[Closure, ...] = ()

    def hours_on(self, day: date) -> Hours | None:
        """Return the hours of that day; those of a season replace the usual ones."""
        rows = self._rows_on(day)
        return next((row for row in rows if WEEKDAYS[day.weekday()] in row.days), None)

    def is_working_day(self, day: date, days_off: DaysOff) -> bool:
        """Return whether the office works that day; *days_off* tells the nation's holidays.

        Working weekdays are those with published hours, else Monday to Friday.
        """
        for closure in self.closures:
            if closure.day == day:
                return closure.open
        weekdays = frozenset(name for row in self._rows_on(day) for name in row.days)
        if WEEKDAYS[day.weekday()] not in (weekdays or _WORKWEEK):
            return False
        return day not in days_off(day.year).days

    def _rows_on(self, day: date) -> list[Hours]:
        seasonal = [row for row in self.hours if row.in_season(day)]
        return seasonal or [row for row in self.hours if row.season is None]

    def add_working_days(self, day: date, count: int, days_off: DaysOff) -> date:
        """Return the *count*-th working day after *day*; *day* itself isn't counted."""
        while count > 0:
            day += timedelta(days=1)
            count -= self.is_working_day(day, days_off)
        return day

    def is_open(self, at: datetime, zone: ZoneInfo, days_off: DaysOff) -> bool | None:
        """Return whether the office is open *at* that moment; None when no hours are published."""
        if not self.hours:
            return None
        local = aware(at).astimezone(zone)
        row = self.hours_on(local.date())
        if row is None or not self.is_working_day(local.date(), days_off):
            return False
        now = local.time()
        if row.pause is not None and row.pause[0] <= now < row.pause[1]:
            return False
        return row.opens <= now < row.closes

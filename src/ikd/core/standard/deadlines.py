"""What is left of what the office promised about time.

A list of times without labels promises no more than its longest; an outage of the system moves a
limit only where the text says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import attrs

from ikd.core.standard.calendar import Calendar, DaysOff
from ikd.core.standard.sla import PauseEffect, Sla, TimeClause
from ikd.core.timing import aware

_LENGTHS = {
    "minutes": timedelta(minutes=1),
    "hours": timedelta(hours=1),
    "24h": timedelta(hours=24),
}
_MOMENT = timedelta(microseconds=1)  # a day that ends at midnight belongs to the year before


@attrs.frozen(kw_only=True)
class Pause:
    """A time in which the clock stood for a reason.

    Attributes:
        reason: Name of the reason, e.g. ``system_network``.
        began: When it began.
        ended: When it ended; None while it lasts.
    """

    reason: str
    began: datetime
    ended: datetime | None = None


@attrs.frozen(kw_only=True)
class Deadline:
    """What is left of one limit.

    Attributes:
        text: The limit as published.
        source: Its clause, or ``default``.
        due_at: When it is over, pauses counted in; in UTC.
        remaining: Time left; negative when it is over.
        paused: Time that counted pauses have added.
        excused: True when a pause excuses it instead.
        binding: True for the limit that can be broken; the others of a list are shown only.
        breached: True when a binding limit is over and nothing excuses it.
        label: What an officer must know to read it: how it was counted and what is our default.
    """

    text: str
    source: str
    due_at: datetime
    remaining: timedelta
    paused: timedelta
    excused: bool
    binding: bool
    breached: bool
    label: str


@attrs.frozen(kw_only=True)
class Days:
    """What days are counted by.

    Attributes:
        calendar: The office's own days and hours.
        zone: Its time zone.
        off: Tells the nation's holidays.
    """

    calendar: Calendar
    zone: ZoneInfo
    off: DaysOff

    def undecreed(self, first: datetime, last: datetime) -> tuple[int, ...]:
        """Return the years between both whose holidays nobody has decreed yet."""
        years = range(first.astimezone(self.zone).year, last.astimezone(self.zone).year + 1)
        return tuple(year for year in years if not self.off(year).decreed)


def due(clause: TimeClause, started_at: datetime, days: Days) -> datetime:
    """Return when *clause* is over, without pauses, in UTC.

    A limit in days ends with the last day, in the office's zone; the day of the start isn't
    counted. A limit in minutes or hours runs by the clock.
    """
    start = aware(started_at)
    if clause.unit in _LENGTHS:
        return start + clause.amount * _LENGTHS[clause.unit]
    if clause.counted_in == "working_day":
        return working_days_later(start, clause.amount, days)
    return _end_of(start.astimezone(days.zone).date() + timedelta(days=clause.amount), days)


def working_days_later(started_at: datetime, count: int, days: Days) -> datetime:
    """Return the end of the *count*-th working day after that of *started_at*, in UTC."""
    first = aware(started_at).astimezone(days.zone).date()
    return _end_of(days.calendar.add_working_days(first, count, days.off), days)


def _end_of(day: date, days: Days) -> datetime:
    return aware(datetime.combine(day + timedelta(days=1), time(), tzinfo=days.zone))


def measure(
    sla: Sla,
    starts: Mapping[str, datetime],
    now: datetime,
    pauses: Sequence[Pause],
    days: Days,
) -> tuple[Deadline, ...]:
    """Return what is left of every limit whose clock was started; *starts* says when.

    Only the longest of a list can be broken: a text that lists several times without saying
    what each belongs to (W30 to W32) promises no more than that all is done within the longest.
    """
    running = [clause for clause in sla.clauses if clause.start.value in starts]
    plain = [due(clause, starts[clause.start.value], days) for clause in running]
    return tuple(
        _Running(
            clause=clause,
            start=aware(starts[clause.start.value]),
            at=at,
            longest=at == max(plain),
            days=days,
        ).left(now, pauses)
        for clause, at in zip(running, plain, strict=True)
    )


@attrs.frozen(kw_only=True)
class _Running:
    """A limit whose clock runs: since when, until when, and whether it can be broken."""

    clause: TimeClause
    start: datetime
    at: datetime
    longest: bool
    days: Days

    def left(self, now: datetime, pauses: Sequence[Pause]) -> Deadline:
        binding = self.longest or self.clause.stage is not None
        added = self._stood("extend", pauses, aware(now))
        excused = bool(self._stood("excuse", pauses, aware(now)))
        return Deadline(
            text=self.clause.text,
            source=self.clause.source,
            due_at=self.at + added,
            remaining=self.at + added - aware(now),
            paused=added,
            excused=excused,
            binding=binding,
            breached=aware(now) > self.at + added and binding and not excused,
            label="; ".join(
                [*_label(self.clause, binding=binding), *self._moved(pauses, now), *self._doubt()]
            ),
        )

    def _moved(self, pauses: Sequence[Pause], now: datetime) -> Iterator[str]:
        """Yield what each proviso did to the limit, its clause, and that this is a reading."""
        for row in self.clause.pauses:
            counted = [pause for pause in pauses if pause.reason == row.reason]
            stood = _added(counted, self.start, self.at, aware(now))
            if stood:
                did = _WORDS[row.effect.value].format(int(stood.total_seconds() // 60))
                yield f"{did} karena “{row.text}” ({row.source}): tafsiran ({row.effect.source})"

    def _doubt(self) -> list[str]:
        """Say which years' holidays may still change, where days of work are counted."""
        if self.clause.counted_in != "working_day":
            return []
        years = self.days.undecreed(self.start, self.at - _MOMENT)
        return [f"hari libur {year} belum ditetapkan" for year in years]

    def _stood(self, effect: PauseEffect, pauses: Sequence[Pause], now: datetime) -> timedelta:
        reasons = {row.reason for row in self.clause.pauses if row.effect.value == effect}
        counted = [pause for pause in pauses if pause.reason in reasons]
        return _added(counted, self.start, self.at, now)


def _added(pauses: Sequence[Pause], start: datetime, at: datetime, now: datetime) -> timedelta:
    """Return how long the clock stood between *start* and the moving deadline."""
    total = timedelta()
    reached = start
    for pause in sorted(pauses, key=lambda item: aware(item.began)):
        began = max(aware(pause.began), reached)
        ended = min(aware(pause.ended) if pause.ended else now, now)
        if began < ended and began < at + total:
            total += ended - began
            reached = ended
    return total


def _label(clause: TimeClause, *, binding: bool) -> list[str]:
    words = []
    if clause.day_is is not None:
        words.append(f"dihitung {_WORDS[clause.day_is.value]} ({clause.day_is.source})")
    if clause.stage is not None:
        words.append(f"tahap {clause.stage.value} ({clause.stage.source})")
    elif not binding:
        words.append("tahap tidak disebutkan")
    words.append(f"sejak {_WORDS[clause.start.value]} ({clause.start.source})")
    words.append(f"sampai {_WORDS[clause.end.value]} ({clause.end.source})")
    return words


_WORDS = {
    "extend": "bertambah {} menit",
    "excuse": "lewat waktu dimaafkan, terhenti {} menit",
    "calendar_day": "hari kalender",
    "working_day": "hari kerja",
    "registered": "pendaftaran",
    "fields_complete": "isian lengkap",
    "ministry_reviewed": "verifikasi kementerian",
    "present": "kehadiran",
    "declared_complete": "dinyatakan lengkap",
    "approved": "persetujuan",
    "pin_sent": "PIN dikirim",
    "activated": "aktivasi",
}

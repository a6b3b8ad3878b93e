"""What a standard answers when it is asked: requirements, times, complaints, days.

A value of an office file that changes nothing in these three modules is shown and does nothing
else; then the reference must say so.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import product

import attrs

from ikd.core.resident.device import Device
from ikd.core.standard.calendar import Holidays
from ikd.core.standard.candidate import Candidate
from ikd.core.standard.deadlines import Pause
from ikd.core.standard.office import Office, deadlines

MONDAY = datetime(2026, 11, 23, 3, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)
_STARTS = (
    "fields_complete",
    "ministry_reviewed",
    "present",
    "declared_complete",
    "approved",
)
_PAUSES = ("system_network", "network", "holiday", "files")


def observe(office: Office) -> Iterator[object]:
    """Yield what *office* makes happen, the cheapest first."""
    yield _findings(office)
    yield _deadlines(office)
    yield _complaints(office)
    yield _calendar(office)


def _device(kind: str, platform: str, version: str) -> Device:
    return Device(kind=kind, platform=platform, os_version=version)


_DEVICES = (
    None,
    Device(kind="none"),
    *(_device("smartphone", "android", text) for text in ("7.1.2", "8", "9", "14")),
    *(_device("smartphone", "ios", text) for text in ("10.3", "11.0", "12", "17")),
    _device("tablet", "android", "14"),
    Device(kind="smartphone"),
)


def _findings(office: Office) -> object:
    full = Candidate(
        age=40,
        ever_married=True,
        recorded=True,
        ktp_el="issued",
        family_card=True,
        device=_DEVICES[5],
        email=True,
        phone=True,
        online=True,
        app_installed=True,
    )
    people = [full, Candidate(), *(attrs.evolve(full, device=device) for device in _DEVICES)]
    people += [attrs.evolve(full, age=age) for age in (15, 16, 17, 18)]
    people += [
        attrs.evolve(full, ktp_el=card, recorded=done)
        for card, done in product(("issued", "lost", "never", None), (True, False, None))
    ]
    yes_no = ("ever_married", "family_card", "email", "phone", "online", "app_installed")
    people += [attrs.evolve(full, **{name: False}) for name in yes_no]
    people += [attrs.evolve(full, age=16, ever_married=False)]
    return [office.check(person) for person in people]


def _no_work(year: int) -> Holidays:
    return Holidays(days=frozenset({date(year, 12, 25)}), decreed=year < 2027)


def _deadlines(office: Office) -> object:
    later = {name: MONDAY + (n + 1) * timedelta(minutes=7) for n, name in enumerate(_STARTS)}
    began = MONDAY + 2 * _MINUTE
    named = [name for name in _PAUSES if name in office.pause_reasons]
    pauses = [Pause(reason=name, began=began, ended=began + _MINUTE) for name in named]
    return [
        deadlines(office, MONDAY, MONDAY + after, pauses, later, days_off=_no_work)
        for after in (timedelta(), timedelta(minutes=11), timedelta(days=40))
    ]


def _complaints(office: Office) -> object:
    told = office.complaints
    if told is None:
        return None
    media = ("visit", "box", "phone", "sms", "whatsapp", "email", "facebook", "instagram", "x")
    ways = (
        *media,
        "twitter",
        "lapor",
        "radio",
        "web",
        "nowhere",
        *(row.id for row in told.channels),
    )
    kinds = ("aduan", "saran", "masukan", "pengaduan", "aspirasi", "permintaan_informasi", "lain")
    checks = [
        told.check(way, kind, text=text, name=name, address=name)
        for way, kind in product(ways, kinds)
        for text, name in (("", ""), ("isi", "Jalan Contoh 1"))
    ]
    named = [told.channel(way) for way in ways]
    waits = (0, 23, 24, 24.5, 26, 26.5, 40)
    left = [
        office.complaint_deadlines(kind, MONDAY, MONDAY + timedelta(hours=hours), verified_at=at)
        for kind, hours in product(kinds, waits)
        if kind in (told.published_kinds or kinds)
        for at in (None, MONDAY + _MINUTE)
    ]
    return [checks, [row and row.id for row in named], left]


def _calendar(office: Office) -> object:
    hours = [MONDAY.replace(hour=0) + n * timedelta(minutes=30) for n in range(7 * 48)]
    morning = MONDAY.replace(month=1, day=1, hour=0, minute=45)
    hours += [morning + timedelta(days=n) for n in range(365)]
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(0, 365, 3)]
    decree = office.decree
    return [
        [office.calendar.is_open(at, office.tz, _no_work) for at in hours],
        [office.calendar.is_working_day(day, _no_work) for day in days],
        [decree and decree.in_force(day) for day in (*days[::20], date(2024, 1, 1))],
    ]

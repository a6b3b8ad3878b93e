"""Times as people read them, Indonesian and English."""

from __future__ import annotations

from datetime import datetime, timedelta

_MONTHS = (
    ("Januari", "January"),
    ("Februari", "February"),
    ("Maret", "March"),
    ("April", "April"),
    ("Mei", "May"),
    ("Juni", "June"),
    ("Juli", "July"),
    ("Agustus", "August"),
    ("September", "September"),
    ("Oktober", "October"),
    ("November", "November"),
    ("Desember", "December"),
)
_UNITS = (
    (86_400, "hari", ("day", "days")),
    (3600, "jam", ("h", "h")),
    (60, "menit", ("min", "min")),
    (1, "detik", ("s", "s")),
)


def span(length: timedelta) -> str:
    """Return a length of time by its two largest units: ``1 jam 25 menit / 1 h 25 min``."""
    rest = int(abs(length).total_seconds())
    first = next((at for at, unit in enumerate(_UNITS) if rest >= unit[0]), len(_UNITS) - 1)
    indonesian: list[str] = []
    english: list[str] = []
    for size, one, (single, plural) in _UNITS[first : first + 2]:
        count, rest = divmod(rest, size)
        if count or not indonesian:
            indonesian.append(f"{count} {one}")
            english.append(f"{count} {single if count == 1 else plural}")
    sign = "-" if length <= timedelta(seconds=-1) else ""
    return f"{sign}{' '.join(indonesian)} / {sign}{' '.join(english)}"


def moment(at: datetime) -> str:
    """Return a moment in the zone of this machine, which it names.

    ``25 Mei 2027 pukul 14.30 WIB / 25 May 2027, 14:30 WIB``.
    """
    here = at.astimezone()
    indonesian, english = _MONTHS[here.month - 1]
    return (
        f"{here.day} {indonesian} {here.year} pukul {here:%H.%M %Z} / "
        f"{here.day} {english} {here.year}, {here:%H:%M %Z}"
    )

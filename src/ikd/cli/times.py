"""Times as people read them."""

from __future__ import annotations

from datetime import datetime, timedelta

from ikd.cli.language import language, text

_UNITS = ((86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))


def span(length: timedelta) -> str:
    """Return a length of time by its two largest units: ``1 jam 25 menit``."""
    rest = int(abs(length).total_seconds())
    first = next((at for at, unit in enumerate(_UNITS) if rest >= unit[0]), len(_UNITS) - 1)
    parts: list[str] = []
    for size, unit in _UNITS[first : first + 2]:
        count, rest = divmod(rest, size)
        if count or not parts:
            parts.append(text(f"times.{unit}" if count == 1 else f"times.{unit}s", count=count))
    return f"{'-' if length <= timedelta(seconds=-1) else ''}{' '.join(parts)}"


def moment(at: datetime) -> str:
    """Return a moment in the zone of this machine, which it names."""
    here = at.astimezone()
    month = text("times.months").split()[here.month - 1]
    clock = f"{here:%H.%M}" if language() == "id" else f"{here:%H:%M}"
    return text(
        "times.moment", day=here.day, month=month, year=here.year, clock=clock, zone=f"{here:%Z}"
    )

"""Times and lengths of time as people say them."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from datetime import datetime, timedelta

from ikd.data.shipped_files import read_data
from ikd.data.words import Language

_UNITS = ((86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))


def span(length: timedelta, language: Language) -> str:
    """Return a length of time by its two largest units: ``1 jam 25 menit``."""
    rest = int(abs(length).total_seconds())
    first = next((at for at, unit in enumerate(_UNITS) if rest >= unit[0]), len(_UNITS) - 1)
    parts: list[str] = []
    for size, unit in _UNITS[first : first + 2]:
        count, rest = divmod(rest, size)
        if count or not parts:
            parts.append(counted(count, unit, language))
    return f"{'-' if length <= timedelta(seconds=-1) else ''}{' '.join(parts)}"


def counted(count: int, unit: str, language: Language) -> str:
    """Return so many days, hours, minutes or seconds: ``2 hari``."""
    return _texts()[unit if count == 1 else f"{unit}s"][language].format(count=count)


def moment(at: datetime, language: Language) -> str:
    """Return a moment in the zone of this machine, which it names."""
    here, said = at.astimezone(), _texts()
    month = said["months"][language].split()[here.month - 1]
    clock = f"{here:%H.%M}" if language == "id" else f"{here:%H:%M}"
    parts = {"day": here.day, "month": month, "year": here.year, "clock": clock}
    return said["moment"][language].format(**parts, zone=f"{here:%Z}")


@functools.cache
def _texts() -> Mapping[str, Mapping[str, str]]:
    found: Mapping[str, Mapping[str, str]] = tomllib.loads(read_data("times.toml"))["times"]
    return found

"""Aware datetimes and durations; nothing here asks what time it is."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from ikd.core.errors import InputError

if TYPE_CHECKING:
    import attrs

_MICROSECOND = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNITS = {
    "s": timedelta(seconds=1),
    "min": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
}
_DURATION = re.compile(r"([0-9]{1,6}) ?(s|min|h|d)", re.ASCII)


def aware(value: datetime) -> datetime:
    """Return *value* in UTC.

    Raises:
        InputError: *value* has no zone (``time.naive``): local clocks lie across WIB, WITA, WIT.
            Or it lies outside the years 1 to 9999 in UTC (``time.range``).
    """
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise InputError("time.naive", "a time must carry its zone")
    try:
        return value.astimezone(UTC)
    except OverflowError as beyond:
        raise InputError("time.range", "a time in the years 1 to 9999") from beyond


def aware_field(_instance: object, _attribute: attrs.Attribute[datetime], value: datetime) -> None:
    """Attrs validator: the field holds an aware datetime."""
    aware(value)


def to_micros(value: datetime) -> int:
    """Return whole microseconds since 1970-01-01T00:00Z, as stored."""
    known = value if isinstance(value, datetime) and value.tzinfo is UTC else aware(value)
    return (known - _EPOCH) // _MICROSECOND


def from_micros(value: int) -> datetime:
    """Return the datetime that ``to_micros`` made *value* from, in UTC."""
    return _EPOCH + value * _MICROSECOND


def to_seconds(value: datetime) -> int:
    """Return whole seconds since 1970 (NumericDate of RFC 8392), rounded down."""
    return (aware(value) - _EPOCH) // timedelta(seconds=1)


def from_seconds(value: int) -> datetime:
    """Return the datetime of a NumericDate, in UTC."""
    return datetime.fromtimestamp(value, UTC)


def parse_duration(text: str) -> timedelta:
    """Return the length that ``"90 s"``, ``"30 min"``, ``"24 h"`` or ``"7 d"`` names.

    Raises:
        InputError: *text* is no such length (``duration.form``).
    """
    match = _DURATION.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise InputError(
            "duration.form", 'a length is written like "90 s", "30 min", "24 h", "7 d"'
        )
    return int(match[1]) * _UNITS[match[2]]

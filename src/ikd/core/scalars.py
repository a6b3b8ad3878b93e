"""The smallest things a stored record or an office file is made of, taken exactly.

Nothing is converted kindly here: ``True`` is no number and ``"7"`` isn't either. Faults are
said in Indonesian with English beside it, because officers read them.
"""

from __future__ import annotations

import typing
from collections.abc import Callable, Mapping
from datetime import date, time, timedelta
from enum import Enum
from typing import Any, Literal, TypeVar

from ikd.core.errors import InputError
from ikd.core.timing import parse_duration

T = TypeVar("T")
PLAIN = (str, bytes, int, bool, type(None))
"""The types a plain leaf can have; a float is none of them."""


def leaf(value: object, kind: Any) -> object:  # noqa: ANN401
    """Return *value* when it is exactly a *kind*: text, bytes, number, boolean, None, enum."""
    # cattrs dispatches a StrEnum as the str that it also is, so both come here
    return _enum_member(value, kind) if issubclass(kind, Enum) else exact(kind, value)


def plain_leaf(value: object) -> object:
    """Return what stands in a record for *value*: itself, or the value of an enum."""
    plain = value.value if isinstance(value, Enum) else value
    if type(plain) not in PLAIN:
        raise InputError("structure.invalid", "no plain form")
    return plain


def exact(kind: type[T], value: object) -> T:
    """Return *value* when its type is *kind* and no subclass of it."""
    if type(value) is not kind:
        raise InputError("structure.type", _expected(value, kind))
    return value


_EXPECTED: Mapping[object, str] = {
    str: "harus berupa teks / must be text",
    int: "harus bilangan bulat / must be a whole number",
    bool: "harus true atau false / must be true or false",
}


def _expected(value: object, kind: type) -> str:
    """Return what should stand there; of what only lacks its quotation marks, just that."""
    if kind is str and isinstance(value, date | time):
        return "tanggal atau jam perlu tanda petik / a date or time needs quotation marks"
    if kind is str and type(value) in (int, float):
        return "angka di sini perlu tanda petik / a number needs quotation marks here"
    return _EXPECTED.get(kind, kind.__name__)


def is_literal(kind: object) -> bool:
    """Return whether *kind* is a ``Literal``."""
    return typing.get_origin(kind) is Literal


def one_of_literal(value: object, kind: object) -> object:
    """Return *value* when it is one of the words that *kind* allows."""
    allowed = typing.get_args(kind)
    if type(value) is not str or value not in allowed:
        words = ", ".join(allowed)
        raise InputError("structure.choice", one_of(words))
    return value


def one_of(words: str) -> str:
    """Return in both languages that only *words* may stand there."""
    return f"harus salah satu dari: {words} / must be one of: {words}"


def _enum_member(value: object, kind: type[Enum]) -> Enum:
    for member in kind:
        if member.value == value and type(value) in PLAIN and not isinstance(value, bool):
            return member
    words = ", ".join(str(member.value) for member in kind)
    raise InputError("structure.choice", one_of(words))


def iso_date(value: object, _kind: object = None) -> date:
    """Return a date, written as ``2024-05-31`` where the format has no dates of its own."""
    if type(value) is date:  # TOML has dates of its own; canonical JSON has not
        return value
    return _parsed(value, date.fromisoformat, date.isoformat, "2024-05-31")


def clock_time(value: object, _kind: object = None) -> time:
    """Return a time of day written like ``07:30``."""
    if type(value) is time:  # TOML has times of its own, with seconds
        value = value.isoformat().removesuffix(":00") if value.second == 0 else ""
    return _parsed(value, time.fromisoformat, lambda made: f"{made:%H:%M}", "07:30")


def length(value: object, _kind: object = None) -> timedelta:
    """Return a length of time written like ``30 min``."""
    try:
        return parse_duration(exact(str, value))
    except InputError:
        like = '"30 min", "24 h", "7 d"'
        words = f"harus lama seperti {like} / must be a length like {like}"
    raise InputError("structure.length", words)


def length_text(value: timedelta) -> str:
    """Return a length of time as an office file writes it; a single day is 24 hours."""
    seconds = value // timedelta(seconds=1)
    for unit, size, least in (("d", 86400, 172800), ("h", 3600, 3600), ("min", 60, 60)):
        if seconds >= least and seconds % size == 0:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def _parsed(value: object, read: Callable[[str], T], write: Callable[[T], str], example: str) -> T:
    text = exact(str, value)
    try:
        made = read(text)
    except ValueError:
        made = None
    if made is None or write(made) != text:
        words = f"harus ditulis seperti {example} / must be written like {example}"
        raise InputError("structure.form", words)
    return made

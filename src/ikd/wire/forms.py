"""How each type stands in JSON: its schema, how it is read strictly, and how it is written."""

from __future__ import annotations

import base64
import re
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import Any, Literal, TypeAlias, TypeVar

import attrs

from ikd.core.errors import IkdError, InputError
from ikd.core.ids import RecordId, parse_id
from ikd.core.resident.contact import Email, Phone
from ikd.core.resident.device import Version
from ikd.core.resident.nik import Nik
from ikd.core.scalars import exact, iso_date, leaf, one_of_literal
from ikd.core.secrets.passcode import Passcode
from ikd.core.secrets.pin import Pin

Json: TypeAlias = "bool | int | str | list[Json] | dict[str, Json] | None"
"""What JSON can hold; a float is none of it."""

Schema: TypeAlias = "dict[str, Json]"
"""A JSON Schema."""

T = TypeVar("T")

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", re.ASCII)
_KEY = re.compile(r"[a-z][a-z_]{0,40}", re.ASCII)
_SECOND = timedelta(seconds=1)


JsonLeaf: TypeAlias = tuple[Schema, Callable[[Any], object], Callable[[Any], Json]]
"""What isn't made of parts: its schema, and how it is read and written."""


def _text(value: object) -> str:
    text = exact(str, value)
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise InputError("structure.form", "half a character")
    return text


def _bytes(value: object) -> bytes:
    text = _text(value)
    try:
        made = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
    except ValueError:
        made = b""
    if _base64(made) != text:
        raise InputError("structure.form", "must be base64url without padding")
    return made


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def _time(value: object) -> datetime:
    try:
        if _TIME.fullmatch(_text(value)):
            return datetime.fromisoformat(_text(value)).astimezone(UTC)
    except (ValueError, OverflowError):
        pass  # no such day, or outside the years 1 to 9999
    raise InputError("structure.form", "must be a time of RFC 3339 with its zone")


def _rfc3339(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _typed(read: Callable[[str], object]) -> JsonLeaf:
    """Return the leaf of what a person types: it is read, and written masked if ever."""
    return {"type": "string"}, lambda value: read(_text(value)), str


def _exactly(kind: type, name: str) -> JsonLeaf:
    """Return the leaf of what JSON has itself."""
    return {"type": name}, lambda value: exact(kind, value), lambda value: value


_LEAVES: Mapping[object, JsonLeaf] = {
    type(None): _exactly(type(None), "null"),
    bool: _exactly(bool, "boolean"),
    int: _exactly(int, "integer"),
    str: ({"type": "string"}, _text, str),
    bytes: ({"type": "string", "pattern": "^[A-Za-z0-9_-]*$"}, _bytes, _base64),
    datetime: ({"type": "string", "format": "date-time"}, _time, _rfc3339),
    date: ({"type": "string", "format": "date"}, iso_date, date.isoformat),
    timedelta: ({"type": "integer"}, lambda v: exact(int, v) * _SECOND, lambda v: v // _SECOND),
    RecordId: ({"type": "string", "pattern": "^[0-9a-f]{32}$"}, parse_id, str),
    **{kind: _typed(kind.parse) for kind in (Nik, Email, Phone, Pin, Passcode)},
    Version: _typed(Version.read),
}


@contextmanager
def _at(place: str, parts: Mapping[str, object] | None = None) -> Iterator[None]:
    """Say of what is refused where it stands: at *place*, or at the part that its code names."""
    try:
        yield
    except IkdError as fault:
        words, part = str(fault).partition(": ")[2], fault.code.rpartition(".")[2]
        where = f"{place}.{part}" if parts and part in parts else place
        raise InputError(fault.code, f"{where}: {words}".removesuffix(": ")) from None


def read(kind: object, value: object, place: str) -> object:
    """Return the *kind* that *value* says; nothing is converted kindly.

    Raises:
        InputError: It is none; the message begins with the place.
    """
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if type(None) in inner:
        return None if value is None else read(inner[inner[0] is type(None)], value, place)
    if origin in (tuple, frozenset, Sequence):
        with _at(place):
            items = exact(list, value)
        made = (read(inner[0], one, f"{place}[{at}]") for at, one in enumerate(items))
        return frozenset(made) if origin is frozenset else tuple(made)
    if origin is Mapping:
        return {key: read(inner[1], one, f"{place}.*") for key, one in held(value, place).items()}
    if kind not in _LEAVES and isinstance(kind, type) and attrs.has(kind):
        return make(kind, held(value, place), place)
    with _at(place):
        if origin is Literal:
            return one_of_literal(value, kind)
        return _LEAVES[kind][1](value) if kind in _LEAVES else leaf(value, kind)


def make(kind: type[T], given: Mapping[str, object], place: str) -> T:
    """Return the *kind* of the parts *given*; raises what ``read`` does."""
    hints, fields = typing.get_type_hints(kind), _fields(kind)
    for key in (*given, *(key for key, needed in fields.items() if needed)):
        if key not in fields or key not in given:
            named = f"{place}.{key}" if _KEY.fullmatch(key) else place
            words = "must be there" if key in fields else "a key that isn't known"
            raise InputError("wire.key", f"{named}: {words}")
    parts = {key: read(hints[key], one, f"{place}.{key}") for key, one in given.items()}
    with _at(place, fields):
        return kind(**parts)


def _fields(kind: type) -> Mapping[str, bool]:
    """Return what a *kind* is made of, and whether it must be given."""
    return {one.name: one.default is attrs.NOTHING for one in attrs.fields(kind) if one.init}


def held(value: object, place: str) -> Mapping[str, object]:
    """Return *value* as an object of JSON; raises what ``read`` does."""
    if not isinstance(value, Mapping) or not all(type(key) is str for key in value):
        raise InputError("structure.type", f"{place}: must be an object, no key of it twice")
    return value


def write(value: object, parts: Callable[[object], Mapping[str, object]]) -> Json:
    """Return *value* as JSON has it; *parts* tells what of a value made of parts is written."""
    plain = value.value if isinstance(value, Enum) else value
    if type(plain) in _LEAVES:
        return _LEAVES[type(plain)][2](plain)
    if isinstance(plain, tuple | frozenset):
        return [write(one, parts) for one in plain]
    named = plain if isinstance(plain, Mapping) else parts(plain)
    return {str(name): write(one, parts) for name, one in named.items()}


def schema_of(kind: object, parts: Callable[[type], Schema]) -> Schema:
    """Return the schema of *kind*; *parts* makes that of a kind made of parts."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if kind in _LEAVES:
        return dict(_LEAVES[kind][0])
    if isinstance(kind, type) and not origin:
        members = [one.value for one in kind] if issubclass(kind, Enum) else []
        return {"enum": members} if members else parts(kind)
    if origin is Literal:
        return {"enum": list(inner)}
    inside: list[Json] = [schema_of(one, parts) for one in inner if one is not Ellipsis]
    if origin in (typing.Union, types.UnionType):
        return {"anyOf": inside}
    if origin is Mapping:
        return {"type": "object", "additionalProperties": inside[-1]}
    return {"type": "array", "items": inside[0]}


def parts_schema(kind: type, properties: Schema, needed: Iterable[str]) -> Schema:
    """Return the schema of a *kind* made of parts."""
    return {
        "title": kind.__name__,
        "type": "object",
        "properties": properties,
        "required": [*needed],
    }


def read_schema(kind: type, fixed: Schema | None = None) -> Schema:
    """Return the schema of what ``make`` takes for a *kind*, and of what is *fixed* beside it."""
    hints, fields, beside = typing.get_type_hints(kind), _fields(kind), fixed or {}
    parts = {name: schema_of(hints[name], read_schema) for name in fields}
    needed = (*beside, *(name for name, must in fields.items() if must))
    return {**parts_schema(kind, {**beside, **parts}, needed), "additionalProperties": False}

"""Every key that an office file can have, read off the values themselves.

The reference and the messages for officers are compared with this list, so that a key can't be
added without being explained.
"""

from __future__ import annotations

import inspect
import re
import types
import typing
from collections.abc import Iterator, Mapping
from datetime import date, time, timedelta
from typing import Any, Literal

import attrs

from ikd.core.standard.grounds import Grounded, Sourced
from ikd.core.standard.office import Office
from office_format.shown import PARTLY, SHOWN

_GROUND = frozenset(field.name for field in attrs.fields(Grounded))
_WORDS: dict[object, str] = {
    str: "text",
    int: "whole number",
    bool: "true or false",
    timedelta: "length",
    date: "date",
    time: "time of day",
}


@attrs.frozen(kw_only=True)
class Key:
    """One key of an office file.

    Attributes:
        path: Where it stands; ``[]`` is any row of a list, ``<name>`` any key of a table.
        takes: What it takes, in words.
        sourced: Whether it is a table with ``value`` and its source, or a row with a source.
        needed: Whether the part it stands in must have it.
        meaning: What it means, in English.
        shown: Why it is shown and does nothing else; empty for a key that acts.
        partly: Where it acts in part only; empty for one that always does.
    """

    path: str
    takes: str
    sourced: bool
    needed: bool
    meaning: str
    shown: str = ""
    partly: str = ""


def office_keys() -> tuple[Key, ...]:
    """Return every key, in the order of the parts; ``source`` and its like go without saying.

    A condition inside a condition has the same keys again; they are told once.
    """
    head = Key(
        path="format",
        takes="whole number",
        sourced=False,
        needed=True,
        meaning="Version of the file format: 2; a file of 1 is read by the rules of 1.",
    )
    keys = (head, *_keys(Office, "", ()))
    return tuple(
        attrs.evolve(key, shown=SHOWN.get(key.path, ""), partly=PARTLY.get(key.path, ""))
        for key in keys
    )


def _keys(kind: Any, path: str, inside: tuple[Any, ...]) -> Iterator[Key]:  # noqa: ANN401
    attrs.resolve_types(kind)
    told = meanings(kind)
    for field in attrs.fields(kind):
        # the pinned text itself is no key, and the format is told first
        ours = not path and field.name in ("text", "format")
        if ours or (field.name in _GROUND and issubclass(kind, Grounded)):
            continue
        absent: object = field.default
        name = f"{path}.{field.alias}".lstrip(".")
        meaning = told.get(str(field.alias), "")
        said = Key(
            path=name, takes="", sourced=False, needed=absent is attrs.NOTHING, meaning=meaning
        )
        yield from _key(said, field.type, inside)


def _key(said: Key, kind: Any, inside: tuple[Any, ...]) -> Iterator[Key]:  # noqa: ANN401
    kind = _without_none(kind)
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is Sourced:
        yield attrs.evolve(said, takes=_takes(arguments[0]), sourced=True)
    elif origin is tuple and not _plain(arguments[0]):
        yield from _key(attrs.evolve(said, path=f"{said.path}[]"), arguments[0], inside)
    elif isinstance(origin, type) and issubclass(origin, Mapping):
        yield from _key(attrs.evolve(said, path=f"{said.path}.<name>"), arguments[1], inside)
    else:
        meaning = said.meaning or _first_line(kind)
        yield attrs.evolve(said, takes=_takes(kind), sourced=_is_grounded(kind), meaning=meaning)
        if attrs.has(kind) and not any(issubclass(outer, kind) for outer in inside):
            yield from _keys(kind, said.path, (*inside, kind))


def meanings(kind: Any) -> dict[str, str]:  # noqa: ANN401
    """Return what the documentation of *kind* says of each of its attributes."""
    told: dict[str, str] = {}
    for outer in reversed(kind.__mro__):
        text = inspect.cleandoc(outer.__doc__ or "").partition("Attributes:\n")[2]
        rows = re.split(r"\n    (?=[a-z_]+: )", "\n" + text)
        told.update(
            (name, " ".join(words.split())) for name, _, words in (r.partition(": ") for r in rows)
        )
    return told


def _first_line(kind: Any) -> str:  # noqa: ANN401
    return inspect.cleandoc(kind.__doc__ or "").partition("\n")[0] if attrs.has(kind) else ""


def _is_grounded(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Grounded)


def _plain(kind: object) -> bool:
    origin = typing.get_origin(kind)
    return kind in _WORDS or origin is Literal


def _without_none(kind: Any) -> Any:  # noqa: ANN401
    if typing.get_origin(kind) in (types.UnionType, typing.Union):
        (kind,) = (item for item in typing.get_args(kind) if item is not type(None))
    return kind


def _takes(kind: Any) -> str:  # noqa: ANN401
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is Literal:
        return "one of: " + ", ".join(arguments)
    if origin is tuple:
        return f"list of {_takes(arguments[0])}"
    return _WORDS.get(kind, "table")

"""Which keys an office's file itself states, whatever their values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import attrs

from ikd.core.standard.file_text import read_text
from ikd.core.standard.grounds import Grounded
from ikd.core.standard.office import Office

_GROUND = frozenset(field.name for field in attrs.fields(Grounded))
_INNER = re.compile(r"\.(all|any|none)_of\[\]")  # a condition in a condition has the same keys
_NAMED = "pin.buttons"  # a table whose keys are names


def stated_keys(office: Office) -> tuple[str, ...]:
    """Return them in the order of the file, as forms: ``presence.places[].name``.

    What a value rests on is left out, and so are format and id.
    """
    told = read_text(office.text)
    parts = {name: part for name, part in told.items() if name not in ("format", "id")}
    return tuple(dict.fromkeys(_INNER.sub("", key) for key in _keys(parts, "")))


def _keys(value: object, key: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, item in value.items():
            if name in _GROUND and key != "informative[]":
                continue
            below = "<name>" if key == _NAMED else name
            yield from _keys(item, key if name == "value" else f"{key}.{below}".lstrip("."))
    elif isinstance(value, list) and any(isinstance(row, Mapping) for row in value):
        for row in value:
            yield from _keys(row, f"{key}[]")
    else:
        yield key

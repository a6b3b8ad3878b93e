"""The text of an office file: TOML as officers write it, canonical JSON for a mapping."""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date, time
from typing import Any

from ikd.core.errors import OfficeFileError
from ikd.core.standard.toml_faults import why_no_toml

LONGEST = 512 * 1024
"""Bytes of the longest office file; the longest known standard takes a tenth of it."""

_DEEPEST = 24  # tables and lists inside each other; the deepest requirement known takes 8
# a key of many parts takes tomllib time in the square of their number
_DOTTED = re.compile(
    r"(?:^|[\[{,])[ \t]*(?:[^\s.=,\[\]{}]+[ \t]*\.[ \t]*){32}", re.ASCII | re.MULTILINE
)
_LARGEST = 2**53  # what every reader of JSON takes exactly
_LINES = "\n\t"  # signs that a text may hold beside those that show
_HIDDEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})


def read_text(text: str) -> dict[str, Any]:
    """Return what a TOML text, or the canonical JSON of a mapping, holds.

    Raises:
        OfficeFileError: It is neither, is longer than ``LONGEST``, or holds what no office file
            needs: deep nesting, huge numbers, signs that don't show.
    """
    if len(text) > LONGEST:
        words = f"lebih dari {LONGEST // 1024} KiB / longer than {LONGEST // 1024} KiB"
        raise OfficeFileError((("file", words),))
    if _DOTTED.search(text):
        raise OfficeFileError((("file", "kunci terlalu dalam / a key of too many parts"),))
    try:
        text.encode()
        # no TOML document begins with a brace, every JSON object does
        data: dict[str, Any] = json.loads(text) if text.startswith("{") else tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        words = why_no_toml(error, text)
    else:
        faults = tuple(_odd(data, "", 0))
        if faults:
            raise OfficeFileError(faults)
        return data
    raise OfficeFileError((("file", words),))


def _odd(value: object, path: str, depth: int) -> Iterator[tuple[str, str]]:
    """Yield what would show as something else, or take the reader's memory or stack."""
    if depth > _DEEPEST:
        yield path[:200], "terlalu dalam / nested too deeply"
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if hides(key):
                yield path, "kunci dengan tanda tak terlihat / a key with hidden signs"
            else:
                yield from _odd(item, f"{path}.{key}".lstrip("."), depth + 1)
    elif isinstance(value, list):
        for number, item in enumerate(value, start=1):
            yield from _odd(item, f"{path}[{number}]", depth + 1)
    elif isinstance(value, str) and hides(value):
        yield path, "tanda yang tak terlihat / signs that don't show"
    elif isinstance(value, int) and abs(value) > _LARGEST:
        yield path, "bilangan terlalu besar / too large a number"


def hides(text: str) -> bool:
    """Return whether *text* holds a sign that doesn't show, other than a line's end or a tab."""
    return any(unicodedata.category(sign) in _HIDDEN for sign in text if sign not in _LINES)


def canonical_text(data: Mapping[str, object]) -> str:
    """Return the one JSON text of *data*: keys sorted, no blanks, dates as text.

    Raises:
        OfficeFileError: Something in it could stand in no office file.
    """
    try:
        return json.dumps(
            dict(data),
            ensure_ascii=False,
            sort_keys=True,
            separators=(",", ":"),
            allow_nan=False,
            default=_json_form,
        )
    except (TypeError, ValueError, RecursionError):
        words = "hanya teks, angka, daftar, tabel / only text, numbers, lists and tables"
    raise OfficeFileError((("file", words),))


def _json_form(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    if type(value) is date:
        return value.isoformat()
    if type(value) is time:
        return f"{value:%H:%M}"
    raise TypeError

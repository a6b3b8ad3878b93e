"""The text of an office file: TOML as officers write it, canonical JSON for a mapping."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from datetime import date, time
from typing import Any

from ikd.core.errors import OfficeFileError


def read_text(text: str) -> dict[str, Any]:
    """Return what a TOML text, or the canonical JSON of a mapping, holds.

    Raises:
        OfficeFileError: It is neither.
    """
    try:
        text.encode()
        # no TOML document begins with a brace, every JSON object does
        data: dict[str, Any] = json.loads(text) if text.startswith("{") else tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        words = f"bukan TOML / not TOML: {error}"
    else:
        return data
    raise OfficeFileError((("file", words),))


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

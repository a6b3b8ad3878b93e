"""Writes the tables of an office file as TOML that officers can go on editing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

_HEAD = """\
# Setiap nilai menyebut butir dan mengutip kata-katanya, atau berkata "default" dengan alasannya.
# Each value names its clause and quotes its words, or says "default" and why.
"""


def toml_text(data: Mapping[str, object]) -> str:
    """Return *data* as TOML: a heading a part, a line a value, sources beside the values."""
    single = [f"{key} = {_inline(value)}" for key, value in data.items() if not _is_part(value)]
    parts = [line for key, value in data.items() if _is_part(value) for line in _part(key, value)]
    return "\n".join([_HEAD + "\n".join(single), *parts, ""])


def _is_part(value: object) -> bool:
    return isinstance(value, Mapping) or (isinstance(value, list) and value != [])


def _part(key: str, value: object) -> Iterator[str]:
    rows: list[Any] = value if isinstance(value, list) else [value]
    heading = f"[[{key}]]" if isinstance(value, list) else f"[{key}]"
    for row in rows:
        yield ""
        yield heading
        for name, item in row.items():
            yield f"{name} = {_value(item)}"


def _value(item: object) -> str:
    if isinstance(item, list) and item and isinstance(item[0], Mapping):
        return "\n".join(["[", *(f"  {_inline(row)}," for row in item), "]"])
    return _inline(item)


def _inline(item: object) -> str:
    if isinstance(item, Mapping):
        pairs = (f"{key} = {_inline(value)}" for key, value in item.items())
        return "{ " + ", ".join(pairs) + " }"
    if isinstance(item, list):
        return "[" + ", ".join(_inline(row) for row in item) + "]"
    return json.dumps(item, ensure_ascii=False)  # texts, numbers, true: as TOML writes them

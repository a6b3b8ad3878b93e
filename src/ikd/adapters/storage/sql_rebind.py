"""Writing the mac of every row of a table anew, page after page, while work goes on."""

# ruff: noqa: S608 - statements are made of names that stand in this package, never of values

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import TypeVar

import attrs

from ikd.adapters.storage.session import Execute, Value
from ikd.adapters.storage.tables import Table

T = TypeVar("T", bound=attrs.AttrsInstance)

Remac = Callable[[T], bytes | None]
"""Returns the mac that a row is to have, or ``None`` to leave it as it is."""


def page(
    execute: Execute, table: Table[T], after: Sequence[Value], limit: int
) -> tuple[Sequence[Value] | None, list[T]]:
    """Return the key of the last row behind *after*, ``None`` at the end, and the rows to it."""
    key = ", ".join(table.key)
    behind = f"WHERE ({key}) > ({', '.join('?' * len(after))})" if after else ""
    query = f"{table.select} {behind} ORDER BY {key} LIMIT ?"
    found = execute(query, (*after, limit)).fetchall()
    last = tuple(found[-1][table.read.index(name)] for name in table.key) if found else None
    return last, list(table.readable(found))


def remac(execute: Execute, table: Table[T], row: T, mac: bytes) -> None:
    """Write *mac*, unless the row was written anew meanwhile: then it has one of its own."""
    key = [getattr(row, name) for name in table.key]
    query = f"UPDATE {table.name} SET mac = ? WHERE {table.named} AND COALESCE(mac, ?) = ?"
    execute(query, (mac, *key, b"", getattr(row, "mac") or b""))  # noqa: B009 - every bound row's


def written(key: Sequence[Value]) -> str:
    """Return *key* as the table of steps remembers it."""
    return json.dumps([{"hex": one.hex()} if isinstance(one, bytes) else one for one in key])


def read(cursor: str) -> tuple[Value, ...]:
    """Return the key that ``written`` wrote; nothing for the beginning."""
    told = json.loads(cursor) if cursor.startswith("[") else []
    return tuple(bytes.fromhex(one["hex"]) if isinstance(one, dict) else one for one in told)

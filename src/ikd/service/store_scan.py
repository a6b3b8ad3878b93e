"""Walking whole tables as they are kept: for checkpoints and the audit, which judge them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

from ikd.core import cbor
from ikd.core.tokens.checkpoint import Checkpoint, ListedRecord, TableSum, line_bytes

ScannedValue = str | bytes | int | None
ScannedRow = Sequence[ScannedValue]
"""A row as it is kept: its columns in one fixed order, times as whole microseconds."""


@runtime_checkable
class Scannable(Protocol):
    """A store whose tables can be walked."""

    def columns(self) -> Mapping[str, tuple[str, ...]]:
        """Return the columns of each table in the order of ``scan``."""

    def scan(
        self, table: str, *, after: Sequence[ScannedValue] = (), upto: Sequence[ScannedValue] = ()
    ) -> Iterator[ScannedRow]:
        """Yield its rows in order of their keys, behind *after* and no further than *upto*.

        Both may name the first columns of a key alone.
        """


def checkpoint_of(store: Scannable, at: datetime) -> tuple[Checkpoint, list[ListedRecord]]:
    """Return a checkpoint of *store*, and the list of its records."""
    lines: list[ListedRecord] = []
    sums = {table: _sum(store, table, lines) for table in store.columns()}
    digest = hashlib.sha256(b"".join(map(line_bytes, lines))).digest()
    listed = TableSum(count=len(lines), digest=digest)
    return Checkpoint(at=at, records=listed, tables=sums), lines


def sum_of(store: Scannable, table: str) -> TableSum:
    """Return how many rows *table* has, and the digest of all of them."""
    return _sum(store, table, [])


def _sum(store: Scannable, table: str, lines: list[ListedRecord]) -> TableSum:
    digest, count = hashlib.sha256(), 0
    place = [store.columns()[table].index(name) for name in LISTED] if table == "records" else ()
    for row in store.scan(table):
        digest.update(cbor.encode_ordered(list(row)))
        count += 1
        if place:
            kind, record_id, version, head = (row[at] for at in place)
            if isinstance(version, int) and isinstance(head, bytes):
                lines.append((str(kind), str(record_id), version, head))
    return TableSum(count=count, digest=digest.digest())


LISTED = ("kind", "id", "version", "head")

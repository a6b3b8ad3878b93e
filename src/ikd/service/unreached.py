"""Messages that reached nobody so far: what a worklist shows, and an officer may close."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from ikd.core.ids import RecordId
from ikd.core.ports import Done, OutboxItem, Store

_LISTED = 10_000  # items in one state that are looked through, oldest first


def unreached(store: Store, late: datetime) -> Mapping[RecordId, Sequence[OutboxItem]]:
    """Return by record what was given up, and the messages that wait since *late* or before."""
    met: dict[RecordId, list[OutboxItem]] = {}
    for done in (Done.PARKED, Done.UNDELIVERED, Done.WAITING):
        for item in store.outbox(done, limit=_LISTED):
            if done is not Done.WAITING or (item.kind == "notice" and item.created_at <= late):
                met.setdefault(item.record_id, []).append(item)
    return met


def to_close(items: Iterable[OutboxItem]) -> tuple[OutboxItem, ...]:
    """Return what an officer may close: a PIN is sent anew instead."""
    return tuple(one for one in items if one.kind == "notice" and one.subject is None)

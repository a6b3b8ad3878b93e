"""The outbox in SQL, inside a transaction that the store opens and ends."""

from __future__ import annotations

from datetime import datetime

from ikd.adapters.storage import rows
from ikd.adapters.storage.settling import ENDS, Settling
from ikd.adapters.storage.sql_commit import Execute
from ikd.core.errors import StoreError
from ikd.core.ids import RecordId
from ikd.core.ports import Done, OutboxItem, OutboxKind
from ikd.core.timing import to_micros

_FREE = (
    "SELECT id FROM outbox WHERE done = 'waiting' AND not_before <= ?"
    " AND (leased IS NULL OR leased <= ?) ORDER BY not_before, id LIMIT ?"
)
_FREE_OF_KIND = (
    "SELECT id FROM outbox WHERE done = 'waiting' AND not_before <= ?"
    " AND (leased IS NULL OR leased <= ?) AND kind = ? ORDER BY not_before, id LIMIT ?"
)
_LEASE = "UPDATE outbox SET leased = ?, attempts = attempts + 1, lease = lease + 1 WHERE id = ?"
_ITEM = (
    "SELECT id, kind, record_kind, record_id, subject, payload, created_at, not_before,"
    " attempts, lease, failure FROM outbox WHERE id = ?"
)
_LISTED = (
    "SELECT id, kind, record_kind, record_id, subject, payload, created_at, not_before,"
    " attempts, lease, failure FROM outbox WHERE done = ? ORDER BY created_at, id LIMIT ?"
)
_DONE = "SELECT done FROM outbox WHERE id = ?"
_RETRY = (
    "UPDATE outbox SET leased = NULL, failure = ?, not_before = ?"
    " WHERE id = ? AND lease = ? AND leased IS NOT NULL"
)
_PARK = (
    "UPDATE outbox SET leased = NULL, failure = ?, done = 'parked'"
    " WHERE id = ? AND lease = ? AND leased IS NOT NULL"
)
_END = (
    "UPDATE outbox SET leased = NULL, failure = ?, done = ?, payload = ?, ended = ?"
    " WHERE id = ? AND done IN ('waiting', 'parked')"
)
_UNPARK = (
    "UPDATE outbox SET done = 'waiting', not_before = ?, attempts = 0"
    " WHERE id = ? AND done = 'parked'"
)


def free(
    execute: Execute, now: datetime, limit: int, kind: OutboxKind | None
) -> tuple[RecordId, ...]:
    """Return the ids of items that a worker may take."""
    at = to_micros(now)
    if kind is None:
        found = execute(_FREE, (at, at, max(limit, 0)))
    else:
        found = execute(_FREE_OF_KIND, (at, at, kind.value, max(limit, 0)))
    return tuple(item_id for (item_id,) in found.fetchall())


def lease(
    execute: Execute, item_ids: tuple[RecordId, ...], until: datetime
) -> tuple[OutboxItem, ...]:
    """Take the items that ``free`` found in the same transaction."""
    taken = []
    for item_id in item_ids:
        execute(_LEASE, (to_micros(until), item_id))
        taken += execute(_ITEM, (item_id,)).fetchall()
    return tuple(map(rows.to_item, taken))


def settle(execute: Execute, item_id: RecordId, how: Settling) -> None:
    """End a lease; a failure told by a worker that no longer holds it changes nothing."""
    _known(execute, item_id)
    if how.done in ENDS:
        execute(_END, (how.failure, how.done.value, b"", to_micros(how.now), item_id))
    elif how.done is Done.PARKED:
        execute(_PARK, (how.failure, item_id, how.lease))
    else:
        execute(_RETRY, (how.failure, to_micros(how.not_before), item_id, how.lease))


def unpark(execute: Execute, item_id: RecordId, now: datetime) -> None:
    """Let a parked item wait again."""
    _known(execute, item_id)
    execute(_UNPARK, (to_micros(now), item_id))


def listed(execute: Execute, done: Done, limit: int) -> tuple[OutboxItem, ...]:
    """Return items in that state, oldest first."""
    found = execute(_LISTED, (done.value, max(limit, 0))).fetchall()
    return tuple(map(rows.to_item, found))


def _known(execute: Execute, item_id: RecordId) -> None:
    if not execute(_DONE, (item_id,)).fetchall():
        raise StoreError("store.unknown", "no such outbox item")

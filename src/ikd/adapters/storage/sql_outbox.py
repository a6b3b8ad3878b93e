"""The outbox in SQL, inside a transaction that the store opens and ends."""

# ruff: noqa: S608 - statements are made of names that stand in this package, never of values

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from ikd.adapters.storage.session import Execute
from ikd.adapters.storage.tables import OUTBOX, kept
from ikd.core.errors import StoreError
from ikd.core.ids import RecordId
from ikd.core.ports import Commit, Done, Lane, OutboxItem, Settled
from ikd.core.timing import from_micros, to_micros

_ENDS = frozenset({Done.SENT, Done.VOID})
"""Facts for good, whoever tells them; anything else counts only of the item's own lease."""

_FREE = (
    "SELECT id FROM outbox WHERE done = 'waiting' AND lane = ? AND not_before <= ?"
    " AND (leased_until IS NULL OR leased_until <= ?) ORDER BY not_before, id LIMIT ?"
)
_LEASE = (
    "UPDATE outbox SET leased_until = ?, holder = ?, attempts = attempts + 1, lease = lease + 1"
    " WHERE id = ?"
)
_PARK = (
    "UPDATE outbox SET done = 'parked', leased_until = NULL, holder = NULL, failure = ?"
    " WHERE id = ?"
)
_RENEW = (
    "UPDATE outbox SET leased_until = ?"
    " WHERE id = ? AND holder = ? AND lease = ? AND leased_until IS NOT NULL"
)
_ITEM = f"{OUTBOX.select} WHERE id = ?"
_LISTED = f"{OUTBOX.select} WHERE done = ? ORDER BY created_at, id LIMIT ?"
_OF = f"{OUTBOX.select} WHERE subject = ? AND done = ?"
_LANES = (
    "SELECT lane, count(*), min(created_at) FROM outbox WHERE done = 'waiting'"
    " GROUP BY lane ORDER BY lane"
)
_KNOWN = "SELECT 1 FROM outbox WHERE id = ?"
_SETTLE = (
    "UPDATE outbox SET leased_until = NULL, holder = NULL, failure = ?,"
    " channel = COALESCE(?, channel), reference = COALESCE(?, reference),"
    " handed_at = COALESCE(?, handed_at), done = ?,"
)
_END = f"{_SETTLE} payload = ?, ended = ? WHERE id = ? AND done IN ('waiting', 'parked')"
_LATER = (
    f"{_SETTLE} not_before = COALESCE(?, not_before)"
    " WHERE id = ? AND lease = ? AND leased_until IS NOT NULL"
)
_UNPARK = (
    "UPDATE outbox SET done = 'waiting', not_before = ?, attempts = 0"
    " WHERE id = ? AND done = 'parked'"
)
_OVER = "payload = ?, leased_until = NULL, holder = NULL, ended = ?"
_VOID = (
    f"UPDATE outbox SET done = 'void', {_OVER}"
    " WHERE (subject = ? OR id = ?) AND done IN ('waiting', 'parked', 'undelivered')"
)
_HAND = (
    f"UPDATE outbox SET done = 'sent', {_OVER}, channel = 'officer', handed_at = ?"
    " WHERE subject = ? AND done IN ('waiting', 'parked')"
)
_UNSENT = (
    f"UPDATE outbox SET done = 'undelivered', {_OVER}, failure = ?"
    " WHERE (subject = ? OR id = ?) AND done IN ('waiting', 'parked', 'sent')"
)
_HASTEN = (
    "UPDATE outbox SET done = 'waiting', not_before = ?, attempts = 0"
    " WHERE subject = ? AND done IN ('waiting', 'parked')"
)
_NAMED = f"{OUTBOX.select} WHERE id = ? OR subject = ? ORDER BY created_at DESC, id DESC LIMIT 1"
_OWE = OUTBOX.insert("done")


def owe(execute: Execute, commit: Commit, at: int) -> None:
    """Settle, void and owe what *commit* does; what it says was sent is not voided any more."""
    for settled in sorted(commit.settles, key=lambda one: one.id):
        settle(execute, settled)
    for subject in commit.voids:
        execute(_VOID, (b"", at, subject, subject))
    for subject in commit.hastens:
        execute(_HASTEN, (at, subject))
    for subject in commit.hands:
        execute(_HAND, (b"", at, at, subject))
    for unsent in commit.unsent:
        execute(_UNSENT, (b"", None, unsent.code, unsent.named, unsent.named))
    for item in commit.outbox:
        execute(_OWE, (*OUTBOX.values(item), Done.WAITING.value))


def free(
    execute: Execute, lane: str, now: datetime, limit: int, *, skip: str = ""
) -> tuple[RecordId, ...]:
    """Return the ids of items that a worker may take."""
    at = to_micros(now)
    found = execute(_FREE + skip, (lane, at, at, max(limit, 0))).fetchall()
    return tuple(RecordId(str(item_id)) for (item_id,) in found)


def lease(
    execute: Execute, item_ids: tuple[RecordId, ...], holder: str, until: datetime
) -> tuple[OutboxItem, ...]:
    """Take the items that ``free`` found in the same transaction."""
    taken: list[OutboxItem] = []
    for item_id in item_ids:
        execute(_LEASE, (to_micros(until), holder, item_id))
        read = list(OUTBOX.readable(execute(_ITEM, (item_id,)).fetchall()))
        if not read:  # it would be met again and again, and hold up its lane
            execute(_PARK, ("store.damaged", item_id))
        taken += read
    return tuple(taken)


def renew(
    execute: Execute, holder: str, leases: Mapping[RecordId, int], until: datetime
) -> frozenset[RecordId]:
    """Hold the leases that are still the holder's own, and return their items."""
    at = to_micros(until)
    held = {
        item_id: execute(_RENEW, (at, item_id, holder, number)).rowcount
        for item_id, number in sorted(leases.items())
    }
    return frozenset(item_id for item_id, rows in held.items() if rows)


def settle(execute: Execute, how: Settled) -> None:
    """End a lease; a failure told by a worker that no longer holds it changes nothing."""
    _known(execute, how.id)
    told = (how.failure, how.channel, how.reference, kept(how.handed_at), how.done.value)
    if how.done in _ENDS:
        execute(_END, (*told, b"", to_micros(how.at), how.id))
    else:
        later = None if how.done is Done.PARKED else kept(how.not_before or how.at)
        execute(_LATER, (*told, later, how.id, how.lease))


def unpark(execute: Execute, item_id: RecordId, now: datetime) -> None:
    """Let a parked item wait again."""
    _known(execute, item_id)
    execute(_UNPARK, (to_micros(now), item_id))


def listed(
    execute: Execute, done: Done, limit: int, subject: RecordId | None
) -> tuple[OutboxItem, ...]:
    """Return items in that state, oldest first; only those of *subject* if told so."""
    if subject is None:
        found = execute(_LISTED, (done.value, max(limit, 0))).fetchall()
        return tuple(OUTBOX.readable(found))
    few = OUTBOX.readable(execute(_OF, (subject, done.value)).fetchall())
    return tuple(sorted(few, key=lambda one: (one.created_at, one.id))[: max(limit, 0)])


def named(execute: Execute, item: RecordId) -> tuple[OutboxItem, ...]:
    """Return what is owed under that id or about that subject, if anything."""
    return tuple(map(OUTBOX.value, execute(_NAMED, (item, item)).fetchall()))


def lanes(execute: Execute) -> tuple[Lane, ...]:
    """Return what waits in each lane."""
    return tuple(
        Lane(name=str(name), waiting=int(waiting or 0), oldest=from_micros(int(oldest or 0)))
        for name, waiting, oldest in execute(_LANES, ()).fetchall()
    )


def _known(execute: Execute, item_id: RecordId) -> None:
    if not execute(_KNOWN, (item_id,)).fetchall():
        raise StoreError("store.unknown", "no such outbox item")

"""The journal: every record's events as a hash chain over the stored bytes.

The journal is the audit. An entry's hash covers the hash before it and the entry's
canonical CBOR, so an entry can't be changed, dropped or moved without every later
hash of the record changing too.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import attrs

from ikd.core import cbor, structure
from ikd.core.errors import StoreError, TokenError
from ikd.core.records.actor import Role
from ikd.core.records.event import Event
from ikd.core.timing import from_micros, to_micros

GENESIS = bytes(32)  # what the first entry of a record points back to
_DOMAIN = b"ikd/journal/1"
_MAX_ENTRY = 2 * 1024 * 1024  # bytes


@attrs.frozen(kw_only=True)
class By:
    """Who caused an event, as the journal keeps it: a resident only as a pseudonym.

    Attributes:
        role: What the actor is.
        id: A resident's pseudonym; anybody else as the front end stated them.
        office: Office an operator works for, else ``None``.
        station: Counter an operator sits at, else ``None``.
    """

    role: Role
    id: str
    office: str | None = None
    station: str | None = None


@attrs.frozen(kw_only=True)
class Entry:
    """One event of one record, with its place in the chain.

    Attributes:
        kind: Kind of the record.
        id: The record.
        seq: Its place in the journal of that record, from 1.
        at: When it was committed.
        by: Who caused it.
        event: What happened.
        prev: Hash of the entry before; 32 zero bytes for the first.
        hash: Hash of this entry, over *prev* and the stored bytes.
    """

    kind: str
    id: str
    seq: int
    at: datetime
    by: By
    event: Event
    prev: bytes = attrs.field(repr=False)
    hash: bytes = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class StoredEntry:
    """An entry as a store keeps it: *body* is canonical CBOR, never looked into.

    Attributes:
        kind: Kind of the record.
        id: The record.
        seq: Its place in the journal of that record, from 1.
        at: When it was committed.
        body: The entry itself: canonical CBOR.
        prev: Hash of the entry before.
        hash: Hash of this one.
    """

    kind: str
    id: str
    seq: int
    at: datetime
    body: bytes = attrs.field(repr=False)
    prev: bytes = attrs.field(repr=False)
    hash: bytes = attrs.field(repr=False)


def entry_hash(prev: bytes, body: bytes) -> bytes:
    """Return the hash of an entry with *body* that follows the one hashed *prev*."""
    return hashlib.sha256(_DOMAIN + prev + body).digest()


def enter(
    kind: str,
    record_id: str,
    events: Iterable[Event],
    *,
    after: tuple[int, bytes],
    at: datetime,
    by: By,
) -> tuple[StoredEntry, ...]:
    """Return the entries that continue a chain whose last one is *after* (seq, hash)."""
    seq, prev = after
    entries = []
    for happened in events:
        seq += 1
        said = {
            "kind": kind,
            "id": record_id,
            "seq": seq,
            "at": to_micros(at),
            "by": structure.unstructure(by),
            "event": happened.journal_name,
            "data": structure.unstructure(happened),
        }
        body = cbor.encode(said, booleans=True, nulls=True)
        mark = entry_hash(prev, body)
        entries.append(
            StoredEntry(kind=kind, id=record_id, seq=seq, at=at, body=body, prev=prev, hash=mark)
        )
        prev = mark
    return tuple(entries)


def read_entry(stored: StoredEntry, events: Mapping[str, type[Event]]) -> Entry:
    """Return what *stored* says; *events* are those there are, by name.

    Raises:
        StoreError: The bytes are no entry (``journal.damaged``).
    """
    try:
        plain: Any = cbor.decode(
            stored.body, max_depth=16, max_bytes=_MAX_ENTRY, booleans=True, nulls=True
        )
        return Entry(
            kind=plain["kind"],
            id=plain["id"],
            seq=plain["seq"],
            at=from_micros(plain["at"]),
            by=structure.structure(plain["by"], By),
            event=structure.structure(plain["data"], events[plain["event"]]),
            prev=stored.prev,
            hash=stored.hash,
        )
    except (KeyError, TypeError, ValueError, OverflowError) as damage:
        raise StoreError("journal.damaged", f"{stored.kind} entry {stored.seq}") from damage


def is_link(place: tuple[object, ...], prev: object, body: object, mark: object) -> bool:
    """Say whether *mark* is the hash of an entry behind *prev* whose *body* tells that *place*.

    The place is kind, id, number and time, as a store keeps them. Nothing else is read of it.
    """
    if not (isinstance(prev, bytes) and isinstance(body, bytes) and isinstance(mark, bytes)):
        return False
    if not hmac.compare_digest(entry_hash(prev, body), mark):
        return False
    try:
        told = cbor.decode_once(body)
        return (told["kind"], told["id"], told["seq"], told["at"]) == place
    except (TokenError, KeyError, TypeError):
        return False


def check_chain(entries: Iterable[StoredEntry], events: Mapping[str, type[Event]]) -> bytes:
    """Return the hash of the last of one record's *entries*, after checking every link.

    Raises:
        StoreError: A link is missing, moved or changed (``journal.broken``), or an entry
            can't be read (``journal.damaged``).
    """
    prev = GENESIS
    for seq, stored in enumerate(entries, start=1):
        entry = read_entry(stored, events)
        linked = hmac.compare_digest(stored.prev, prev) and hmac.compare_digest(
            stored.hash, entry_hash(prev, stored.body)
        )
        named = (entry.kind, entry.id, entry.seq, entry.at) == (
            stored.kind,
            stored.id,
            seq,
            stored.at,
        )
        if not linked or not named or stored.seq != seq:
            raise StoreError("journal.broken", f"{stored.kind} entry {seq}")
        prev = stored.hash
    return prev

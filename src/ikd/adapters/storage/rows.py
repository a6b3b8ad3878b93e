"""Between the values of the port and the columns of a table, the same for every SQL store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from ikd.core.ports import Found, OutboxItem, OutboxKind, Refusal, Remembered, Row
from ikd.core.records.decision import Claim, Secret
from ikd.core.records.journal import StoredEntry
from ikd.core.timing import from_micros, to_micros

Columns = Sequence[Any]


def stamp(time: datetime | None) -> int | None:
    """Return *time* as stored."""
    return None if time is None else to_micros(time)


def _time(micros: int | None) -> datetime | None:
    return None if micros is None else from_micros(micros)


def from_row(row: Row) -> Columns:
    """Return the columns of a record; kind and id stand last, for ``WHERE``."""
    return (
        row.version,
        row.status,
        row.office,
        stamp(row.due),
        to_micros(row.at),
        row.head,
        row.state,
        row.kind,
        row.id,
    )


def to_row(columns: Columns) -> Row:
    """Return the record of the columns in the order of ``from_row``."""
    version, status, office, due, at, head, state, kind, record_id = columns
    return Row(
        kind=kind,
        id=record_id,
        version=version,
        status=status,
        office=office,
        due=_time(due),
        at=from_micros(at),
        head=head,
        state=state,
    )


def to_found(columns: Columns) -> Found:
    """Return kind, id, version, status, office, due, at as a row of a search."""
    kind, record_id, version, status, office, due, at = columns
    return Found(
        kind=kind,
        id=record_id,
        version=version,
        status=status,
        office=office,
        due=_time(due),
        at=from_micros(at),
    )


def from_entry(entry: StoredEntry) -> Columns:
    """Return the columns of a journal entry."""
    at = to_micros(entry.at)
    return (entry.kind, entry.id, entry.seq, at, entry.body, entry.prev, entry.hash)


def to_entry(columns: Columns) -> StoredEntry:
    """Return the journal entry of the columns in the order of ``from_entry``."""
    kind, record_id, seq, at, body, prev, mark = columns
    return StoredEntry(
        kind=kind, id=record_id, seq=seq, at=from_micros(at), body=body, prev=prev, hash=mark
    )


def from_claim(claim: Claim) -> Columns:
    """Return the columns of a claim or a used token."""
    return (claim.space, claim.key, claim.owner, stamp(claim.until))


def from_secret(secret: Secret) -> Columns:
    """Return the columns of a secret."""
    return (secret.id, secret.kind, secret.owner, secret.value)


def to_secret(columns: Columns) -> Secret:
    """Return the secret of the columns in the order of ``from_secret``."""
    secret_id, kind, owner, value = columns
    return Secret(id=secret_id, kind=kind, owner=owner, value=value)


def from_remembered(one: Remembered) -> Columns:
    """Return the columns of an answered write."""
    return (one.scope, one.key, one.fingerprint, one.kind, one.id, one.first, one.last)


def to_remembered(columns: Columns) -> Remembered:
    """Return the answered write of the columns in the order of ``from_remembered``."""
    scope, key, fingerprint, kind, record_id, first, last = columns
    return Remembered(
        scope=scope,
        key=key,
        fingerprint=fingerprint,
        kind=kind,
        id=record_id,
        first=first,
        last=last,
    )


def from_refusal(refusal: Refusal) -> Columns:
    """Return the columns of a refusal."""
    at = to_micros(refusal.at)
    return (refusal.id, at, refusal.code, refusal.actor, refusal.office, refusal.record_id)


def to_refusal(columns: Columns) -> Refusal:
    """Return the refusal of the columns in the order of ``from_refusal``."""
    refusal_id, at, code, actor, office, record_id = columns
    return Refusal(
        id=refusal_id,
        at=from_micros(at),
        code=code,
        actor=actor,
        office=office,
        record_id=record_id,
    )


def from_item(item: OutboxItem) -> Columns:
    """Return the columns of an outbox item."""
    return (
        item.id,
        item.kind.value,
        item.record_kind,
        item.record_id,
        item.subject,
        item.payload,
        to_micros(item.created_at),
        to_micros(item.not_before),
        item.attempts,
        item.lease,
        item.failure,
    )


def to_item(columns: Columns) -> OutboxItem:
    """Return the outbox item of the columns in the order of ``from_item``."""
    item_id, kind, record_kind, record_id, subject, payload, *rest = columns
    created_at, not_before, attempts, lease, failure = rest
    return OutboxItem(
        id=item_id,
        kind=OutboxKind(kind),
        record_kind=record_kind,
        record_id=record_id,
        subject=subject,
        payload=payload,
        created_at=from_micros(created_at),
        not_before=from_micros(not_before),
        attempts=attempts,
        lease=lease,
        failure=failure,
    )

"""A store in memory: the whole contract, nothing on disk; all is gone when it closes."""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import attrs

from ikd.adapters.storage.memory_commit import Books, apply, check, purge
from ikd.adapters.storage.memory_outbox import Outbox
from ikd.adapters.storage.settling import Settling
from ikd.core.errors import StoreError
from ikd.core.ids import RecordId
from ikd.core.ports import (
    Commit,
    Done,
    Found,
    Horizon,
    OutboxItem,
    OutboxKind,
    Refusal,
    Remembered,
    Row,
)
from ikd.core.records.decision import Secret
from ikd.core.records.journal import StoredEntry
from ikd.core.timing import aware


class MemoryStore:
    """Keeps everything in one process, behind one lock.

    Values are frozen, so what goes in and comes out is never copied.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._books = Books()
        self._outbox = Outbox()
        self._closed = False

    @contextmanager
    def _open(self) -> Iterator[Books]:
        with self._lock:
            if self._closed:
                raise StoreError("store.closed", "the store is closed")
            yield self._books

    def get(self, kind: str, record_id: RecordId) -> Row | None:
        """Return a record, or ``None``."""
        with self._open() as books:
            return books.rows.get((kind, record_id))

    def owner(self, space: str, key: bytes) -> str | None:
        """Return who holds *key* in *space*, or ``None``."""
        with self._open() as books:
            claim = books.claims.get((space, key))
            return claim.owner if claim else None

    def secret(self, secret_id: RecordId) -> Secret | None:
        """Return a secret, or ``None`` when it is deleted or never was."""
        with self._open() as books:
            return books.secrets.get(secret_id)

    def remembered(self, scope: bytes, key: str) -> Remembered | None:
        """Return the answered write of that key, or ``None``."""
        with self._open() as books:
            return books.remembered.get((scope, key))

    def standard(self, digest: str) -> str | None:
        """Return the text of a pinned standard, or ``None``."""
        with self._open() as books:
            return books.standards.get(digest)

    def entries(self, kind: str, record_id: RecordId) -> tuple[StoredEntry, ...]:
        """Return a record's whole journal in order."""
        with self._open() as books:
            journal = books.journal.get((kind, record_id), {})
            return tuple(journal[seq] for seq in sorted(journal))

    def commit(self, commit: Commit) -> None:
        """Write all of *commit* or nothing.

        Raises:
            ConflictError: Something newer was met; nothing was written.
            StoreError: A journal entry or outbox item of that name exists (``store.duplicate``).
        """
        with self._open() as books:
            check(books, self._outbox, commit)
            apply(books, self._outbox, commit)

    def refuse(self, refusal: Refusal) -> None:
        """Keep a security refusal; told twice, it is kept once."""
        aware(refusal.at)
        with self._open() as books:
            books.refusals.setdefault(refusal.id, refusal)

    def refusals(self, *, limit: int = 100) -> tuple[Refusal, ...]:
        """Return the newest refusals, newest first."""
        with self._open() as books:
            kept = books.refusals.values()
            return tuple(heapq.nlargest(limit, kept, key=lambda one: (one.at, one.id)))

    def find(
        self,
        kind: str,
        *,
        office: str | None = None,
        status: str | None = None,
        limit: int = 100,
        after: RecordId | None = None,
    ) -> tuple[Found, ...]:
        """Return records in order of id, starting behind *after*."""
        with self._open() as books:
            rows = (
                row
                for row in books.rows.values()
                if row.kind == kind
                and office in {None, row.office}
                and status in {None, row.status}
                and row.id > (after or "")
            )
            return _found(rows, limit, lambda row: row.id)

    def overdue(
        self, now: datetime, *, limit: int = 100, after: Found | None = None
    ) -> tuple[Found, ...]:
        """Return the records whose ``due`` is not after *now*, oldest first, behind *after*."""
        now = aware(now)
        with self._open() as books:
            rows = (row for row in books.rows.values() if row.due is not None and row.due <= now)
            behind = (row for row in rows if after is None or _turn(row) > _turn(after))
            return _found(behind, limit, _turn)

    def lease(
        self, now: datetime, *, until: datetime, limit: int, kind: OutboxKind | None = None
    ) -> tuple[OutboxItem, ...]:
        """Take up to *limit* waiting items that are due and not leased, until *until*."""
        with self._open():
            return self._outbox.lease(aware(now), aware(until), limit, kind)

    def settle(
        self,
        item_id: RecordId,
        done: Done,
        *,
        lease: int,
        now: datetime,
        not_before: datetime | None = None,
        failure: str | None = None,
    ) -> None:
        """End the lease of that number; only an end is taken from one that isn't the item's own."""
        how = Settling.of(done, lease=lease, now=now, not_before=not_before, failure=failure)
        with self._open():
            self._outbox.settle(item_id, how)

    def outbox(self, done: Done, *, limit: int = 100) -> tuple[OutboxItem, ...]:
        """Return items in that state, oldest first."""
        with self._open():
            return self._outbox.listed(done, limit)

    def unpark(self, item_id: RecordId, *, now: datetime) -> None:
        """Let a parked item be tried again, its attempts counted anew."""
        with self._open():
            self._outbox.unpark(item_id, aware(now))

    def newest(self) -> datetime | None:
        """Return the time of the newest journal entry, or ``None`` in an empty store."""
        with self._open() as books:
            return books.newest

    def purge(self, before: Horizon) -> int:
        """Drop what is older than *before* allows; return how many rows that were."""
        with self._open() as books:
            return purge(books, before) + self._outbox.purge(before.ended)

    def close(self) -> None:
        """Forget everything; calling it twice is fine."""
        with self._lock:
            self._closed = True
            self._books = Books()
            self._outbox = Outbox()


def _turn(row: Row | Found) -> tuple[datetime | None, str, str]:
    return (row.due, row.kind, row.id)


def _found(rows: Iterable[Row], limit: int, order: Callable[[Row], Any]) -> tuple[Found, ...]:
    names = [field.name for field in attrs.fields(Found)]
    first = heapq.nsmallest(limit, rows, key=order)
    return tuple(Found(**{name: getattr(row, name) for name in names}) for row in first)

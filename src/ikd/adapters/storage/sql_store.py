"""The store on any SQL database that a session speaks to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TypeVar

from ikd.adapters.storage import migrate, sql_commit, sql_outbox, sql_purge
from ikd.adapters.storage.session import Execute, GivenUpError, Session, Value
from ikd.adapters.storage.tables import (
    ANSWERS,
    FOUND,
    JOURNAL,
    RECORDS,
    REFUSALS,
    SECRETS,
    Table,
    kept,
)
from ikd.core.ids import RecordId
from ikd.core.ports import (
    Commit,
    Done,
    Found,
    Horizon,
    Lane,
    OutboxItem,
    Refusal,
    Remembered,
    Row,
    Settled,
)
from ikd.core.records.decision import Secret
from ikd.core.records.journal import StoredEntry
from ikd.core.timing import from_micros, to_micros

T = TypeVar("T")

_TRIES = 20  # of a transaction that the database gives up for others
_OWNER = "SELECT owner FROM claims WHERE space = ? AND key = ?"
_STANDARD = "SELECT text FROM standards WHERE digest = ?"
_NEWEST = "SELECT max(at) FROM journal"
_ENTRIES = "WHERE kind = ? AND id = ? ORDER BY seq"
_REFUSALS = "ORDER BY at DESC, id DESC LIMIT ?"
_DUE = "WHERE due IS NOT NULL AND due <= ?"
_BEHIND = "AND (due, kind, id) > (?, ?, ?)"
_IN_TURN = "ORDER BY due, kind, id LIMIT ?"


class SqlStore:
    """Keeps everything in one SQL database; an answered commit is as durable as that makes it."""

    def __init__(self, session: Session) -> None:
        """Open the store behind *session*, making the tables of an empty database.

        Raises:
            StoreError: It can't be used; the code says why. An older database says
                ``store.older``: nothing is migrated unasked.
        """
        self._session = session
        try:
            migrate.open_schema(session)
        except BaseException:
            session.close()
            raise

    def get(self, kind: str, record_id: RecordId) -> Row | None:
        """Return a record, or ``None``."""
        return self._one(RECORDS, kind, record_id)

    def owner(self, space: str, key: bytes) -> str | None:
        """Return who holds *key* in *space*, or ``None``."""
        return self._text(_OWNER, space, key)

    def secret(self, secret_id: RecordId) -> Secret | None:
        """Return a secret, or ``None`` when it is deleted or never was."""
        return self._one(SECRETS, secret_id)

    def remembered(self, scope: bytes, key: str) -> Remembered | None:
        """Return the answered write of that key, or ``None``."""
        return self._one(ANSWERS, scope, key)

    def standard(self, digest: str) -> str | None:
        """Return the text of a pinned standard, or ``None``."""
        return self._text(_STANDARD, digest)

    def entries(self, kind: str, record_id: RecordId) -> tuple[StoredEntry, ...]:
        """Return a record's whole journal in order."""
        return self._all(JOURNAL, _ENTRIES, kind, record_id)

    def commit(self, commit: Commit) -> None:
        """Write all of *commit* or nothing; returns only once it is durable.

        Raises:
            ConflictError: Something newer was met; nothing was written.
            StoreError: A journal entry or outbox item of that name exists
                (``store.duplicate``), an item to settle doesn't (``store.unknown``), or the
                database failed.
        """
        dialect = self._session.dialect
        self._write(partial(sql_commit.apply, dialect=dialect, commit=commit))

    def refuse(self, refusal: Refusal) -> None:
        """Keep a security refusal; told twice, it is kept once."""
        self._write(partial(sql_commit.refuse, refusal=refusal))

    def refusals(self, *, limit: int = 100) -> tuple[Refusal, ...]:
        """Return the newest refusals, newest first."""
        return self._all(REFUSALS, _REFUSALS, max(limit, 0))

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
        wanted = {"kind": kind, "office": office, "status": status}
        asked = {name: value for name, value in wanted.items() if value is not None}
        named = " AND ".join(f"{name} = ?" for name in asked)
        rest = f"WHERE {named} AND id > ? ORDER BY id LIMIT ?"
        return self._all(FOUND, rest, *asked.values(), after or "", max(limit, 0))

    def overdue(
        self, now: datetime, *, limit: int = 100, after: Found | None = None
    ) -> tuple[Found, ...]:
        """Return the records whose ``due`` is not after *now*, oldest first, behind *after*."""
        behind = () if after is None else (kept(after.due), after.kind, after.id)
        rest = " ".join((_DUE, _BEHIND if behind else "", _IN_TURN))
        return self._all(FOUND, rest, to_micros(now), *behind, max(limit, 0))

    def lease(
        self, lane: str, *, holder: str, now: datetime, until: datetime, limit: int
    ) -> tuple[OutboxItem, ...]:
        """Take up to *limit* waiting items of *lane* that are due and not leased, until *until*."""
        free = partial(sql_outbox.free, lane=lane, now=now)
        if not self._session.read(partial(free, limit=min(limit, 1))):
            return ()  # an idle worker never stands in a writer's way
        chosen = partial(free, limit=limit, skip=self._session.dialect.skip)
        return self._write(
            lambda execute: sql_outbox.lease(execute, chosen(execute), holder, until)
        )

    def renew(
        self, holder: str, leases: Mapping[RecordId, int], *, until: datetime
    ) -> frozenset[RecordId]:
        """Hold those leases of *holder* until *until*; return the items it still holds."""
        return self._write(partial(sql_outbox.renew, holder=holder, leases=leases, until=until))

    def settle(self, settled: Settled) -> None:
        """End a lease; only an end is taken from one that isn't the item's own."""
        self._write(partial(sql_outbox.settle, how=settled))

    def lanes(self) -> tuple[Lane, ...]:
        """Return what waits in each lane that holds anything, by name."""
        return self._session.read(sql_outbox.lanes)

    def outbox(self, done: Done, *, limit: int = 100) -> tuple[OutboxItem, ...]:
        """Return items in that state, oldest first."""
        return self._session.read(partial(sql_outbox.listed, done=done, limit=limit))

    def unpark(self, item_id: RecordId, *, now: datetime) -> None:
        """Let a parked item be tried again, its attempts counted anew."""
        self._write(partial(sql_outbox.unpark, item_id=item_id, now=now))

    def newest(self) -> datetime | None:
        """Return the time of the newest journal entry, or ``None`` in an empty store."""
        ((newest,),) = self._rows(_NEWEST)
        return None if newest is None else from_micros(int(newest))

    def purge(self, before: Horizon) -> int:
        """Drop what is older than *before* allows; return how many rows that were."""
        self._session.tidy()
        if not self._session.read(partial(sql_purge.is_due, before=before)):
            return 0
        return self._write(partial(sql_purge.purge, before=before))

    def close(self) -> None:
        """Release files and connections; calling it twice is fine."""
        self._session.close()

    def _write(self, act: Callable[[Execute], T]) -> T:
        """Return what *act* does in one transaction, made again while others come between.

        Only so does a commit learn *what* it clashes with where the database says no more
        than that something else was faster.
        """
        left = _TRIES
        while True:
            left -= 1
            try:
                with self._session.writing() as execute:
                    migrate.compare(execute, self._session.dialect)
                    return act(execute)
            except GivenUpError:
                if not left:
                    raise

    def _rows(self, query: str, *values: Value) -> Sequence[Sequence[Value]]:
        return self._session.read(lambda execute: execute(query, values).fetchall())

    def _all(self, table: Table[T], rest: str, *values: Value) -> tuple[T, ...]:
        query = f"{table.select} {rest}"
        return self._session.read(
            lambda execute: tuple(map(table.value, execute(query, values).fetchall()))
        )

    def _one(self, table: Table[T], *key: Value) -> T | None:
        found = self._all(table, f"WHERE {table.named}", *key)
        return found[0] if found else None

    def _text(self, query: str, *key: Value) -> str | None:
        found = self._rows(query, *key)
        return str(found[0][0]) if found else None

"""The store on SQLite: one file, one machine, any number of processes on it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from ikd.adapters.storage import rows, sql_commit, sql_outbox, sql_purge, sql_search
from ikd.adapters.storage.settling import Settling
from ikd.adapters.storage.sql_commit import Execute
from ikd.adapters.storage.sqlite_errors import wrapped
from ikd.adapters.storage.sqlite_file import prepare, sqlite_path, wal_is_safe
from ikd.adapters.storage.sqlite_schema import migrate
from ikd.adapters.storage.sqlite_session import Session
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
from ikd.core.timing import from_micros

__all__ = ["SqliteStore", "sqlite_path", "wal_is_safe"]

T = TypeVar("T")


class SqliteStore:
    """Keeps everything in one SQLite database; an answered commit is on the disk.

    The file must lie on a local disk: locks of network file systems can't be trusted.
    """

    def __init__(self, path: Path, *, timeout: float = 30) -> None:
        """Open *path*, making the file (0600), its folder (0700) and tables if missing.

        Args:
            path: The database file.
            timeout: Seconds that a call waits for other threads and processes.

        Raises:
            StoreError: It can't be used; the code says why.
        """
        with wrapped():
            prepare(path)
        wal = wal_is_safe(sqlite3.sqlite_version_info)
        self._session = Session(path, wal=wal, timeout=timeout)
        try:
            migrate(self._session)
        except BaseException:
            self._session.close()
            raise

    @classmethod
    def open(cls, url: str) -> SqliteStore:
        """Return the store of a ``sqlite:///`` URL."""
        return cls(sqlite_path(url))

    def get(self, kind: str, record_id: RecordId) -> Row | None:
        """Return a record, or ``None``."""
        return self._one(sql_search.ROW, (kind, record_id), rows.to_row)

    def owner(self, space: str, key: bytes) -> str | None:
        """Return who holds *key* in *space*, or ``None``."""
        return self._one(sql_search.OWNER, (space, key), _text)

    def secret(self, secret_id: RecordId) -> Secret | None:
        """Return a secret, or ``None`` when it is deleted or never was."""
        return self._one(sql_search.KEPT, (secret_id,), rows.to_secret)

    def remembered(self, scope: bytes, key: str) -> Remembered | None:
        """Return the answered write of that key, or ``None``."""
        return self._one(sql_search.REMEMBERED, (scope, key), rows.to_remembered)

    def standard(self, digest: str) -> str | None:
        """Return the text of a pinned standard, or ``None``."""
        return self._one(sql_search.STANDARD, (digest,), _text)

    def entries(self, kind: str, record_id: RecordId) -> tuple[StoredEntry, ...]:
        """Return a record's whole journal in order."""
        return self._all(sql_search.ENTRIES, (kind, record_id), rows.to_entry)

    def commit(self, commit: Commit) -> None:
        """Write all of *commit* or nothing; returns only once it is durable.

        Raises:
            ConflictError: Something newer was met; nothing was written.
            StoreError: A journal entry or outbox item of that name exists
                (``store.duplicate``), or the database failed.
        """
        with self._session.writing() as connection:
            sql_commit.apply(connection.execute, commit)

    def refuse(self, refusal: Refusal) -> None:
        """Keep a security refusal; told twice, it is kept once."""
        with self._session.writing() as connection:
            sql_commit.refuse(connection.execute, refusal)

    def refusals(self, *, limit: int = 100) -> tuple[Refusal, ...]:
        """Return the newest refusals, newest first."""
        return self._all(sql_search.REFUSALS, (max(limit, 0),), rows.to_refusal)

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
        return self._read(
            partial(
                sql_search.find, kind=kind, office=office, status=status, limit=limit, after=after
            )
        )

    def overdue(
        self, now: datetime, *, limit: int = 100, after: Found | None = None
    ) -> tuple[Found, ...]:
        """Return the records whose ``due`` is not after *now*, oldest first, behind *after*."""
        return self._read(partial(sql_search.overdue, now=now, limit=limit, after=after))

    def lease(
        self, now: datetime, *, until: datetime, limit: int, kind: OutboxKind | None = None
    ) -> tuple[OutboxItem, ...]:
        """Take up to *limit* waiting items that are due and not leased, until *until*."""
        if not self._read(partial(sql_outbox.free, now=now, limit=min(limit, 1), kind=kind)):
            return ()  # an idle worker never stands in a writer's way
        with self._session.writing() as connection:
            item_ids = sql_outbox.free(connection.execute, now, limit, kind)
            return sql_outbox.lease(connection.execute, item_ids, until)

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
        with self._session.writing() as connection:
            sql_outbox.settle(connection.execute, item_id, how)

    def outbox(self, done: Done, *, limit: int = 100) -> tuple[OutboxItem, ...]:
        """Return items in that state, oldest first."""
        return self._read(partial(sql_outbox.listed, done=done, limit=limit))

    def unpark(self, item_id: RecordId, *, now: datetime) -> None:
        """Let a parked item be tried again, its attempts counted anew."""
        with self._session.writing() as connection:
            sql_outbox.unpark(connection.execute, item_id, now)

    def newest(self) -> datetime | None:
        """Return the time of the newest journal entry, or ``None`` in an empty store."""
        (newest,) = self._all(sql_search.NEWEST, (), lambda columns: columns[0])
        return None if newest is None else from_micros(newest)

    def purge(self, before: Horizon) -> int:
        """Drop what is older than *before* allows; return how many rows that were."""
        self._session.truncate_log()
        if not self._read(partial(sql_purge.is_due, before=before)):
            return 0
        with self._session.writing() as connection:
            return sql_purge.purge(connection.execute, before)

    def close(self) -> None:
        """Release files and connections; calling it twice is fine."""
        self._session.close()

    def _all(
        self, query: str, values: rows.Columns, make: Callable[[rows.Columns], T]
    ) -> tuple[T, ...]:
        return self._read(lambda execute: tuple(map(make, execute(query, values).fetchall())))

    def _read(self, act: Callable[[Execute], T]) -> T:
        return self._session.read(lambda connection: act(connection.execute))

    def _one(self, query: str, values: rows.Columns, make: Callable[[rows.Columns], T]) -> T | None:
        found = self._all(query, values, make)
        return found[0] if found else None


def _text(columns: rows.Columns) -> str:
    return str(columns[0])

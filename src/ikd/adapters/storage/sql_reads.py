"""What a SQL store reads; nothing here waits for who writes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import TypeVar

import attrs

from ikd.adapters.storage import sql_outbox
from ikd.adapters.storage.session import Session, Value
from ikd.adapters.storage.tables import (
    ANSWERS,
    FOUND,
    JOURNAL,
    LOOKS,
    RECORDS,
    REFUSALS,
    SECRETS,
    Table,
    kept,
)
from ikd.core.ids import RecordId
from ikd.core.ports import Done, Found, Lane, Look, OutboxItem, Refusal, Remembered, Row
from ikd.core.records.decision import Secret
from ikd.core.records.journal import StoredEntry
from ikd.core.timing import from_micros, to_micros

T = TypeVar("T", bound=attrs.AttrsInstance)

_OWNER = "SELECT owner FROM claims WHERE space = ? AND key = ?"
_STANDARD = "SELECT text FROM standards WHERE digest = ?"
_NEWEST = "SELECT max(at) FROM journal"
_ENTRIES = "WHERE kind = ? AND id = ? ORDER BY seq"
_REFUSALS = "ORDER BY at DESC, id DESC LIMIT ?"
_LOOKS = "ORDER BY time DESC, id DESC LIMIT ?"
_DUE = "WHERE due IS NOT NULL AND due <= ?"
_BEHIND = "AND (due, kind, id) > (?, ?, ?)"
_IN_TURN = "ORDER BY due, kind, id LIMIT ?"


class SqlReads:
    """The reading half of a store."""

    _session: Session

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

    def refusals(self, *, limit: int = 100) -> tuple[Refusal, ...]:
        """Return the newest refusals, newest first."""
        return self._all(REFUSALS, _REFUSALS, max(limit, 0))

    def looks(
        self,
        *,
        actor: str | None = None,
        record: tuple[str, RecordId] | None = None,
        limit: int = 100,
    ) -> tuple[Look, ...]:
        """Return the newest looks, newest first: of an actor, at a record, or all."""
        kind, number = record or (None, None)
        asked = {"actor": actor, "kind": kind, "record": number}
        asked = {name: value for name, value in asked.items() if value is not None}
        rest = f"{_where(asked)} {_LOOKS}"
        return self._all(LOOKS, rest, *asked.values(), max(limit, 0))

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
        rest = f"{_where(asked)} AND id > ? ORDER BY id LIMIT ?"
        return self._all(FOUND, rest, *asked.values(), after or "", max(limit, 0))

    def overdue(
        self, now: datetime, *, limit: int = 100, after: Found | None = None
    ) -> tuple[Found, ...]:
        """Return the records whose ``due`` is not after *now*, oldest first, behind *after*."""
        behind = () if after is None else (kept(after.due), after.kind, after.id)
        rest = " ".join((_DUE, _BEHIND if behind else "", _IN_TURN))
        return self._all(FOUND, rest, to_micros(now), *behind, max(limit, 0))

    def lanes(self) -> tuple[Lane, ...]:
        """Return what waits in each lane that holds anything, by name."""
        return self._session.read(sql_outbox.lanes)

    def outbox(self, done: Done, *, limit: int = 100) -> tuple[OutboxItem, ...]:
        """Return items in that state, oldest first."""
        return self._session.read(partial(sql_outbox.listed, done=done, limit=limit))

    def newest(self) -> datetime | None:
        """Return the time of the newest journal entry, or ``None`` in an empty store."""
        ((newest,),) = self._rows(_NEWEST)
        return None if newest is None else from_micros(int(newest))

    def rows_after(self, kind: str, record_id: str, *, limit: int) -> tuple[Row, ...]:
        """Return whole records of every kind in order of their names, behind that one."""
        rest = "WHERE (kind, id) > (?, ?) ORDER BY kind, id LIMIT ?"
        return self._all(RECORDS, rest, kind, record_id, max(limit, 0))

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


def _where(asked: Iterable[str]) -> str:
    named = " AND ".join(f"{name} = ?" for name in asked)
    return f"WHERE {named}" if named else ""

"""What a SQL store reads; nothing here waits for who writes."""

# ruff: noqa: S608 - statements are made of names that stand in this package, never of values

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TypeVar

import attrs

from ikd.adapters.storage import sql_outbox
from ikd.adapters.storage.session import Session, Value
from ikd.adapters.storage.tables import (
    ANSWERS,
    CLAIMS,
    FOUND,
    JOURNAL,
    LOOKS,
    RECORDS,
    REFUSALS,
    SECRETS,
    WHOLE,
    Table,
    kept,
)
from ikd.core.ids import RecordId
from ikd.core.ports import (
    Done,
    Found,
    Lane,
    Late,
    Look,
    OutboxItem,
    PagePlace,
    Refusal,
    Remembered,
    Row,
    Span,
)
from ikd.core.records.decision import Claim, Secret
from ikd.core.records.journal import StoredEntry
from ikd.core.timing import from_micros, to_micros

T = TypeVar("T", bound=attrs.AttrsInstance)

_CLAIMED = "WHERE space = ? AND key > ? ORDER BY key LIMIT ?"
_STANDARD = "SELECT text FROM standards WHERE digest = ?"
_NEWEST = "SELECT at FROM journal WHERE TRUE"
_AHEAD = "SELECT min(at), max(at) FROM journal WHERE at > ?"
_ENTRIES = "WHERE kind = ? AND id = ? ORDER BY seq"
_REFUSALS = "ORDER BY at DESC, id DESC LIMIT ?"
_LOOKS = "ORDER BY time DESC, id DESC LIMIT ?"
_DUE = "WHERE due IS NOT NULL AND due <= ?"
_BEHIND = "AND (due, kind, id) > (?, ?, ?)"
_WAITING = "WHERE waits = ? AND desk = ?"
_LATE = "AND (since <= ? OR limit_at <= ?)"
_LIMITED = "AND limit_at IS NOT NULL AND (limit_at, id) > (?, ?) ORDER BY limit_at, id LIMIT ?"
_UNLIMITED = "AND limit_at IS NULL AND id > ? ORDER BY id LIMIT ?"
SCANNED = 1000  # rows of a page
_FIRST = (-(2**62), "")
_IN_TURN = "ORDER BY due, kind, id LIMIT ?"


class SqlReads:
    """The reading half of a store."""

    _session: Session

    def get(self, kind: str, record_id: RecordId) -> Row | None:
        """Return a record, or ``None``."""
        return self._one(RECORDS, kind, record_id)

    def claim(self, space: str, key: bytes) -> Claim | None:
        """Return the claim on *key* in *space*, or the used token of that key, or ``None``."""
        return self._one(CLAIMS, space, key)

    def claims(self, space: str, *, after: bytes = b"", limit: int = 100) -> tuple[Claim, ...]:
        """Return the claims in *space* in order of their keys, behind *after*."""
        return self._listed(CLAIMS, _CLAIMED, space, after, max(limit, 0))

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
        return self._listed(REFUSALS, _REFUSALS, max(limit, 0))

    def looks(
        self,
        *,
        actor: str | None = None,
        record: tuple[str, RecordId] | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int = 100,
    ) -> tuple[Look, ...]:
        """Return the newest looks, newest first: of an actor, at a record, or all."""
        kind, number = record or (None, None)
        asked = {
            "actor = ?": actor,
            "kind = ?": kind,
            "record = ?": number,
            "time >= ?": kept(since),
            "time < ?": kept(until),
        }
        given = {condition: value for condition, value in asked.items() if value is not None}
        rest = f"WHERE {' AND '.join(['TRUE', *given])} {_LOOKS}"
        return self._listed(LOOKS, rest, *given.values(), max(limit, 0))

    def find(
        self,
        kind: str,
        *,
        office: str | None = None,
        status: str | None = None,
        limit: int = 100,
        after: RecordId | None = None,
    ) -> tuple[Row, ...]:
        """Return records in order of id, starting behind *after*."""
        wanted = {"kind": kind, "office": office, "status": status}
        asked = {name: value for name, value in wanted.items() if value is not None}
        rest = f"{_where(asked)} AND id > ? ORDER BY id LIMIT ?"
        return self._listed(RECORDS, rest, *asked.values(), after or "", max(limit, 0))

    def overdue(
        self, now: datetime, *, limit: int = 100, after: Found | None = None
    ) -> tuple[Found, ...]:
        """Return the records whose ``due`` is not after *now*, oldest first, behind *after*."""
        behind = () if after is None else (kept(after.due), after.kind, after.id)
        rest = " ".join((_DUE, _BEHIND if behind else "", _IN_TURN))
        return self._listed(FOUND, rest, to_micros(now), *behind, max(limit, 0))

    def waiting(
        self,
        role: str,
        desk: str,
        *,
        late: Late | None = None,
        limit: int = 100,
        after: PagePlace | None = None,
    ) -> tuple[Found, ...]:
        """Return the records that wait for *role* at *desk*, in order of limit and id.

        Two questions, since databases differ in where a missing limit stands.
        """
        asked = f"{_WAITING} {_LATE if late else ''}"
        values = (role, desk, *(map(to_micros, attrs.astuple(late)) if late else ()))
        limit_at, behind = after or (None, "")
        found: tuple[Found, ...] = ()
        if after is None or limit_at is not None:
            first = _FIRST if limit_at is None else (to_micros(limit_at), behind)
            found = self._listed(FOUND, f"{asked} {_LIMITED}", *values, *first, max(limit, 0))
            behind = ""
        rest = max(limit, 0) - len(found)
        return (*found, *self._listed(FOUND, f"{asked} {_UNLIMITED}", *values, behind, rest))

    def lanes(self) -> tuple[Lane, ...]:
        """Return what waits in each lane that holds anything, by name."""
        return self._session.read(sql_outbox.lanes)

    def outbox(
        self, done: Done, *, limit: int = 100, subject: RecordId | None = None
    ) -> tuple[OutboxItem, ...]:
        """Return items in that state, oldest first; only those of *subject* if told so."""
        listed = partial(sql_outbox.listed, done=done, limit=limit, subject=subject)
        return self._session.read(listed)

    def item(self, named: RecordId) -> OutboxItem | None:
        """Return what is owed under that id or about that subject, or ``None``."""
        found = self._session.read(partial(sql_outbox.named, item=named))
        return found[0] if found else None

    def newest(self, *, outside: Sequence[Span] = ()) -> datetime | None:
        """Return the time of the newest journal entry *outside* those spans, or ``None``."""
        left_out = " AND NOT at BETWEEN ? AND ?" * len(outside)
        times = (to_micros(time) for span in outside for time in span)
        found = self._rows(f"{_NEWEST}{left_out} ORDER BY at DESC LIMIT 1", *times)
        return from_micros(int(found[0][0] or 0)) if found else None

    def ahead(self, of: datetime) -> Span | None:
        """Return the times of the first and the newest entry after *of*, or ``None``."""
        ((first, last),) = self._rows(_AHEAD, to_micros(of))
        if first is None or last is None:
            return None
        return from_micros(int(first)), from_micros(int(last))

    def rows_after(self, kind: str, record_id: str, *, limit: int) -> tuple[Row, ...]:
        """Return whole records of every kind in order of their names, behind that one."""
        rest = "WHERE (kind, id) > (?, ?) ORDER BY kind, id LIMIT ?"
        return self._all(RECORDS, rest, kind, record_id, max(limit, 0))

    def columns(self) -> Mapping[str, tuple[str, ...]]:
        """Return the columns of each table in the order of ``scan``."""
        return {name: columns for name, (columns, _) in WHOLE.items()}

    def scan(
        self, table: str, *, after: Sequence[Value] = (), upto: Sequence[Value] = ()
    ) -> Iterator[Sequence[Value]]:
        """Yield the rows of *table* as they are kept, in order of their keys, page by page.

        They stand behind *after* and no further than *upto*, which may name the first columns of
        a key alone. What changes meanwhile is met as it is when its page is read.
        """
        columns, key = WHOLE[table]
        places = [columns.index(name) for name in key]
        while True:
            query, values = _page(table, after, upto)
            page = self._rows(query, *values)
            yield from page
            if len(page) < SCANNED:
                return
            after = [page[-1][place] for place in places]

    def _rows(self, query: str, *values: Value) -> Sequence[Sequence[Value]]:
        return self._session.read(lambda execute: execute(query, values).fetchall())

    def _all(self, table: Table[T], rest: str, *values: Value) -> tuple[T, ...]:
        query = f"{table.select} {rest}"
        return self._session.read(
            lambda execute: tuple(map(table.value, execute(query, values).fetchall()))
        )

    def _listed(self, table: Table[T], rest: str, *values: Value) -> tuple[T, ...]:
        rows = self._rows(f"{table.select} {rest}", *values)
        return tuple(table.readable(rows))

    def _one(self, table: Table[T], *key: Value) -> T | None:
        found = self._all(table, f"WHERE {table.named}", *key)
        return found[0] if found else None

    def _text(self, query: str, *key: Value) -> str | None:
        found = self._rows(query, *key)
        return str(found[0][0]) if found else None


def _page(
    table: str, after: Sequence[Value], upto: Sequence[Value]
) -> tuple[str, tuple[Value, ...]]:
    """Return the question for one page of a table, and its values."""
    columns, key = WHOLE[table]
    bounds = [
        f"({', '.join(key[: len(values)])}) {sign} ({', '.join('?' * len(values))})"
        for sign, values in ((">", after), ("<=", upto))
        if values
    ]
    where = f"WHERE {' AND '.join(bounds)}" if bounds else ""
    order = f"ORDER BY {', '.join(key)} LIMIT {SCANNED}"
    return (f"SELECT {', '.join(columns)} FROM {table} {where} {order}", (*after, *upto))


def _where(asked: Iterable[str]) -> str:
    named = " AND ".join(f"{name} = ?" for name in asked)
    return f"WHERE {named}" if named else ""

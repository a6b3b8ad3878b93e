"""Single reads and searches in SQL."""

from __future__ import annotations

from datetime import datetime

from ikd.adapters.storage import rows
from ikd.adapters.storage.sql_commit import Execute
from ikd.core.ids import RecordId
from ikd.core.ports import Found
from ikd.core.timing import to_micros

ROW = (
    "SELECT version, status, office, due, at, head, state, kind, id FROM records"
    " WHERE kind = ? AND id = ?"
)
ENTRIES = (
    "SELECT kind, id, seq, at, body, prev, hash FROM journal WHERE kind = ? AND id = ? ORDER BY seq"
)
OWNER = "SELECT owner FROM claims WHERE space = ? AND key = ?"
KEPT = "SELECT id, kind, owner, value FROM secrets WHERE id = ?"
REMEMBERED = (
    "SELECT scope, key, fingerprint, kind, id, first, last FROM idempotency"
    " WHERE scope = ? AND key = ?"
)
STANDARD = "SELECT text FROM standards WHERE digest = ?"
REFUSALS = (
    "SELECT id, at, code, actor, office, record_id FROM refusals ORDER BY at DESC, id DESC LIMIT ?"
)
NEWEST = "SELECT max(at) FROM journal"

_FIND = "SELECT kind, id, version, status, office, due, at FROM records"
_DUE = " WHERE due IS NOT NULL AND due <= ?"
_BEHIND = " AND (due, kind, id) > (?, ?, ?)"
_IN_TURN = " ORDER BY due, kind, id LIMIT ?"


def find(
    execute: Execute,
    *,
    kind: str,
    office: str | None,
    status: str | None,
    limit: int,
    after: RecordId | None,
) -> tuple[Found, ...]:
    """Return records in order of id, starting behind *after*."""
    wanted = {"kind = ?": kind, "id > ?": after or "", "office = ?": office, "status = ?": status}
    asked = {clause: value for clause, value in wanted.items() if value is not None}
    query = " ".join((_FIND, "WHERE", " AND ".join(asked), "ORDER BY id LIMIT ?"))
    found = execute(query, (*asked.values(), max(limit, 0))).fetchall()
    return tuple(map(rows.to_found, found))


def overdue(execute: Execute, now: datetime, limit: int, after: Found | None) -> tuple[Found, ...]:
    """Return the records whose ``due`` is not after *now*, oldest first, behind *after*."""
    behind = () if after is None else (rows.stamp(after.due), after.kind, after.id)
    query = _FIND + _DUE + (_BEHIND if behind else "") + _IN_TURN
    found = execute(query, (to_micros(now), *behind, max(limit, 0))).fetchall()
    return tuple(map(rows.to_found, found))

"""A commit in SQL, inside a transaction that the store opens and ends.

The statements hold nothing of SQLite's own; ``?`` stands for a value.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from ikd.adapters.storage import rows
from ikd.core.errors import ConflictError
from ikd.core.ports import Commit, Put, Refusal
from ikd.core.records.decision import Claim
from ikd.core.timing import to_micros


class Cursor(Protocol):
    """What a statement gives back."""

    @property
    def rowcount(self) -> int:
        """How many rows it changed."""

    def fetchall(self) -> list[Any]:
        """Return all its rows."""


Execute = Callable[[str, rows.Columns], Cursor]

_KEY = (
    "INSERT INTO idempotency (scope, key, fingerprint, kind, id, first, last, at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (scope, key) DO NOTHING"
)
_VERSION = "SELECT version FROM records WHERE kind = ? AND id = ?"
_INSERT = (
    "INSERT INTO records (version, status, office, due, at, head, state, kind, id)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (kind, id) DO NOTHING"
)
_UPDATE = (
    "UPDATE records SET version = ?, status = ?, office = ?, due = ?, at = ?, head = ?, state = ?"
    " WHERE kind = ? AND id = ? AND version = ?"
)
_ENTRY = "INSERT INTO journal (kind, id, seq, at, body, prev, hash) VALUES (?, ?, ?, ?, ?, ?, ?)"
_RELEASE = "DELETE FROM claims WHERE space = ? AND key = ? AND owner = ?"
_TAKE = (
    "INSERT INTO claims (space, key, owner, until) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (space, key) DO UPDATE SET until = excluded.until"
    " WHERE claims.owner = excluded.owner"
)
_USE = (
    "INSERT INTO claims (space, key, owner, until) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (space, key) DO NOTHING"
)
_FORGET = "DELETE FROM secrets WHERE id = ?"
_WRITE = (
    "INSERT INTO secrets (id, kind, owner, value) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (id) DO UPDATE"
    " SET kind = excluded.kind, owner = excluded.owner, value = excluded.value"
)
_VOID = (
    "UPDATE outbox SET done = 'void', payload = ?, leased = NULL, ended = ?"
    " WHERE subject = ? AND done IN ('waiting', 'parked')"
)
_OWE = (
    "INSERT INTO outbox (id, kind, record_kind, record_id, subject, payload, created_at,"
    " not_before, attempts, lease, failure, done)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting')"
)
_REFUSAL = (
    "INSERT INTO refusals (id, at, code, actor, office, record_id) VALUES (?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (id) DO NOTHING"
)
_STANDARD = "INSERT INTO standards (digest, text) VALUES (?, ?) ON CONFLICT (digest) DO NOTHING"


def apply(execute: Execute, commit: Commit) -> None:
    """Write *commit*; whoever called rolls back when this raises.

    Raises:
        ConflictError: The first clash, in the contract's order: key, version, claim, token.
    """
    at = to_micros(commit.at)
    if commit.remembered is not None:
        _must(execute(_KEY, (*rows.from_remembered(commit.remembered), at)), "key")
    _versions(execute, commit)
    _claims(execute, commit)
    for entry in commit.entries:
        execute(_ENTRY, rows.from_entry(entry))
    _secrets(execute, commit)
    _owed(execute, commit, at)
    if commit.refusal is not None:
        refuse(execute, commit.refusal)
    for pinned in commit.standards:
        execute(_STANDARD, pinned)


def refuse(execute: Execute, refusal: Refusal) -> None:
    """Keep a refusal; told twice, it is kept once."""
    execute(_REFUSAL, rows.from_refusal(refusal))


def _must(cursor: Cursor, clash: str) -> None:
    if cursor.rowcount != 1:
        raise ConflictError(clash)


def _versions(execute: Execute, commit: Commit) -> None:
    for read in commit.reads:
        found = execute(_VERSION, (read.kind, read.id)).fetchall()
        if (found[0][0] if found else 0) != read.version:
            raise ConflictError("version")
    for put in commit.puts:
        _must(_put(execute, put), "version")


def _put(execute: Execute, put: Put) -> Cursor:
    columns = rows.from_row(put.row)
    if put.expected == 0:
        return execute(_INSERT, columns)
    return execute(_UPDATE, (*columns, put.expected))


def _claims(execute: Execute, commit: Commit) -> None:
    # releases first: a newer visit takes what the older case lets go in the same commit
    for release in commit.releases:
        execute(_RELEASE, _held(release))
    for take in commit.takes:
        _must(execute(_TAKE, rows.from_claim(take)), "claim")
    for use in commit.uses:
        _must(execute(_USE, rows.from_claim(use)), "token")


def _held(claim: Claim) -> rows.Columns:
    return (claim.space, claim.key, claim.owner)


def _secrets(execute: Execute, commit: Commit) -> None:
    for secret_id in commit.deletes:
        execute(_FORGET, (secret_id,))
    for secret in commit.writes:
        execute(_WRITE, rows.from_secret(secret))


def _owed(execute: Execute, commit: Commit, at: int) -> None:
    for subject in commit.voids:
        execute(_VOID, (b"", at, subject))
    for item in commit.outbox:
        execute(_OWE, rows.from_item(item))

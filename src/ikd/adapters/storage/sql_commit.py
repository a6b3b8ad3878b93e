"""A commit in SQL, inside a transaction that the store opens and ends."""

# ruff: noqa: S608 - statements are made of names that stand in this package, never of values

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ikd.adapters.storage import sql_counts, sql_outbox
from ikd.adapters.storage.session import Cursor, Dialect, Execute, Value
from ikd.adapters.storage.tables import ANSWERS, CLAIMS, JOURNAL, LOOKS, RECORDS, REFUSALS, SECRETS
from ikd.core.errors import ConflictError
from ikd.core.ports import Commit, Look, Put, Read, Refusal, Row
from ikd.core.timing import from_micros, to_micros

_KEY = f"{ANSWERS.insert('at')} {ANSWERS.clash} DO NOTHING"
_VERSION = f"SELECT version FROM records WHERE {RECORDS.named}"
_INSERT = f"{RECORDS.insert()} {RECORDS.clash} DO NOTHING"
UPDATE = f"UPDATE records SET {RECORDS.changed} WHERE {RECORDS.named} AND version = ?"
_VANISH = f"DELETE FROM records WHERE {RECORDS.named}"
_MEND = f"{RECORDS.insert()} {RECORDS.clash} DO UPDATE SET {RECORDS.replaced}"
_FREEZE = (
    "INSERT INTO frozen (kind, id, at, reason) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (kind, id) DO NOTHING"
)
_CLOSE = "UPDATE frozen SET reason = 'closed' WHERE kind = ? AND id = ?"
_THAW = "DELETE FROM frozen WHERE kind = ? AND id = ?"
_ENTRY = JOURNAL.insert()
_RELEASE = f"DELETE FROM claims WHERE {CLAIMS.named} AND owner = ?"
_TAKE = (
    f"{CLAIMS.insert()} {CLAIMS.clash} DO UPDATE SET {CLAIMS.replaced}"
    " WHERE claims.owner = excluded.owner"
)
_USE = f"{CLAIMS.insert()} {CLAIMS.clash} DO NOTHING"
_FORGET = f"DELETE FROM secrets WHERE {SECRETS.named}"
_WRITE = f"{SECRETS.insert()} {SECRETS.clash} DO UPDATE SET {SECRETS.replaced}"
_REFUSAL = f"{REFUSALS.insert()} {REFUSALS.clash} DO NOTHING"
_LOOK = f"{LOOKS.insert()} {LOOKS.clash} DO NOTHING"
_STANDARD = "INSERT INTO standards (digest, text) VALUES (?, ?) ON CONFLICT (digest) DO NOTHING"


def apply(execute: Execute, dialect: Dialect, commit: Commit) -> None:
    """Write *commit*; whoever called rolls back when this raises.

    Raises:
        ConflictError: The first clash, in the contract's order: key, version, claim, token,
            limit.
    """
    at = to_micros(commit.at)
    if commit.remembered is not None:
        _must(execute(_KEY, (*ANSWERS.values(commit.remembered), at)), "key")
    # in one order, reads and puts alike, so that two transactions lock rows in the same order
    compared: tuple[Read | Put, ...] = (*commit.reads, *commit.puts)
    for one in sorted(compared, key=_place):
        _put(execute, one) if isinstance(one, Put) else _compare(execute, dialect, one)
    _claims(execute, commit)
    sql_counts.add(execute, dialect, commit.counts, commit.at)
    for statement, rows in _plain(commit):
        for values in rows:
            execute(statement, values)
    sql_outbox.owe(execute, commit, at)
    if commit.refusal is not None:
        refuse(execute, commit.refusal)
    for shown in commit.looks:
        look(execute, shown)


def refuse(execute: Execute, refusal: Refusal) -> None:
    """Keep a refusal; told twice, it is kept once."""
    execute(_REFUSAL, REFUSALS.values(refusal))


def look(execute: Execute, look: Look) -> None:
    """Write down a look; told twice, it is kept once."""
    execute(_LOOK, LOOKS.values(look))


def _must(cursor: Cursor, clash: str) -> None:
    if cursor.rowcount != 1:
        raise ConflictError(clash)


def _place(one: Read | Put) -> tuple[str, str]:
    named = one.row if isinstance(one, Put) else one
    return (named.kind, named.id)


def _compare(execute: Execute, dialect: Dialect, read: Read) -> None:
    if read.version == 0:
        return _absent(execute, read)
    found = execute(_VERSION + dialect.share, (read.kind, read.id)).fetchall()
    if not found or found[0][0] != read.version:
        raise ConflictError("version")
    return None


def _absent(execute: Execute, read: Read) -> None:
    """Hold the place of what isn't there: no lock does, and two could find each other absent."""
    nothing = Row(
        kind=read.kind,
        id=read.id,
        version=0,
        status="",
        office=None,
        due=None,
        at=from_micros(0),
        head=b"",
        state=b"",
    )
    _must(execute(_INSERT, RECORDS.values(nothing)), "version")
    execute(_VANISH, (read.kind, read.id))


def _put(execute: Execute, put: Put) -> None:
    values = RECORDS.values(put.row)
    fresh = put.expected == 0
    done = execute(_INSERT, values) if fresh else execute(UPDATE, (*values, put.expected))
    _must(done, "version")


def _claims(execute: Execute, commit: Commit) -> None:
    # releases first: a newer visit takes what the older case lets go in the same commit
    for release in commit.releases:
        execute(_RELEASE, (release.space, release.key, release.owner))
    for take in commit.takes:
        _must(execute(_TAKE, CLAIMS.values(take)), "claim")
    for use in commit.uses:
        _must(execute(_USE, CLAIMS.values(use)), "token")


def _plain(commit: Commit) -> Sequence[tuple[str, Iterable[Sequence[Value]]]]:
    """Return what clashes with nobody, statement by statement."""
    return (
        (_ENTRY, map(JOURNAL.values, commit.entries)),
        (_FORGET, ((secret_id,) for secret_id in commit.deletes)),
        (_WRITE, map(SECRETS.values, commit.writes)),
        (_STANDARD, commit.standards),
        (_MEND, map(RECORDS.values, commit.mends)),
        (_FREEZE, ((one.kind, one.id, to_micros(one.at), one.reason) for one in commit.freezes)),
        (_THAW, commit.thaws),
        (_CLOSE, commit.closes),
    )

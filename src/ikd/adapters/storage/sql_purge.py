"""Dropping in SQL what has done its work, inside a transaction that the store opens and ends.

A claim that isn't a token has no ``until``, and what is still owed no ``ended``: neither is met.
"""

from __future__ import annotations

from ikd.adapters.storage.session import Execute
from ikd.core.ports import Horizon
from ikd.core.timing import to_micros

_OLD = (
    "FROM claims WHERE until IS NOT NULL AND until < ?",
    "FROM counts WHERE until < ?",
    "FROM idempotency WHERE at < ?",
    "FROM refusals WHERE at < ?",
    "FROM looks WHERE time < ?",
    "FROM outbox WHERE ended IS NOT NULL AND ended < ?",
)
_IS_DUE = "SELECT " + " OR ".join(f"EXISTS (SELECT 1 {old})" for old in _OLD)


def is_due(execute: Execute, before: Horizon) -> bool:
    """Return whether there is anything to drop; it only reads."""
    return bool(execute(_IS_DUE, _times(before)).fetchall()[0][0])


def purge(execute: Execute, before: Horizon) -> int:
    """Drop what is older than *before* allows; return how many rows that were."""
    each = zip(_OLD, _times(before), strict=True)
    return sum(execute(f"DELETE {old}", (at,)).rowcount for old, at in each)


def _times(before: Horizon) -> tuple[int, ...]:
    dated = (before.answers, before.refusals, before.looks, before.ended)
    return tuple(map(to_micros, (before.tokens, before.tokens, *dated)))

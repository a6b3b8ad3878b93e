"""Dropping in SQL what has done its work, inside a transaction that the store opens and ends.

A claim that isn't a token has no ``until``, and what is still owed no ``ended``: neither is met.
"""

from __future__ import annotations

from ikd.adapters.storage.session import Execute
from ikd.core.ports import Horizon
from ikd.core.timing import to_micros

_IS_DUE = (
    "SELECT EXISTS (SELECT 1 FROM claims WHERE until IS NOT NULL AND until < ?)"
    " OR EXISTS (SELECT 1 FROM idempotency WHERE at < ?)"
    " OR EXISTS (SELECT 1 FROM refusals WHERE at < ?)"
    " OR EXISTS (SELECT 1 FROM outbox WHERE ended IS NOT NULL AND ended < ?)"
)
_PURGES = (
    "DELETE FROM claims WHERE until IS NOT NULL AND until < ?",
    "DELETE FROM idempotency WHERE at < ?",
    "DELETE FROM refusals WHERE at < ?",
    "DELETE FROM outbox WHERE ended IS NOT NULL AND ended < ?",
)


def is_due(execute: Execute, before: Horizon) -> bool:
    """Return whether there is anything to drop; it only reads."""
    times = (before.tokens, before.answers, before.refusals, before.ended)
    return bool(execute(_IS_DUE, tuple(map(to_micros, times))).fetchall()[0][0])


def purge(execute: Execute, before: Horizon) -> int:
    """Drop what is older than *before* allows; return how many rows that were."""
    times = (before.tokens, before.answers, before.refusals, before.ended)
    each = zip(_PURGES, map(to_micros, times), strict=True)
    return sum(execute(statement, (at,)).rowcount for statement, at in each)

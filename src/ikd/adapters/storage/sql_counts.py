"""Counting in SQL what a door lets in only so often, inside the commit that lets it in."""

from __future__ import annotations

from datetime import datetime

from ikd.adapters.storage.session import Dialect, Execute
from ikd.core.errors import ConflictError
from ikd.core.records.count import Count
from ikd.core.timing import to_micros

# What is past is held until the commit, where several write at once: one that began before the
# edge of a part may still add to it.
_PAST = "SELECT number FROM counts WHERE space = ? AND key = ? AND since >= ? AND since < ?"
# One row a part, so that whoever comes second waits for the first and then sees its number.
_ADD = (
    "INSERT INTO counts (space, key, since, number, until) VALUES (?, ?, ?, 1, ?)"
    " ON CONFLICT (space, key, since) DO UPDATE SET number = counts.number + 1"
    " WHERE counts.number < ?"
)


def add(execute: Execute, dialect: Dialect, counts: tuple[Count, ...], at: datetime) -> None:
    """Count each of *counts* once more, in one order for everybody.

    Raises:
        ConflictError: One is full (``limit``); whoever called rolls back.
    """
    for one in sorted(counts, key=lambda one: (one.space, one.key)):
        named = (one.space, one.key)
        since = to_micros(one.part(at))
        span = (to_micros(one.first_part(at)), since)
        past = execute(_PAST + dialect.share, (*named, *span)).fetchall()
        left = one.most - sum(int(number or 0) for (number,) in past)
        values = (*named, since, to_micros(one.until(at)), left)
        if left < 1 or execute(_ADD, values).rowcount != 1:
            raise ConflictError("limit")

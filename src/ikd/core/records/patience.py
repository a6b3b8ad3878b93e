"""How long something owed is tried: one rule, for whoever delivers and for whoever proves it.

What waits on the outside waits as long as what it is for: a question while its case lives, a
PIN to its end, any other message for five days (RFC 5321 4.5.4.1).
"""

from __future__ import annotations

import enum
from datetime import datetime, timedelta
from typing import Literal

from ikd.core.standard.own_limits import OWN_LIMITS

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
MAIL_LIFE = OWN_LIMITS.message.value
LEAST_LIFE = timedelta(minutes=2)  # of a PIN that leaves: less doesn't reach anybody in time
ANEW = 8  # tries, about an hour, that a message gets after it was let go again

Failure = Literal["passing", "final"]


class TryingEnd(enum.Enum):
    """That something isn't tried any more."""

    GIVE_UP = "give_up"
    """It can't be delivered, or its time is over: whoever is concerned must be told."""
    VOID = "void"
    """Nobody waits for it any more."""


def patience(
    *,
    question: bool,
    created: datetime,
    until: datetime | None,
    attempts: int,
    failure: Failure | None,
    wanted: bool,
    now: datetime,
    spread: float = 0.5,
) -> datetime | TryingEnd:
    """Return when something owed is tried next, or that it isn't any more.

    Args:
        question: Whether it is a question to the registry; else it is a message.
        created: Since when it is owed.
        until: The end of the PIN that it carries, if it carries one.
        attempts: Tries so far, the one that begins or ended now among them.
        failure: How that try ended; ``None`` before it.
        wanted: Whether its case still waits for it: the question is open, the PIN counts.
        now: The time.
        spread: A number from 0 to 1, drawn so that many don't all come back at once.
    """
    if not wanted:
        return TryingEnd.VOID
    last = None if question else created + MAIL_LIFE if until is None else until - LEAST_LIFE
    if failure is None:
        return TryingEnd.GIVE_UP if until and last and now > last else now
    over = last is not None and now >= last and (until is not None or attempts >= ANEW)
    if failure == "final" or over:
        return TryingEnd.GIVE_UP
    later = now + _wait(attempts, spread)
    return later if last is None or last <= now else min(later, last)


def _wait(attempts: int, spread: float) -> timedelta:
    """Return a wait that doubles up to an hour."""
    doubled: timedelta = FIRST_WAIT * 2 ** min(max(attempts - 1, 0), 12)
    return min(doubled, LONGEST_WAIT) * (0.75 + spread / 2)

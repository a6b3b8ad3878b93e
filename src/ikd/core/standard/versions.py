"""Several versions of one office's standard: which one is served on which day (F23).

A case keeps the version that it began under; only what is registered anew is concerned.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from ikd.core.errors import InputError
from ikd.core.standard.office import Office


def in_order(versions: Sequence[Office]) -> tuple[Office, ...]:
    """Return the *versions* of one office's standard, the first that holds before the others.

    Raises:
        InputError: Two begin on the same day, or none says when it begins (``offices.twice``).
    """
    if len({version.begins for version in versions}) < len(versions):
        told = f"two standards for the office {versions[0].id}; say effective_from in each"
        raise InputError("offices.twice", told)
    return tuple(sorted(versions, key=_beginning))


def served_at(versions: Sequence[Office], now: datetime) -> Office:
    """Return the version that is served *now*, of versions in their order.

    It is the newest that has begun and not ended; one that has ended goes on while no other
    holds, since nobody is turned away because a file wasn't renewed. Where none has begun it
    is the first to come, which refuses whoever registers.
    """
    day = now.astimezone(versions[0].tz).date()
    begun = [version for version in versions if has_begun(version, day)]
    holding = [version for version in begun if not has_ended(version, day)]
    return (holding or begun or [versions[0]])[-1]


def has_begun(office: Office, day: date) -> bool:
    """Say whether the standard of *office* holds already on that *day*."""
    return office.begins is None or office.begins <= day.isoformat()


def has_ended(office: Office, day: date) -> bool:
    """Say whether the standard of *office* says that it holds no more on that *day*."""
    until = office.decree.effective_until if office.decree else None
    return until is not None and day.isoformat()[: len(until.value)] > until.value


def _beginning(version: Office) -> str:
    return version.begins or ""

"""What a verifier asks of its surroundings, each behind a fence: silence is never a yes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

Resolver = Callable[[bytes], bytes | None]
"""Finds the COSE_Sign1 of a credential by its SHA-256, or None."""


class ReplayMemory(Protocol):
    """Remembers presentations until they have expired anyway."""

    def first_use(self, token_id: bytes, expires_at: datetime, *, now: datetime) -> bool:
        """Return whether *token_id* is new, and remember it until *expires_at* plus skew.

        *now* is the present by which the presentation was found valid; by no other may it be
        forgotten, or a clock beside it lets one presentation in again.
        """
        ...


class TrustMemory(Protocol):
    """Remembers the newest that was ever read, so that nothing older is believed again.

    Without it, whoever can exchange files may bring back a keyring in which a stolen key
    still counts, or a list from before a revocation.
    """

    def newest_keyring(self) -> int:
        """Return the highest version of a keyring ever read here, 0 for none."""
        ...

    def newest_list(self, uri: str) -> datetime | None:
        """Return when the newest status list of that address ever read here was issued."""
        ...

    def saw_keyring(self, version: int) -> None:
        """Remember a version; a lower one than before changes nothing."""
        ...

    def saw_list(self, uri: str, issued_at: datetime) -> None:
        """Remember a list; an older one than before changes nothing."""
        ...


def resolved(resolve: Resolver | None, wanted: bytes) -> bytes | None:
    """Return the credential that *resolve* knows by that hash; None if it fails or has none."""
    if resolve is None:
        return None
    try:
        found = resolve(wanted)
    except Exception:  # noqa: BLE001  (foreign code: whatever it raises, nothing was found)
        return None
    return found if type(found) is bytes else None


def is_first_use(
    memory: ReplayMemory, token_id: bytes, expires_at: datetime, *, now: datetime
) -> bool | None:
    """Return what the memory says; None if it fails.

    Only True is a yes: a coroutine, say, is truthy and no answer.
    """
    try:
        return memory.first_use(token_id, expires_at, now=now) is True
    except Exception:  # noqa: BLE001  (foreign code: a memory that fails has not said yes)
        return None

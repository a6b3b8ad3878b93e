"""The later life of a keyring: a successor, the end of a stolen key, a fresh time for all.

Rules alone, for whatever holds the private keys: a folder, a KMS, an HSM. Each makes the next
version of the keyring, which a root signs, so that readers who remember the highest version they
saw can't be led back behind it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

import attrs

from ikd.core.errors import KeySourceError
from ikd.core.tokens.cwt import SKEW
from ikd.core.tokens.keyrecord import KeyRecord
from ikd.core.tokens.keyring import Keyring
from ikd.core.tokens.publickey import PublicKey


def keyring_renewed(
    before: Keyring, *, now: datetime, life: timedelta, more: Iterable[KeyRecord] = ()
) -> Keyring:
    """Return the version after *before*, good for *life*, with *more* keys.

    Keys that sign now are good as long as it is. Otherwise a keyring that was renewed in time
    would hold keys that die under it, and what they sign from then on would be refused everywhere.
    """
    return _next(before, (*before.records, *more), now, life)


def keyring_succeeded(
    before: Keyring, kid: bytes, key: PublicKey, *, now: datetime, life: timedelta
) -> Keyring:
    """Return the version in which *key* signs instead of the one called *kid*.

    What the old one signed still counts. The successor may vouch for the same past: a credential
    is signed anew whenever it is asked for, and says when it was issued first.

    Raises:
        KeySourceError: No such key, or a revoked one (``keys.unknown``).
    """
    old = _record(before, kid)
    if old.state == "revoked":
        raise KeySourceError("keys.unknown", "a revoked key has no successor")
    # A process that took the old key a moment ago may still sign with it.
    ending = attrs.evolve(old, state="verify_only", not_after=min(old.not_after, now + SKEW))
    successor = attrs.evolve(old, key=key, state="active", not_after=now + life)
    return _next(before, (*_replaced(before, old, ending), successor), now, life)


def keyring_revoking(
    before: Keyring, kid: bytes, *, signing: Collection[bytes], now: datetime, life: timedelta
) -> Keyring:
    """Return the version in which the key called *kid* is revoked for good.

    Nothing that it ever signed counts any more, whatever its date: a thief can write any date.

    Args:
        before: The keyring as it is.
        kid: The stolen key.
        signing: The keys that sign now; whoever revoked one of them could issue no more.
        now: When.
        life: How long the new version is good.

    Raises:
        KeySourceError: It signs now (``keys.current``: give it a successor first), or there is
            no such key (``keys.unknown``).
    """
    if kid in signing:
        raise KeySourceError("keys.current", "this key signs now: give it a successor first")
    stolen = _record(before, kid)
    ended = attrs.evolve(stolen, state="revoked")
    return _next(before, _replaced(before, stolen, ended), now, life)


def _record(keyring: Keyring, kid: bytes) -> KeyRecord:
    """Return the record of the key called *kid*, whatever its role and state.

    Raises:
        KeySourceError: There is none (``keys.unknown``).
    """
    for record in keyring.records:
        if record.kid == kid:
            return record
    raise KeySourceError("keys.unknown", "no key of that name")


def _replaced(keyring: Keyring, old: KeyRecord, new: KeyRecord) -> tuple[KeyRecord, ...]:
    return tuple(new if record is old else record for record in keyring.records)


def _next(before: Keyring, records: Iterable[KeyRecord], now: datetime, life: timedelta) -> Keyring:
    until = now + life
    return Keyring(
        version=before.version + 1,
        issued_at=now,
        expires_at=until,
        records=[
            attrs.evolve(one, not_after=max(one.not_after, until)) if one.state == "active" else one
            for one in records
        ],
    )

"""The later life of a set of keys: a successor, the end of a stolen key, a fresh keyring.

Every step is the next version of the keyring, so that readers who remember the highest
version they saw can't be led back behind it.
"""

from __future__ import annotations

from datetime import datetime

import attrs

from ikd.adapters.keys.key_set import (
    LIFE,
    Holder,
    KeyPlace,
    Material,
    checked,
    draw_secret,
    signed,
)
from ikd.adapters.keys.pair import Algorithm, KeyPair
from ikd.core.errors import KeySourceError
from ikd.core.ports import PURPOSES, Entropy
from ikd.core.tokens.cwt import SKEW

_KEPT = 2  # private halves: the one that signs, and the one that signed when this began


def rotated(
    material: Material,
    role: str,
    place: KeyPlace | None,
    *,
    now: datetime,
    entropy: Entropy,
    algorithm: Algorithm | None = None,
) -> Material:
    """Return *material* with a new key for *role*; what the old one signed still counts.

    The successor has the old one's algorithm if none is named. It may vouch for the same past:
    a credential is signed anew whenever it is asked for, and says when it was issued first.

    Raises:
        KeySourceError: No key of that role or station (``keys.unknown``, ``keys.station``),
            an algorithm that such keys don't have (``keys.form``), or the root's private key
            isn't at hand (``keys.root``).
    """
    pairs = _pairs(material, role, place)
    new = KeyPair.draw(checked(role, algorithm or pairs[0].alg), entropy)
    old = pairs[0].kid
    ring = material.read_keyring()
    before = next(record for record in ring.records if record.kid == old)
    successor = attrs.evolve(before, key=new.public, state="active", not_after=now + LIFE)
    # A process that took the old key a moment ago may still sign with it.
    ending = attrs.evolve(before, state="verify_only", not_after=min(before.not_after, now + SKEW))
    records = [ending if record is before else record for record in ring.records]
    more = _with_pairs(material, role, place, (new, *pairs)[:_KEPT])
    return signed(more, [*records, successor], now)


def revoked(material: Material, kid: bytes, *, now: datetime) -> Material:
    """Return *material* with that key revoked for good and its private half gone.

    Nothing that it ever signed counts any more, whatever its date.

    Raises:
        KeySourceError: No such key (``keys.unknown``), the one that signs now
            (``keys.current``: rotate first), or no root at hand (``keys.root``).
    """
    if kid in {pairs[0].kid for pairs in material.held.values()}:
        raise KeySourceError("keys.current", "this key signs now: give it a successor first")
    ring = material.read_keyring()
    if kid not in {record.kid for record in ring.records}:
        raise KeySourceError("keys.unknown", "no key of that name")
    records = [
        attrs.evolve(record, state="revoked") if record.kid == kid else record
        for record in ring.records
    ]
    return signed(_without(material, kid), records, now)


def renewed(material: Material, *, now: datetime) -> Material:
    """Return *material* with the next version of the keyring; it and its keys get a year.

    Raises:
        KeySourceError: The root's private key isn't at hand (``keys.root``).
    """
    return signed(material, material.read_keyring().records, now)


def with_secret(material: Material, purpose: str, *, entropy: Entropy) -> Material:
    """Return *material* with a new symmetric key of *purpose*; older ones still open.

    Raises:
        KeySourceError: No such purpose (``keys.unknown``).
    """
    if purpose not in PURPOSES:
        raise KeySourceError("keys.unknown", "no keys of that purpose")
    keys = (draw_secret(entropy), *material.secrets[purpose])
    return attrs.evolve(material, secrets={**material.secrets, purpose: keys})


def holder(material: Material, kid: bytes) -> Holder | None:
    """Return role and station of the key that signs now under that name, or ``None``."""
    return next((who for who, pairs in material.held.items() if pairs[0].kid == kid), None)


def _pairs(material: Material, role: str, place: KeyPlace | None) -> tuple[KeyPair, ...]:
    found = material.held.get((role, place))
    if found is None:
        code = "keys.station" if role == "station" else "keys.unknown"
        raise KeySourceError(code, "no key of that role, or this station has none")
    return found


def _with_pairs(
    material: Material, role: str, place: KeyPlace | None, pairs: tuple[KeyPair, ...]
) -> Material:
    if place is None:
        return attrs.evolve(material, roles={**material.roles, role: pairs})
    return attrs.evolve(material, stations={**material.stations, place: pairs})


def _without(material: Material, kid: bytes) -> Material:
    def keep(pairs: tuple[KeyPair, ...]) -> tuple[KeyPair, ...]:
        return tuple(pair for pair in pairs if pair.kid != kid)

    return attrs.evolve(
        material,
        roles={role: keep(pairs) for role, pairs in material.roles.items()},
        stations={place: keep(pairs) for place, pairs in material.stations.items()},
    )

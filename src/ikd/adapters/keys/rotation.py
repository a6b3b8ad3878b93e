"""The later life of a set of keys: the private halves, and by core's rules the keyring."""

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
from ikd.core.tokens.keyring_life import keyring_renewed, keyring_revoking, keyring_succeeded

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

    The successor has the old one's algorithm if none is named.

    Raises:
        KeySourceError: No key of that role or station (``keys.unknown``, ``keys.station``),
            an algorithm that such keys don't have (``keys.form``), or the root's private key
            isn't at hand (``keys.root``).
    """
    pairs = _pairs(material, role, place)
    new = KeyPair.draw(checked(role, algorithm or pairs[0].alg), entropy)
    ring = material.read_keyring()
    ring = keyring_succeeded(ring, pairs[0].kid, new.public, now=now, life=LIFE)
    return signed(_with_pairs(material, role, place, (new, *pairs)[:_KEPT]), ring)


def revoked(material: Material, kid: bytes, *, now: datetime) -> Material:
    """Return *material* with that key revoked for good and its private half gone.

    Raises:
        KeySourceError: No such key (``keys.unknown``), the one that signs now
            (``keys.current``: rotate first), or no root at hand (``keys.root``).
    """
    signing = {pairs[0].kid for pairs in material.held.values()}
    ring = keyring_revoking(material.read_keyring(), kid, signing=signing, now=now, life=LIFE)
    return signed(_without(material, kid), ring)


def renewed(material: Material, *, now: datetime) -> Material:
    """Return *material* with the next version of the keyring; it and its keys get a year.

    Raises:
        KeySourceError: The root's private key isn't at hand (``keys.root``).
    """
    return signed(material, keyring_renewed(material.read_keyring(), now=now, life=LIFE))


def with_secret(material: Material, purpose: str, *, entropy: Entropy) -> Material:
    """Return *material* with a new symmetric key of *purpose*; older ones still open.

    Raises:
        KeySourceError: No such purpose (``keys.unknown``).
    """
    if purpose not in PURPOSES:
        raise KeySourceError("keys.unknown", "no keys of that purpose")
    keys = (draw_secret(entropy), *material.secrets[purpose])
    return attrs.evolve(material, secrets={**material.secrets, purpose: keys})


def without_older(material: Material, purpose: str) -> Material:
    """Return *material* with the newest key of *purpose* alone: what an older one sealed is lost.

    Raises:
        KeySourceError: No such purpose (``keys.unknown``).
    """
    if purpose not in PURPOSES:
        raise KeySourceError("keys.unknown", "no keys of that purpose")
    return attrs.evolve(
        material, secrets={**material.secrets, purpose: material.secrets[purpose][:1]}
    )


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

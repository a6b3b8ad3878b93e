"""A whole set of keys: what it consists of, how one is drawn, how a station joins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

import attrs

from ikd.adapters.keys.pair import Algorithm, KeyPair
from ikd.core.errors import KeySourceError
from ikd.core.ports import Entropy
from ikd.core.secrets.opaque import Uncopied
from ikd.core.secrets.sealing import KEY_BYTES, KID_BYTES, SecretKey
from ikd.core.tokens.keyrecord import KeyRecord, Role, is_station
from ikd.core.tokens.keyring import Keyring
from ikd.core.tokens.publickey import PublicKey

PURPOSES = (
    "pepper",
    "index",
    "wrap",
    "outbox",
    "challenge",
    "captcha",
    "fingerprint",
    "pseudonym",
)
ROLES: tuple[Role, ...] = ("credential", "status", "checkpoint")
"""Roles with one signing key each; stations have one for every station."""

LIFE = timedelta(days=365)
"""How long a keyring and its keys are good for. Keys of these adapters are for development
and trials, where nobody signs a keyring every week, and a service that stops on its eighth day
teaches people to switch the check off. A keyring for production comes from a key source with a
KMS and lives 7 days online, 90 at most where offices are offline."""

Place = tuple[str, str]  # office, station
_NO_STATIONS: tuple[Place, ...] = ()
_ANY_TIME = datetime(9999, 1, 1, tzinfo=UTC)  # our own keyring; its readers check its time


@attrs.frozen(kw_only=True, getstate_setstate=False)
class Material(Uncopied):
    """Every key, newest first wherever there are several.

    Attributes:
        secrets: Symmetric keys by purpose.
        roles: Signing keys by role, stations apart.
        stations: Signing keys by office and station.
        root: What signs keyrings; ``None`` where it is kept elsewhere, as it should be.
        root_public: Its public half.
        keyring: The newest keyring, signed.
    """

    secrets: Mapping[str, tuple[SecretKey, ...]] = attrs.field(repr=False)
    roles: Mapping[str, tuple[KeyPair, ...]] = attrs.field(repr=False)
    stations: Mapping[Place, tuple[KeyPair, ...]] = attrs.field(repr=False)
    root: KeyPair | None = attrs.field(repr=False)
    root_public: PublicKey
    keyring: bytes = attrs.field(repr=False)

    def read_keyring(self) -> Keyring:
        """Return the keyring, its signature verified.

        Raises:
            TokenError: It isn't signed by the root, or malformed.
        """
        return Keyring.read(self.keyring, [self.root_public], now=_ANY_TIME)


def draw_material(
    entropy: Entropy, now: datetime, stations: Iterable[Place] = _NO_STATIONS
) -> Material:
    """Return a whole new set of keys, good from *now* on.

    Raises:
        KeySourceError: An office's or station's id is none (``keys.form``).
    """
    root = KeyPair.draw("EdDSA", entropy)
    roles = {role: KeyPair.draw("EdDSA", entropy) for role in ROLES}
    places = {place: KeyPair.draw("ES256", entropy) for place in dict.fromkeys(stations)}
    records = [_record(pair, role, now) for role, pair in roles.items()]
    records += [_station(pair, place, now) for place, pair in places.items()]
    ring = Keyring(version=1, issued_at=now, expires_at=now + LIFE, records=records)
    return Material(
        secrets={purpose: (draw_secret(entropy),) for purpose in PURPOSES},
        roles={role: (pair,) for role, pair in roles.items()},
        stations={place: (pair,) for place, pair in places.items()},
        root=root,
        root_public=root.public,
        keyring=ring.sign([root.signer]),
    )


def draw_secret(entropy: Entropy) -> SecretKey:
    """Return a new symmetric key; its name is drawn too and tells nothing of it."""
    return SecretKey(kid=entropy(KID_BYTES), key=entropy(KEY_BYTES))


def with_station(material: Material, place: Place, *, now: datetime, entropy: Entropy) -> Material:
    """Return *material* with a key for one more station and the next version of the keyring.

    Raises:
        KeySourceError: The station has a key already (``keys.exist``), or the root's
            private key isn't at hand (``keys.root``), or the office's or station's id is
            none (``keys.form``).
    """
    if place in material.stations:
        raise KeySourceError("keys.exist", "this station has a key already")
    if material.root is None:
        raise KeySourceError("keys.root", "only the root's private key can sign a keyring")
    pair = KeyPair.draw("ES256", entropy)
    before = material.read_keyring()
    ring = Keyring(
        version=before.version + 1,
        issued_at=now,
        expires_at=now + LIFE,
        records=[*before.records, _station(pair, place, now)],
    )
    stations = {**material.stations, place: (pair,)}
    signed = ring.sign([material.root.signer])
    return attrs.evolve(material, stations=stations, keyring=signed)


def algorithm_of(role: str) -> Algorithm:
    """Return the one algorithm of keys of *role*: phones and counters have P-256."""
    return "ES256" if role == "station" else "EdDSA"


def _record(pair: KeyPair, role: Role, now: datetime) -> KeyRecord:
    return KeyRecord(key=pair.public, role=role, not_before=now, not_after=now + LIFE)


def _station(pair: KeyPair, place: Place, now: datetime) -> KeyRecord:
    office, station = place
    if not is_station(office, station):
        raise KeySourceError("keys.form", "no ids of an office and a station, 40 letters in all")
    return KeyRecord(
        key=pair.public,
        role="station",
        not_before=now,
        not_after=now + LIFE,
        office=office,
        station=station,
    )

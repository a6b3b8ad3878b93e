"""A whole set of keys: what it consists of, how one is drawn, how a station joins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import chain

import attrs

from ikd.adapters.keys.pair import Algorithm, KeyPair
from ikd.core.errors import KeySourceError
from ikd.core.ports import KEY_ROLES, PURPOSES, Entropy
from ikd.core.secrets.opaque import Uncopied
from ikd.core.secrets.sealing import KEY_BYTES, KID_BYTES, SecretKey
from ikd.core.tokens.keyrecord import KeyRecord, KeyRole, is_station
from ikd.core.tokens.keyring import Keyring
from ikd.core.tokens.keyring_life import keyring_renewed
from ikd.core.tokens.publickey import PublicKey

LIFE = timedelta(days=365)
"""How long a keyring and its keys are good for. Keys of these adapters are for development
and trials, where nobody signs a keyring every week, and a service that stops on its eighth day
teaches people to switch the check off. A keyring for production comes from a key source with a
KMS and lives 7 days online, 90 at most where offices are offline."""

KeyPlace = tuple[str, str]  # office, station
Holder = tuple[str, KeyPlace | None]  # a role, and of which place where that is a station's
_NO_STATIONS: tuple[KeyPlace, ...] = ()
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
        number: Which purposes and roles it has: all that came with that number, or before.
        bound: Whether every row of the store that they belong to is bound.
    """

    secrets: Mapping[str, tuple[SecretKey, ...]] = attrs.field(repr=False)
    roles: Mapping[str, tuple[KeyPair, ...]] = attrs.field(repr=False)
    stations: Mapping[KeyPlace, tuple[KeyPair, ...]] = attrs.field(repr=False)
    root: KeyPair | None = attrs.field(repr=False)
    root_public: PublicKey
    keyring: bytes = attrs.field(repr=False)
    number: int
    bound: bool

    @property
    def held(self) -> Mapping[Holder, tuple[KeyPair, ...]]:
        """Every signing key but the root, which signs keyrings and nothing else."""
        roles: dict[Holder, tuple[KeyPair, ...]] = {
            (role, None): pairs for role, pairs in self.roles.items()
        }
        return roles | {("station", place): pairs for place, pairs in self.stations.items()}

    def read_keyring(self) -> Keyring:
        """Return the keyring, its signature verified.

        Raises:
            TokenError: It isn't signed by the root, or malformed.
        """
        return Keyring.read(self.keyring, [self.root_public], now=_ANY_TIME)


def draw_material(
    entropy: Entropy,
    now: datetime,
    stations: Iterable[KeyPlace] = _NO_STATIONS,
    issuer: Algorithm = "EdDSA",
) -> Material:
    """Return a whole new set of keys, good from *now* on; *issuer* signs credentials.

    Raises:
        KeySourceError: An office's or station's id is none (``keys.form``).
    """
    root = KeyPair.draw("EdDSA", entropy)
    chosen = {role: issuer if role == "credential" else "EdDSA" for role in KEY_ROLES}
    roles = {role: KeyPair.draw(checked(role, chosen[role]), entropy) for role in KEY_ROLES}
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
        keyring=ring.write([root.signer]),
        number=newest_number(),
        bound=True,
    )


def newest_number() -> int:
    """Return the number of a set that has every purpose and role there is."""
    return max(*PURPOSES.values(), *KEY_ROLES.values())


def draw_secret(entropy: Entropy) -> SecretKey:
    """Return a new symmetric key; its name is drawn too and tells nothing of it."""
    return SecretKey(kid=entropy(KID_BYTES), key=entropy(KEY_BYTES))


def lacking(material: Material) -> tuple[str, ...]:
    """Return the purposes and roles that came after the set was drawn."""
    known = chain(PURPOSES.items(), KEY_ROLES.items())
    return tuple(name for name, number in known if number > material.number)


def completed(material: Material, *, now: datetime, entropy: Entropy) -> Material:
    """Return *material* with keys for every purpose and role that it lacks, good from *now* on.

    Raises:
        KeySourceError: It lacks a role, and the root's private key isn't at hand (``keys.root``).
    """
    secrets = {name: material.secrets.get(name) or (draw_secret(entropy),) for name in PURPOSES}
    roles: dict[str, tuple[KeyPair, ...]] = {
        role: material.roles.get(role) or (KeyPair.draw(checked(role, "EdDSA"), entropy),)
        for role in KEY_ROLES
    }
    number = max(material.number, newest_number())
    more = attrs.evolve(material, secrets=secrets, roles=roles, number=number)
    held = material.read_keyring().records
    known = {record.kid for record in held}
    news = [(role, roles[role][0]) for role in KEY_ROLES if roles[role][0].kid not in known]
    drawn = [_record(pair, role, now) for role, pair in news]
    ring = material.read_keyring()
    return signed(more, keyring_renewed(ring, now=now, life=LIFE, more=drawn)) if news else more


def signed(material: Material, ring: Keyring) -> Material:
    """Return *material* with *ring* for its keyring.

    Raises:
        KeySourceError: The root's private key isn't at hand (``keys.root``).
    """
    if material.root is None:
        raise KeySourceError("keys.root", "only the root's private key can sign a keyring")
    return attrs.evolve(material, keyring=ring.write([material.root.signer]))


def with_station(
    material: Material, place: KeyPlace, *, now: datetime, entropy: Entropy
) -> Material:
    """Return *material* with a key for one more station and the next version of the keyring.

    Raises:
        KeySourceError: The station has a key already (``keys.exist``), or the root's
            private key isn't at hand (``keys.root``), or the office's or station's id is
            none (``keys.form``).
    """
    if place in material.stations:
        raise KeySourceError("keys.exist", "this station has a key already")
    pair = KeyPair.draw("ES256", entropy)
    more = attrs.evolve(material, stations={**material.stations, place: (pair,)})
    drawn = [_station(pair, place, now)]
    return signed(more, keyring_renewed(material.read_keyring(), now=now, life=LIFE, more=drawn))


def checked(role: str, algorithm: Algorithm) -> Algorithm:
    """Return *algorithm* if keys of *role* may have it.

    Counters have P-256 as phones do. Whoever issues chooses: Ed25519 is what every reader of
    claim 169 knows, ES256 what an HSM may have. All else is read by us alone: Ed25519.

    Raises:
        KeySourceError: They may not (``keys.form``).
    """
    allowed = {"credential": ("EdDSA", "ES256"), "station": ("ES256",)}.get(role, ("EdDSA",))
    if algorithm not in allowed:
        raise KeySourceError("keys.form", f"a key for {role} is {' or '.join(allowed)}")
    return algorithm


def _record(pair: KeyPair, role: KeyRole, now: datetime) -> KeyRecord:
    return KeyRecord(key=pair.public, role=role, not_before=now, not_after=now + LIFE)


def _station(pair: KeyPair, place: KeyPlace, now: datetime) -> KeyRecord:
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

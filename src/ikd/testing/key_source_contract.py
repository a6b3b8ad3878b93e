"""The contract every key source keeps, as a test suite for pytest.

    class TestMyKms(KeySourceContract):
        place = ("payakumbuh", "loket-1")

        @pytest.fixture
        def keys(self):
            return MyKms(...)

It signs a few dozen messages; let it run against a test account.
"""
# ruff: noqa: S101 - a contract suite asserts

from __future__ import annotations

import functools
import json
import pickle
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import ClassVar

from ikd.core.errors import KeySourceError
from ikd.core.ports import KEY_ROLES, PURPOSES, KeySource, SigningKey
from ikd.core.tokens.keyring import Keyring
from ikd.core.tokens.publickey import PublicKey

_ROLES = (*KEY_ROLES, "station")
_ANY_TIME = datetime(9999, 1, 1, tzinfo=UTC)


class KeySourceContract:
    """Everything a key source promises; a subclass defines the pytest fixture ``keys``.

    Attributes:
        place: An office and a station that have a key.
    """

    place: ClassVar[tuple[str, str]] = ("payakumbuh", "loket-1")

    def test_every_purpose_has_keys_of_its_own(self, keys: KeySource) -> None:
        """No two purposes share a key, nor do two keys share a name."""
        held = [key for purpose in PURPOSES for key in keys.secrets(purpose)]
        assert all(len(keys.secrets(purpose)) >= 1 for purpose in PURPOSES)
        assert all((len(key.kid), len(key.key)) == (8, 32) for key in held)
        assert len({key.key for key in held}) == len(held) == len({key.kid for key in held})

    def test_keys_stay_the_same(self, keys: KeySource) -> None:
        """Asking twice gives the same keys in the same order."""
        for purpose in PURPOSES:
            first, second = keys.secrets(purpose), keys.secrets(purpose)
            assert [key.key for key in first] == [key.key for key in second]

    def test_every_role_signs(self, keys: KeySource) -> None:
        """A signature holds for the public key that was named, over that message alone."""
        for role in _ROLES:
            key = self.signing(keys, role)
            signature = keys.sign(key.kid, b"message")
            assert len(signature) == 64
            assert _public(key).holds(signature, b"message")
            assert not _public(key).holds(signature, b"another message")

    def test_each_role_has_its_algorithm_and_key(self, keys: KeySource) -> None:
        """Stations sign with ES256; the kid is that of the public key."""
        found = [self.signing(keys, role) for role in _ROLES]
        assert found[-1].alg == "ES256"
        assert all(key.kid == _public(key).kid for key in found)
        assert len({key.kid for key in found}) == len(_ROLES)

    def test_the_keyring_vouches_for_every_signing_key(self, keys: KeySource) -> None:
        """It is signed by a root and lists the keys in their roles, stations by place."""
        found = {role: self.signing(keys, role) for role in _ROLES}  # before the keyring is read
        ring = self.ring(keys)
        for role in ("credential", "status", "checkpoint"):
            assert ring.find(role, found[role].kid).key.raw == found[role].public
        record = ring.find("station", found["station"].kid)
        assert (record.office, record.station) == self.place

    def test_no_root_signs_anything_but_keyrings(self, keys: KeySource) -> None:
        """A root is no key of any role, and ``sign`` refuses it."""
        roots = [PublicKey.ed25519(raw) for raw in keys.roots()]
        assert roots
        assert not {root.kid for root in roots} & {self.signing(keys, role).kid for role in _ROLES}
        assert all(_refusal(functools.partial(keys.sign, root.kid, b"x")) for root in roots)

    def test_what_is_not_there_is_refused(self, keys: KeySource) -> None:
        """An unknown purpose, role, key or place ends in an error of ours."""
        assert _refusal(lambda: keys.secrets("nothing"))
        assert _refusal(lambda: keys.signing("nothing"))
        assert _refusal(lambda: keys.signing("station", office="../x", station="y"))
        assert _refusal(lambda: keys.sign(b"no such!", b"message"))
        assert _refusal(lambda: keys.sign(b"", b"message"))

    def test_threads_share_it(self, keys: KeySource) -> None:
        """Eight threads that sign at once all get signatures that hold."""
        key = self.signing(keys, "credential")
        messages = [f"message {number}".encode() for number in range(32)]
        with ThreadPoolExecutor(8) as threads:
            signed = list(threads.map(lambda message: keys.sign(key.kid, message), messages))
        pairs = zip(signed, messages, strict=True)
        assert all(_public(key).holds(signature, message) for signature, message in pairs)

    def test_nothing_shows_a_key(self, keys: KeySource) -> None:
        """No repr, no JSON and no pickle of the source or its keys holds key material."""
        held = [key for purpose in PURPOSES for key in keys.secrets(purpose)]
        shown = f"{keys!r} {keys} {held!r}" + json.dumps([keys, held], default=str)
        assert not any(key.key.hex() in shown or repr(key.key) in shown for key in held)
        assert all(_cannot_be_pickled(thing) for thing in (keys, *held))

    def signing(self, keys: KeySource, role: str) -> SigningKey:
        """Return the key of *role*, of ``place`` for a station."""
        if role == "station":
            return keys.signing(role, office=self.place[0], station=self.place[1])
        return keys.signing(role)

    def ring(self, keys: KeySource) -> Keyring:
        """Return the keyring, verified with the roots."""
        roots = [PublicKey.ed25519(raw) for raw in keys.roots()]
        return Keyring.read(keys.keyring(), roots, now=_ANY_TIME)


def _public(key: SigningKey) -> PublicKey:
    return {"EdDSA": PublicKey.ed25519, "ES256": PublicKey.p256}[key.alg](key.public)


def _refusal(call: Callable[[], object]) -> bool:
    try:
        call()
    except KeySourceError:
        return True
    return False


def _cannot_be_pickled(thing: object) -> bool:
    try:
        pickle.dumps(thing)
    except Exception:  # noqa: BLE001  whichever way it refuses
        return True
    return False

"""The contract of key sources is worth something: it catches each of these."""

from datetime import UTC, datetime

import attrs
import pytest

from ikd.adapters.keys.memory_keys import MemoryKeys
from ikd.core.errors import KeySourceError
from ikd.core.secrets.sealing import SecretKey
from ikd.testing.entropy import seeded_entropy
from ikd.testing.key_source_contract import KeySourceContract

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
PLACE = KeySourceContract.place
TESTS = sorted(name for name in vars(KeySourceContract) if name.startswith("test_"))


class Good(MemoryKeys):
    def __init__(self):
        super().__init__(seeded_entropy("contract"), NOW, [PLACE])


class OneKeyForAll(Good):
    def secrets(self, purpose):
        super().secrets(purpose)
        return super().secrets("pepper")


class NoKeys(Good):
    def secrets(self, purpose):
        return () if purpose == "captcha" else super().secrets(purpose)


class NewKeysEachTime(Good):
    def secrets(self, purpose):
        return (SecretKey(kid=self._entropy(8), key=self._entropy(32)),)


class WrongSignatures(Good):
    def sign(self, kid, message):
        return super().sign(kid, message + b"!")


class DerSignatures(Good):
    def sign(self, kid, message):
        return b"\x30" + super().sign(kid, message)


class SignsWithTheRoot(Good):
    def sign(self, kid, message):
        root = self._material.root
        return root.signer.sign(message) if kid == root.kid else super().sign(kid, message)


class SignsWithAnyKey(Good):
    def sign(self, kid, message):
        try:
            return super().sign(kid, message)
        except KeySourceError:
            return bytes(64)


class ForeignErrors(Good):
    def sign(self, kid, message):
        try:
            return super().sign(kid, message)
        except KeySourceError as error:
            raise KeyError(kid) from error


class OneKeyForTwoRoles(Good):
    def signing(self, role, *, office="", station=""):
        role = "credential" if role == "status" else role
        return super().signing(role, office=office, station=station)


class WrongName(Good):
    def signing(self, role, *, office="", station=""):
        key = super().signing(role, office=office, station=station)
        return attrs.evolve(key, kid=bytes(8))


class KeyringOfOthers(Good):
    def keyring(self):
        return MemoryKeys(seeded_entropy("others"), NOW, [PLACE]).keyring()


class StationElsewhere(Good):
    def signing(self, role, *, office="", station=""):
        return super().signing(role, office=office, station="z" if station else station)


class Talkative(Good):
    def __repr__(self):
        return f"Talkative({self.secrets('pepper')[0].key.hex()})"


class Copied(Good):
    def __reduce_ex__(self, protocol):
        return (dict, ())


BAD = [kind for kind in Good.__subclasses__() if kind is not Good]


def failures(kind):
    failed = []
    for name in TESTS:
        try:
            getattr(KeySourceContract(), name)(kind())
        except Exception:
            failed.append(name)
    return failed


def test_a_good_source_passes():
    assert len(TESTS) >= 9
    assert failures(Good) == []


@pytest.mark.parametrize("kind", BAD, ids=lambda kind: kind.__name__)
def test_a_bad_source_fails(kind):
    assert failures(kind)

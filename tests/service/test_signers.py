"""The signing key is proven once where this process holds it, and every time where it doesn't."""

from __future__ import annotations

import pytest

from ikd.adapters.keys.keys_in_folder import FileKeys, rotate_key
from ikd.core.errors import KeySourceError
from ikd.core.tokens import publickey
from ikd.service.signers import Signers
from ikd.testing.entropy import seeded_entropy


class Elsewhere:
    """Keys behind a line: what a KMS gives, wrongly signed from the *wrong*-th time on."""

    def __init__(self, keys, wrong=0):
        self._keys, self.asked, self._wrong = keys, 0, wrong

    def __getattr__(self, name):
        return getattr(self._keys, name)

    def sign(self, kid, message):
        self.asked += 1
        return self._keys.sign(kid, b"other" if self.asked == self._wrong else message)


@pytest.fixture
def verified(monkeypatch):
    """Counts the signatures that were verified."""
    met = []
    holds = publickey.PublicKey.holds
    monkeypatch.setattr(
        publickey.PublicKey, "holds", lambda key, *of: met.append(key) or holds(key, *of)
    )
    return met


def test_a_key_that_this_process_holds_is_proven_once(on_disk, verified):
    parts = on_disk.open()._parts
    verified.clear()  # the keyring's own signature
    for _ in range(5):
        Signers(parts).signer("credential").sign_checked(b"message")
    assert len(verified) == 1
    Signers(parts).signer("status").sign_checked(b"message")
    assert len(verified) == 2


def test_what_a_kms_signs_is_verified_every_time(on_disk, verified):
    keys = Elsewhere(FileKeys(on_disk.folder / "ikd.db.keys"))
    parts = on_disk.open(keys=keys)._parts
    verified.clear()
    for _ in range(5):
        Signers(parts).signer("credential").sign_checked(b"message")
    assert len(verified) == 5


def test_one_wrong_signature_of_a_kms_never_leaves(on_disk):
    keys = Elsewhere(FileKeys(on_disk.folder / "ikd.db.keys"), wrong=3)
    parts = on_disk.open(keys=keys)._parts
    for _ in range(2):
        Signers(parts).signer("credential").sign_checked(b"message")
    with pytest.raises(KeySourceError, match=r"keys\.signature"):
        Signers(parts).signer("credential").sign_checked(b"message")


def test_a_private_half_of_another_key_is_met_before_it_signs_anything(on_disk, monkeypatch):
    parts = on_disk.open()._parts
    sign = type(parts.keys).sign
    monkeypatch.setattr(type(parts.keys), "sign", lambda keys, kid, _: sign(keys, kid, b"other"))
    for _ in range(2):
        with pytest.raises(KeySourceError, match=r"keys\.signature"):
            Signers(parts).signer("credential")


def test_a_successor_is_proven_too(on_disk, verified):
    parts = on_disk.open()._parts
    before = Signers(parts).signer("credential")
    folder = on_disk.folder / "ikd.db.keys"
    rotate_key(folder, "credential", now=on_disk.clock.now(), entropy=seeded_entropy("next"))
    after = Signers(parts).signer("credential")
    assert after.public != before.public
    assert [verified.count(one.public) for one in (before, after)] == [1, 1]

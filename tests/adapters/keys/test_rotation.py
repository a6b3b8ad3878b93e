"""Successors, stolen keys and renewed keyrings of a folder of keys."""

import shutil
from datetime import UTC, datetime, timedelta

import attrs
import pytest

from ikd.adapters.keys import keys_in_folder as keyfiles
from ikd.adapters.keys.keys_in_folder import (
    FileKeys,
    add_station,
    new_keys,
    renew_keyring,
    revoke_key,
    rotate_key,
    rotate_secret,
)
from ikd.adapters.keys.memory_keys import MemoryKeys
from ikd.adapters.keys.rotation import revoked, rotated
from ikd.core.errors import KeySourceError, TokenError
from ikd.core.tokens.keyring import Keyring
from ikd.core.tokens.publickey import PublicKey
from ikd.testing.entropy import seeded_entropy
from ikd.testing.key_source_contract import KeySourceContract

T0 = datetime(2026, 11, 22, 8, tzinfo=UTC)
LATER = T0 + timedelta(days=30)
PLACE = ("payakumbuh", "loket-1")
ROLES = [("credential", None), ("status", None), ("checkpoint", None), ("station", PLACE)]
entropy = seeded_entropy("rotation")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rotation") / "keys"
    new_keys(folder, now=T0, entropy=entropy, stations=[PLACE])
    return folder


@pytest.fixture
def folder(made, tmp_path):
    return shutil.copytree(made, tmp_path / "keys")


def ring(keys) -> Keyring:
    roots = [PublicKey.ed25519(raw) for raw in keys.roots()]
    return Keyring.read(keys.keyring(), roots, now=LATER + timedelta(days=1))


def current(keys, role, place=None):
    office, station = place or ("", "")
    return keys.signing(role, office=office, station=station)


class TestRotatedKeys(KeySourceContract):
    """A folder keeps its contract after every key in it was rotated once."""

    place = PLACE

    @pytest.fixture
    def keys(self, folder):
        for role, place in ROLES:
            rotate_key(folder, role, place, now=LATER, entropy=entropy)
        return FileKeys(folder)


@pytest.mark.parametrize(("role", "place"), ROLES)
def test_a_successor_signs_and_the_old_key_only_verifies(folder, role, place):
    old = current(FileKeys(folder), role, place)
    keys = rotate_key(folder, role, place, now=LATER, entropy=entropy)
    new, found = current(keys, role, place), ring(keys)
    assert new.kid != old.kid
    before, after = found.find(role, old.kid), found.find(role, new.kid)
    assert (before.state, after.state) == ("verify_only", "active")
    assert before.signed_at(LATER)
    with pytest.raises(TokenError):
        before.signed_at(LATER + timedelta(minutes=1))
    assert (after.office, after.station) == (place or (None, None))
    assert found.version == 2


def test_what_was_issued_before_can_be_signed_anew_by_the_successor(folder):
    keys = rotate_key(folder, "credential", now=LATER, entropy=entropy)
    record = ring(keys).find("credential", keys.signing("credential").kid)
    assert record.signed_at(T0)
    assert record.not_after == LATER + timedelta(days=365)


@pytest.mark.parametrize(
    "change",
    [
        lambda folder, now: renew_keyring(folder, now=now),
        lambda folder, now: rotate_key(folder, "status", now=now, entropy=entropy),
        lambda folder, now: add_station(folder, "wakatobi", "l-2", now=now, entropy=entropy),
    ],
)
def test_keys_live_as_long_as_the_keyring_they_stand_in(folder, change):
    """Else what they sign in the second year would be refused, under a keyring that is fresh."""
    old = current(rotate_key(folder, "credential", now=T0, entropy=entropy), "credential")
    renewed = T0 + timedelta(days=300)
    keys = change(folder, renewed)
    roots = [PublicKey.ed25519(raw) for raw in keys.roots()]
    found = Keyring.read(keys.keyring(), roots, now=renewed)
    for role, place in ROLES:
        record = found.find(role, current(keys, role, place).kid)
        assert record.signed_at(found.expires_at)
        assert record.signed_at(renewed)
    assert found.find("credential", old.kid).state == "active"
    spent = [one for one in found.records if one.state == "verify_only"]
    assert spent
    assert all(one.not_after <= renewed + timedelta(minutes=1) for one in spent)


def test_an_issuer_may_change_its_algorithm_and_change_it_back(folder):
    for algorithm in ("ES256", "EdDSA"):
        keys = rotate_key(folder, "credential", now=LATER, entropy=entropy, algorithm=algorithm)
        assert keys.signing("credential").alg == algorithm
        assert (ring(keys).find("credential", keys.signing("credential").kid).key.alg) == {
            "ES256": -7,
            "EdDSA": -8,
        }[algorithm]


def test_a_successor_has_the_algorithm_of_the_key_before_it(folder):
    rotate_key(folder, "credential", now=LATER, entropy=entropy, algorithm="ES256")
    assert rotate_key(folder, "credential", now=LATER, entropy=entropy).signing(
        "credential"
    ).alg == "ES256"  # fmt: skip


@pytest.mark.parametrize(
    ("role", "place", "algorithm"),
    [("status", None, "ES256"), ("checkpoint", None, "ES256"), ("station", PLACE, "EdDSA")],
)
def test_only_an_issuer_chooses_its_algorithm(folder, role, place, algorithm):
    before = FileKeys(folder).keyring()
    with pytest.raises(KeySourceError, match=r"keys\.form"):
        rotate_key(folder, role, place, now=LATER, entropy=entropy, algorithm=algorithm)
    assert FileKeys(folder).keyring() == before


class TestKeysOfAnEs256Issuer(KeySourceContract):
    """A folder whose issuer signs with P-256 keeps the contract of any other."""

    place = PLACE

    @pytest.fixture
    def keys(self, tmp_path):
        made = new_keys(tmp_path / "p256", now=T0, entropy=entropy, stations=[PLACE],
                        issuer="ES256")  # fmt: skip
        assert made.signing("credential").alg == "ES256"
        assert made.signing("status").alg == "EdDSA"
        return made


def test_a_source_that_is_open_signs_with_the_successor_at_once(folder):
    running = FileKeys(folder)
    old = running.signing("credential").kid
    rotate_key(folder, "credential", now=LATER, entropy=entropy)
    assert running.sign(old, b"taken a moment ago")
    assert running.signing("credential").kid != old
    assert running.sign(old, b"taken a moment ago")
    assert ring(running).version == 2


def test_only_one_predecessor_keeps_its_private_half(folder):
    first = FileKeys(folder).signing("status").kid
    for _ in range(2):
        keys = rotate_key(folder, "status", now=LATER, entropy=entropy)
    with pytest.raises(KeySourceError, match=r"keys\.unknown"):
        keys.sign(first, b"x")
    assert (folder / "status.pem").read_bytes().count(b"BEGIN PRIVATE KEY") == 2
    assert ring(keys).find("status", first).state == "verify_only"


@pytest.mark.parametrize(("role", "place"), ROLES)
def test_a_revoked_key_counts_no_more_and_leaves_a_successor(folder, role, place):
    stolen = current(FileKeys(folder), role, place).kid
    keys = revoke_key(folder, stolen, now=LATER, entropy=entropy)
    with pytest.raises(TokenError, match="revoked"):
        ring(keys).find(role, stolen)
    assert ring(keys).find(role, current(keys, role, place).kid).state == "active"
    assert ring(keys).version == 3
    with pytest.raises(KeySourceError):
        keys.sign(stolen, b"x")


def test_a_predecessor_can_be_revoked_without_another_successor(folder):
    old = FileKeys(folder).signing("credential").kid
    new = rotate_key(folder, "credential", now=LATER, entropy=entropy).signing("credential").kid
    keys = revoke_key(folder, old, now=LATER, entropy=entropy)
    assert keys.signing("credential").kid == new
    assert ring(keys).version == 3


def test_a_key_that_signs_is_never_revoked_without_a_successor():
    material = MemoryKeys(entropy, T0)._material
    kid = material.roles["credential"][0].kid
    with pytest.raises(KeySourceError, match=r"keys\.current"):
        revoked(material, kid, now=LATER)


def test_a_renewed_keyring_has_the_same_keys_and_a_longer_life(folder):
    before = ring(FileKeys(folder))
    after = ring(renew_keyring(folder, now=LATER))
    assert after.version == before.version + 1
    year = timedelta(days=365)
    assert [attrs.evolve(one, not_after=T0 + year) for one in after.records] == list(before.records)
    assert {one.not_after for one in after.records} == {LATER + year}
    assert after.expires_at == LATER + timedelta(days=365)


def test_a_new_symmetric_key_comes_first_and_the_old_one_stays(folder):
    before = FileKeys(folder).secrets("wrap")
    after = rotate_secret(folder, "wrap", entropy=entropy).secrets("wrap")
    assert [key.kid for key in after[1:]] == [key.kid for key in before]
    assert len(after) == 2


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda folder: rotate_key(folder, "root", now=LATER, entropy=entropy), "unknown"),
        (lambda folder: rotate_key(folder, "status", PLACE, now=LATER, entropy=entropy), "unknown"),
        (lambda folder: rotate_key(folder, "station", now=LATER, entropy=entropy), "station"),
        (
            lambda folder: rotate_key(folder, "station", ("a", "b"), now=LATER, entropy=entropy),
            "station",
        ),
        (lambda folder: revoke_key(folder, b"12345678", now=LATER, entropy=entropy), "unknown"),
        (lambda folder: rotate_secret(folder, "nothing", entropy=entropy), "unknown"),
    ],
)
def test_what_is_not_there_is_refused_and_nothing_changes(folder, change, code):
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(KeySourceError, match=rf"keys\.{code}"):
        change(folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_without_the_root_no_keyring_is_signed(folder):
    (folder / "root.pem").unlink()
    for change in (
        lambda: rotate_key(folder, "status", now=LATER, entropy=entropy),
        lambda: renew_keyring(folder, now=LATER),
    ):
        with pytest.raises(KeySourceError, match=r"keys\.root"):
            change()


@pytest.mark.parametrize("broken_at", [1, 2])
def test_a_rotation_that_breaks_off_leaves_a_set_that_opens(folder, monkeypatch, broken_at):
    whole, count = keyfiles.files.replace, 0

    def replace(*words):
        nonlocal count
        if count == broken_at:
            raise KeySourceError("keys.failed", "the disk is full")
        count += 1
        whole(*words)

    monkeypatch.setattr(keyfiles.files, "replace", replace)
    with pytest.raises(KeySourceError, match=r"keys\.failed"):
        rotate_key(folder, "credential", now=LATER, entropy=entropy)
    monkeypatch.undo()
    keys = FileKeys(folder)
    assert ring(keys).find("credential", keys.signing("credential").kid)
    again = rotate_key(folder, "credential", now=LATER, entropy=entropy)
    assert ring(again).find("credential", again.signing("credential").kid).state == "active"


def test_a_successor_keeps_role_and_place():
    material = MemoryKeys(entropy, T0, [PLACE])._material
    after = rotated(material, "station", PLACE, now=LATER, entropy=entropy)
    assert after.stations[PLACE][0].alg == "ES256"
    assert after.roles == material.roles

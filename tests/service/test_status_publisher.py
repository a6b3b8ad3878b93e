"""The status list that a service publishes: what became of every credential."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

import ikd
from ikd.adapters.keys.keys_in_folder import rotate_key
from ikd.core.errors import RefusedError, StoreError
from ikd.core.tokens import credential
from ikd.core.tokens.keyring import Keyring
from ikd.core.tokens.publickey import PublicKey
from ikd.core.tokens.statuslist import StatusList
from ikd.core.tokens.verifier import Verifier
from ikd.service import prepare, status_publisher
from ikd.testing.entropy import seeded_entropy

URI = "https://ikd.example.id/status/1"


def keyring_of(service, now) -> Keyring:
    keys = service._parts.keys
    return Keyring.read(keys.keyring(), [PublicKey.ed25519(raw) for raw in keys.roots()], now=now)


def listed(service, now):
    return StatusList.read(service.status_list(), keyring_of(service, now), uri=URI, now=now)


def test_an_empty_house_publishes_a_list_of_valid_places(world):
    made, now = listed(world.open(), world.clock.now()), world.clock.now()
    assert made.status(0, now=now) == made.status(2**20 - 1, now=now) == "valid"
    assert made.status(2**20, now=now) == "unknown"
    assert not any(made.entries)


def test_a_new_phone_supersedes_the_old_credential(world, office):
    service = world.open()
    old = service.get(
        world.walk(service, office).to_activation(), "identity", actor=ikd.Actor.system()
    )
    text = service.credential(old.id, actor=ikd.Actor.system())
    world.clock.advance(timedelta(hours=1))
    new = service.get(
        world.walk(service, office, phone=2).to_activation(), "identity", actor=ikd.Actor.system()
    )
    now = world.clock.now()
    made = listed(service, now)
    assert made.status(old.credential.status_index, now=now) == "superseded"
    assert made.status(new.credential.status_index, now=now) == "valid"
    verifier = Verifier(keyring_of(service, now), made)
    assert verifier.check(text, now=now).codes[0] == "superseded"
    assert verifier.check(text, now=now).outcome == "refuse"
    assert verifier.check(service.credential(new.id, actor=ikd.Actor.system()), now=now).codes == (
        "no_holder_proof",
    )


def test_each_credential_has_a_place_of_its_own_that_was_drawn(in_memory, monkeypatch):
    """Of sixteen places eight are taken: never one twice, and in no order."""
    monkeypatch.setattr(prepare, "STATUS_PLACES", 16)
    service, places = in_memory.open(), []
    for number in range(1, 9):
        identity_id = in_memory.walk(service, number=number).to_activation()
        places.append(
            service.get(identity_id, "identity", actor=ikd.Actor.system()).credential.status_index
        )
    assert len(set(places)) == 8
    assert set(places) < set(range(16))
    assert places != sorted(places)


def test_a_place_is_never_given_again(in_memory, monkeypatch):
    """Two places, one of an identity that has ended: a third finds no place at all."""
    monkeypatch.setattr(prepare, "STATUS_PLACES", 2)
    service = in_memory.open()
    in_memory.walk(service).to_activation()
    in_memory.clock.advance(timedelta(hours=1))
    in_memory.walk(service, phone=2).to_activation()
    in_memory.clock.advance(timedelta(hours=1))
    with pytest.raises(RefusedError, match=r"status\.full"):
        in_memory.walk(service, phone=3).to_activation()


def test_lives_are_those_asked_for(in_memory):
    service, now = in_memory.open(), in_memory.clock.now()
    data = service.status_list(life=timedelta(days=2), ttl=timedelta(minutes=30))
    made = StatusList.read(data, keyring_of(service, now), now=now)
    assert (made.expires_at - made.issued_at, made.ttl) == (
        timedelta(days=2),
        timedelta(minutes=30),
    )


def test_pages_are_walked_to_the_end(in_memory, monkeypatch):
    monkeypatch.setattr(status_publisher, "_PAGE", 1)
    service, ended = in_memory.open(), []
    for number in (1, 2):
        ended.append(in_memory.walk(service, number=number).to_activation())
        in_memory.clock.advance(timedelta(hours=1))
        in_memory.walk(service, number=number, phone=2).to_activation()
    now = in_memory.clock.now()
    made = listed(service, now)
    places = [
        service.get(one, "identity", actor=ikd.Actor.system()).credential.status_index
        for one in ended
    ]
    assert [made.status(place, now=now) for place in places] == ["superseded"] * 2


@pytest.mark.parametrize(
    ("status", "reason", "standing"),
    [
        ("ACTIVE", None, "valid"),
        ("SUSPENDED", None, "suspended"),
        ("ENDED", "superseded", "superseded"),
        ("ENDED", "died", "invalid"),
    ],
)
def test_each_standing_has_its_word_and_any_other_end_is_a_revocation(
    monkeypatch, status, reason, standing
):
    monkeypatch.setattr(status_publisher, "_reason", lambda _parts, _identity: reason)
    enum = (
        status_publisher.IdentityStatus.ACTIVE
        if status == "ACTIVE"
        else SimpleNamespace(value=status)
    )
    assert status_publisher._standing(None, SimpleNamespace(status=enum)) == standing


def test_an_end_that_no_journal_tells_is_damage():
    loader = SimpleNamespace(journal=lambda _: ())
    with pytest.raises(StoreError, match=r"store\.damaged"):
        status_publisher._reason(loader, SimpleNamespace(id="x"))


def test_credentials_issued_before_a_rotation_can_be_had_after_it(on_disk):
    """The service signs anew whenever it is asked; verifiers with the new keyring agree."""
    service = on_disk.open()
    identity_id = on_disk.walk(service).to_activation()
    before = service.credential(identity_id, actor=ikd.Actor.system())
    on_disk.clock.advance(timedelta(days=3))
    now = on_disk.clock.now()
    rotate_key(
        on_disk.folder / "ikd.db.keys", "credential", now=now, entropy=seeded_entropy("rotate")
    )
    after = service.credential(identity_id, actor=ikd.Actor.system())
    assert after != before
    for text in (before, after):
        assert credential.read(text, keyring_of(service, now), now=now).person.nik_tail == "9901"

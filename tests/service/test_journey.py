"""Whole journeys through the service, for both offices and over both stores."""

from __future__ import annotations

from datetime import timedelta

import ikd
from ikd import events
from ikd.core.decide import KINDS
from ikd.core.ports import Done
from ikd.core.tokens import credential
from ikd.core.tokens.keyring import Keyring
from ikd.core.tokens.publickey import PublicKey


def test_a_resident_reaches_an_identity_with_a_passcode(world, office):
    service = world.open()
    walk = world.walk(service, office)
    identity_id = walk.to_passcode()
    identity = service.get(identity_id, "identity", actor=ikd.Actor.system())
    assert (identity.status.value, identity.passcode_id is None) == ("ACTIVE", False)


def test_every_step_the_office_lists_is_done_in_its_order(world, office):
    service = world.open()
    walk = world.walk(service, office)
    application_id = walk.to_pin()
    walk.enter_pin(application_id)
    done = service.get(application_id, actor=ikd.Actor.system()).done
    assert list(done) == [step.name for step in walk.office.steps]


def test_the_credential_verifies_under_the_keyring(world, office):
    service = world.open()
    identity_id = world.walk(service, office).to_activation()
    text = service.credential(identity_id, actor=ikd.Actor.system())
    keys = service._parts.keys
    keyring = Keyring.read(
        keys.keyring(), [PublicKey.ed25519(r) for r in keys.roots()], now=world.clock.now()
    )
    claims = credential.read(text, keyring, now=world.clock.now())
    assert (claims.person.name, claims.person.nik_tail) == ("Ayu Lestari", "9901")


def test_the_same_identity_gives_the_same_credential(world):
    service = world.open()
    identity_id = world.walk(service).to_activation()
    assert service.credential(identity_id, actor=ikd.Actor.system()) == service.credential(
        identity_id, actor=ikd.Actor.system()
    )


def test_the_journal_replays_to_the_row(world, office):
    service = world.open()
    walk = world.walk(service, office)
    identity_id = walk.to_passcode()
    identity = service.get(identity_id, "identity", actor=ikd.Actor.system())
    for kind, record_id in (
        ("application", identity.application_id),
        ("identity", identity_id),
        ("resident", identity.resident_id),
    ):
        history = service.history(record_id, kind, actor=ikd.Actor.system())
        assert KINDS.replay(kind, tuple(entry.event for entry in history)) == service.get(
            record_id, kind, actor=ikd.Actor.system()
        )


def test_nothing_stays_owed_after_a_journey(world, office):
    service = world.open()
    world.walk(service, office).to_passcode()
    assert (
        service.owed(actor=ikd.Actor.system())
        == service.owed(Done.PARKED, actor=ikd.Actor.system())
        == ()
    )


def test_a_repeat_with_the_same_key_has_no_second_effect(world):
    service = world.open()
    walk = world.walk(service)
    first, second = walk.register(), walk.register()
    assert (first.id, first.events) == (second.id, second.events)
    assert len(service.find(actor=ikd.Actor.system())) == 1


def test_a_reopened_store_goes_on(on_disk, office):
    walk = on_disk.walk(on_disk.open(), office)
    application_id = walk.to_pin()
    on_disk.services.pop().close()
    walk.service = on_disk.open()
    assert isinstance(walk.enter_pin(application_id).events[0], events.Activated)


def test_a_wrong_pin_is_counted_and_the_right_one_still_counts(world, office):
    service = world.open()
    walk = world.walk(service, office)
    application_id = walk.to_pin()
    wrong = f"{(int(walk.read_pin()) + 1) % 10**6:06d}"
    (refused,) = walk.enter_pin(application_id, wrong).events
    assert (refused.attempts_left, refused.tries_left) == (2, 3)
    assert isinstance(walk.enter_pin(application_id).events[0], events.Activated)


def test_a_promise_that_was_kept_cannot_be_broken_later(world, office):
    service = world.open()
    walk = world.walk(service, office)
    application_id = walk.to_pin()
    walk.enter_pin(application_id)
    world.clock.advance(timedelta(days=30))
    assert not any(
        deadline.breached
        for deadline in service.deadlines(application_id, actor=ikd.Actor.system())
    )


def test_a_promise_that_is_not_kept_is_broken(world, office):
    service = world.open()
    application_id = world.walk(service, office).register().id
    world.clock.advance(timedelta(days=5))
    assert any(
        deadline.breached
        for deadline in service.deadlines(application_id, actor=ikd.Actor.system())
    )


def test_a_new_phone_ends_the_old_identity(world, office):
    service = world.open()
    old = world.walk(service, office, phone=1).to_passcode()
    new = world.walk(service, office, phone=2).to_passcode()
    assert service.get(old, "identity", actor=ikd.Actor.system()).status.value == "ENDED"
    assert service.get(new, "identity", actor=ikd.Actor.system()).status.value == "ACTIVE"


def test_a_newer_visit_supersedes_an_older_running_case(world, office):
    service = world.open()
    first = world.walk(service, office, phone=1)
    older = first.to_pin()
    world.walk(service, office, phone=2).to_pin()
    assert service.get(older, actor=ikd.Actor.system()).status.value == "WITHDRAWN"

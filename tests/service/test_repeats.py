"""Repeats and refusals: one key has one effect, and what security refuses is kept."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from ikd import commands as do
from ikd.adapters.keys.keys_in_folder import rotate_secret
from ikd.core.errors import IkdError, RefusedError, StoreError
from ikd.core.records.actor import Actor
from ikd.core.secrets.sealing import SecretKey
from ikd.service.requests import scopes_of
from ikd.testing.entropy import seeded_entropy


def refused(ask):
    with pytest.raises(IkdError) as met:
        ask()
    return met.value


def test_the_same_key_with_another_body_is_refused_and_kept(world):
    walk = world.walk(world.open())
    application_id = walk.register().id
    service = walk.service
    walk.ask(do.Withdraw(application_id=application_id), walk.operator, "same")
    other = do.Reject(application_id=application_id)
    assert refused(lambda: walk.ask(other, walk.operator, "same")).code == "key.reused"
    assert service.refusals(actor=Actor.system())[0].code == "key.reused"


def test_another_actor_has_keys_of_their_own(world):
    walk = world.walk(world.open())
    application_id = walk.register().id
    command = do.Withdraw(application_id=application_id)
    first = walk.ask(command, walk.operator, "same")
    second = Actor.operator("operator-2", office="payakumbuh")
    assert refused(lambda: walk.ask(command, second, "same")).code == "status.refused"
    assert walk.ask(command, walk.operator, "same").events == first.events


def test_another_phone_has_keys_of_its_own(world):
    service = world.open()
    first, second = world.walk(service, phone=1), world.walk(service, phone=2)
    ids = {
        service.handle(_registration(walk), actor=Actor.resident("one"), key="k").id
        for walk in (first, second)
    }
    assert len(ids) == 2


def _registration(walk):
    """Return the command with which *walk* registers, without asking it."""
    seen = []
    walk.service = SimpleNamespace(handle=lambda command, **_: seen.append(command))
    walk.register()
    return seen[0]


def test_a_repeat_gives_the_same_events_with_the_status_of_now(world, office):
    walk = world.walk(world.open(), office)
    first = walk.register()
    walk.to_pin()
    again = walk.register()
    assert (again.events, again.id) == (first.events, first.id)
    assert (first.status, again.status) == ("OPEN", "PIN_SENT")


def test_a_repeat_of_a_wrong_pin_costs_no_second_try(world, office):
    walk = world.walk(world.open(), office)
    application_id = walk.to_pin()
    application = walk.service.get(application_id, actor=Actor.system())
    command = do.EnterPin(
        application_id=application_id,
        pin=f"{(int(walk.read_pin()) + 1) % 10**6:06d}",
        proof=walk.proof(application_id, "enter_pin", application.transcript),
        captcha=walk.solve(application_id) if walk.office.pin.captcha.value else None,
    )
    first = walk.ask(command, walk.resident, "guess")
    assert walk.ask(command, walk.resident, "guess").events == first.events
    assert walk.service.get(application_id, actor=Actor.system()).pin_tries == 1


def test_a_repeat_is_known_as_one_after_the_keys_were_rotated(on_disk):
    walk = on_disk.walk(on_disk.open())
    first = walk.register()
    rotate_secret(on_disk.folder / "ikd.db.keys", "fingerprint", entropy=seeded_entropy("new"))
    walk.service = on_disk.open()
    again = walk.register()
    assert (again.id, again.events) == (first.id, first.events)
    other = do.Reject(application_id=first.id)
    walk.ask(do.Withdraw(application_id=first.id), walk.operator, "same")
    assert refused(lambda: walk.ask(other, walk.operator, "same")).code == "key.reused"


def test_the_scope_of_a_key_depends_on_a_secret_key_and_on_all_who_ask():
    """Whoever has the database alone can't try names of actors against it."""
    keys = [SecretKey(kid=bytes([n]) * 8, key=bytes([n]) * 32) for n in (1, 2)]
    command = do.Withdraw(application_id="0" * 32)
    asking = [
        Actor.resident("counter"),
        Actor.resident("other"),
        Actor.operator("counter", office="payakumbuh", station="a"),
        Actor.operator("counter", office="wakatobi", station="a"),
        Actor.operator("counter", office="payakumbuh", station="b"),
    ]
    scopes = [scopes_of(who, command, about, keys) for who in asking for about in ("", "0" * 32)]
    assert len({scope for both in scopes for scope in both}) == 20
    assert scopes_of(asking[0], command, "", keys[:1]) == scopes[0][:1]


def test_a_refusal_is_not_remembered_so_the_key_can_be_used_again(world):
    walk = world.walk(world.open())
    application_id = walk.register().id
    command = do.Approve(application_id=application_id)
    actor = walk.officer(walk.office.decision.by)
    refused(lambda: walk.ask(command, actor, "approve"))
    walk.to_pin()
    assert walk.service.get(application_id, actor=Actor.system()).status.value == "PIN_SENT"


def test_nothing_secret_is_stored_with_a_key(world, contents):
    walk = world.walk(world.open())
    application_id = walk.to_pin()
    pin = walk.read_pin()
    walk.enter_pin(application_id)
    held = contents(walk.service)
    assert pin not in repr(held.get("remembered", held.get("idempotency")))


def test_security_refusals_are_kept_with_the_actor_s_pseudonym(world):
    walk = world.walk(world.open())
    application_id = walk.register().id
    token = walk.walker.device.pairing_token(application_id, world.clock.now())
    cases = {
        "record.unknown": (do.Approve(application_id="0" * 32), walk.operator),
        "actor.not_permitted": (do.Approve(application_id=application_id), walk.resident),
        "actor.own_case": (
            do.Withdraw(application_id=application_id),
            Actor.operator("op", office="payakumbuh", nik=walk.walker.nik),
        ),
        "actor.other_office": (
            do.Withdraw(application_id=application_id),
            Actor.operator("op", office="wakatobi"),
        ),
        "token.base45": (do.ScanPairing(token="IKDR:~~~~"), walk.operator),
        "proof.invalid": (
            do.Withdraw(application_id=application_id, proof=b"no proof"),
            walk.resident,
        ),
    }
    for number, (code, (command, actor)) in enumerate(cases.items()):
        world.clock.advance(timedelta(seconds=1))
        assert refused(lambda c=command, a=actor, n=number: walk.ask(c, a, n_key(n))).code == code
    kept = [refusal.code for refusal in walk.service.refusals(actor=Actor.system())]
    assert kept == list(reversed(cases))
    names = {refusal.actor for refusal in walk.service.refusals(actor=Actor.system())}
    assert walk.walker.name not in names
    assert token not in repr(walk.service.refusals(actor=Actor.system()))


def n_key(number):
    return f"refused/{number}"


def test_a_scanned_token_counts_once_and_its_replay_is_kept(world):
    walk = world.walk(world.open())
    application_id = walk.register().id
    while walk.service.get(application_id, actor=Actor.system()).done[-1] != "ministry_review":
        walk.next(application_id)
    scan = do.ScanPairing(token=walk.walker.device.pairing_token(application_id, walk.now()))
    walk.ask(scan, walk.operator, "scan")
    code = refused(lambda: walk.ask(scan, walk.operator, "scan again")).code
    assert code in {"token.used", "step.not_next"}


def test_an_ordinary_refusal_is_not_kept(world):
    walk = world.walk(world.open())
    application_id = walk.register().id
    actor = walk.officer(walk.office.decision.by)
    command = do.Approve(application_id=application_id)
    assert refused(lambda: walk.ask(command, actor, "k")).code == "step.not_next"
    assert walk.service.refusals(actor=Actor.system()) == ()


def test_a_refusal_that_cannot_be_kept_is_still_told(world, monkeypatch):
    walk = world.walk(world.open())

    def lost(_refusal):
        raise StoreError("store.full")

    monkeypatch.setattr(walk.service._parts.store, "refuse", lost)
    error = refused(lambda: walk.ask(do.Approve(application_id="0" * 32), walk.operator, "k"))
    assert isinstance(error, RefusedError)
    assert error.__notes__ == ["and the refusal could not be kept: store.full"]


# --- public answers -------------------------------------------------------------------------


def test_registering_tells_nobody_who_is_registered(world, office):
    """Known or unknown, alive or dead, first or again: the same words."""
    service = world.open()
    first = world.walk(service, office, number=1)
    again = world.walk(service, office, number=1, phone=2)
    unknown = world.walk(service, office, number=2)
    world.registry = type(world.registry)()
    said = {walk.register().public for walk in (first, again, unknown)}
    assert len(said) == 1


def test_each_kind_of_failure_has_its_own_public_words(world):
    walk = world.walk(world.open())
    service = walk.service
    answers = service._parts.answers
    malformed = refused(lambda: service.handle(None, actor=walk.resident, key="k"))
    assert malformed.public is answers["malformed"]
    unknown = refused(lambda: walk.ask(do.Approve(application_id="0" * 32), walk.operator, "k"))
    assert unknown.public is answers["not_now"]
    service._parts.store.close()
    closed = refused(walk.register)
    assert (closed.code, closed.public) == ("store.closed", answers["try_later"])


def test_a_wrong_pin_and_a_wrong_passcode_are_told_in_the_same_words(world, office):
    walk = world.walk(world.open(), office)
    application_id = walk.to_pin()
    wrong = f"{(int(walk.read_pin()) + 1) % 10**6:06d}"
    said = walk.enter_pin(application_id, wrong).public
    identity_id = walk.to_passcode()
    proof = walk.proof(
        identity_id,
        "sign_in",
        walk.service.get(identity_id, "identity", actor=Actor.system()).transcript,
    )
    command = do.SignIn(identity_id=identity_id, passcode="771904", proof=proof)
    assert walk.ask(command, walk.resident, "wrong").public == said
    assert said == walk.service._parts.answers["try_again"]

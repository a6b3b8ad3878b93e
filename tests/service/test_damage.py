"""Damage and rarities: what is broken says so, and what is taken is passed over."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path

import attrs
import pytest

import ikd
from ikd import bootstrap
from ikd import commands as do
from ikd.adapters.keys.keys_in_folder import new_keys
from ikd.adapters.notification.file import FileChannel
from ikd.bootstrap import database_keys as keys_module
from ikd.core.errors import IkdError, KeySourceError, RefusedError, StoreError
from ikd.core.ids import draw
from ikd.core.ports import Commit, Done
from ikd.core.records.decision import Claim
from ikd.service.prepare import STATUS_PLACES
from ikd.service.question_asker import Asker


def code_of(act):
    with pytest.raises(IkdError) as met:
        act()
    return met.value.code


@pytest.mark.parametrize("state", [b"\xff", b"\xa0", b"\xa1\x61x\x01", b""])
def test_a_row_that_cannot_be_read_is_damaged(in_memory, state, contents, database):
    walk = in_memory.walk(in_memory.open())
    application_id = walk.register().id
    database(walk.service, "UPDATE records SET state = ? WHERE kind = 'application'", state)
    assert (
        code_of(lambda: walk.service.get(application_id, actor=ikd.Actor.system()))
        == "store.damaged"
    )
    before = contents(walk.service)
    command = do.Withdraw(application_id=application_id)
    assert code_of(lambda: walk.ask(command, walk.operator, "w")) == "store.frozen"
    assert contents(walk.service) == before


def test_a_journal_that_was_altered_is_broken(in_memory, database):
    walk = in_memory.walk(in_memory.open())
    application_id = walk.register().id
    altered = "UPDATE journal SET hash = ? WHERE kind = 'application' AND seq = 2"
    database(walk.service, altered, b"x" * 32)
    assert (
        code_of(lambda: walk.service.history(application_id, actor=ikd.Actor.system()))
        == "journal.broken"
    )


def test_a_pinned_standard_that_is_missing_stops_its_cases_alone(in_memory, database):
    walk = in_memory.walk(in_memory.open())
    application_id = walk.register().id
    parts = walk.service._parts
    parts.pinned.clear()
    database(walk.service, "DELETE FROM standards")
    assert (
        code_of(lambda: walk.service.deadlines(application_id, actor=ikd.Actor.system()))
        == "store.standard"
    )


def test_a_running_case_keeps_the_standard_it_was_registered_under(in_memory, tmp_path):
    """A new decree never changes a running case, in another process either."""
    first = in_memory.open(offices=["wakatobi"])
    walk = in_memory.walk(first, "wakatobi")
    application_id = walk.register().id
    parts = first._parts
    digest = first.get(application_id, actor=ikd.Actor.system()).standard
    second = in_memory.open(
        offices=["payakumbuh"], store=parts.store, keys=parts.keys, deliver="worker"
    )
    assert second._parts.standard(digest).id == "wakatobi"
    assert (
        len(second.deadlines(application_id, actor=ikd.Actor.system()))
        == len(first.deadlines(application_id, actor=ikd.Actor.system()))
        > 0
    )


def test_erased_personal_data_stay_erased(in_memory, database):
    """Without its data key nothing of a resident can be opened; what is owed stays seen."""
    walk = in_memory.walk(in_memory.open(), "payakumbuh")
    application_id = walk.register().id
    database(
        walk.service,
        "DELETE FROM secrets WHERE id = ?",
        walk.service.get(application_id, actor=ikd.Actor.system()).data_key_id,
    )
    decider = walk.officer(walk.office.decision.by)
    walk.ask(do.Reject(application_id=application_id), decider, "reject")
    assert "store.erased" in {item.failure for item in walk.service.owed(actor=ikd.Actor.system())}


def test_an_unexpected_failure_of_our_own_waits_for_its_next_try(in_memory, monkeypatch):
    walk = in_memory.walk(in_memory.open(), "payakumbuh")
    templates = walk.service._parts.templates
    object.__setattr__(walk.service._parts, "templates", {})
    walk.to_pin()
    (item,) = walk.service.owed(actor=ikd.Actor.system())
    assert item.failure == "unexpected.KeyError"
    object.__setattr__(walk.service._parts, "templates", templates)
    in_memory.clock.advance(timedelta(minutes=1))
    walk.service.deliver_due()
    assert walk.read_pin() is not None


def test_a_taken_place_on_the_status_list_is_passed_over(in_memory):
    walk = in_memory.walk(in_memory.open())
    application_id = walk.to_pin()
    drawn = _next_places(walk)
    _take(walk, in_memory, drawn[:3])
    walk.enter_pin(application_id)
    identity = walk.service.get(
        walk.service.get(application_id, actor=ikd.Actor.system()).identity_id,
        "identity",
        actor=ikd.Actor.system(),
    )
    assert identity.credential.status_index == drawn[3]


def test_a_full_status_list_activates_nobody_and_costs_nothing(in_memory, contents):
    walk = in_memory.walk(in_memory.open())
    application_id = walk.to_pin()
    _take(walk, in_memory, _next_places(walk))
    before = contents(walk.service)
    assert code_of(lambda: walk.enter_pin(application_id)) == "status.full"
    assert contents(walk.service) == before
    assert walk.enter_pin(application_id).status == "ACTIVATED"


def _next_places(walk):
    """Fix what the next call draws, and return the places that it would try."""
    parts, fixed = walk.service._parts, b"e" * 64
    free = parts.entropy

    def once(size):
        # the challenge of the proof comes first, and then the call itself
        drawn.append(size)
        if len(drawn) == 2:
            object.__setattr__(parts, "entropy", free)
            return fixed
        return free(size)

    drawn = []
    object.__setattr__(parts, "entropy", once)
    return [int.from_bytes(draw(fixed, f"status/{n}", 8), "big") % STATUS_PLACES for n in range(8)]


def _take(walk, world, places):
    takes = tuple(
        Claim(space="status", key=place.to_bytes(4, "big"), owner="f" * 32) for place in places
    )
    walk.service._parts.store.commit(Commit(at=world.clock.now(), takes=takes))


def test_a_phone_shows_the_qr_that_the_service_made_with_it(world):
    walk = world.walk(world.open(), "payakumbuh")
    application_id = walk.register().id
    while walk.service.get(application_id, actor=ikd.Actor.system()).done[-1] != "ministry_review":
        walk.next(application_id)
    token = walk.service.pairing_token(application_id, walk.walker.device.signer.sign)
    assert walk.ask(do.ScanPairing(token=token), walk.operator, "scan").status == "OPEN"
    assert "presence" in walk.service.get(application_id, actor=ikd.Actor.system()).done


def test_the_qr_of_another_case_of_the_same_phone_resets_no_sign_in(world):
    walk = world.walk(world.open(), "wakatobi")
    identity_id = walk.to_passcode()
    token = walk.walker.device.pairing_token("f" * 32, world.clock.now())
    reset = do.ResetSignIn(identity_id=identity_id, token=token)
    assert code_of(lambda: walk.ask(reset, walk.operator, "reset")) == "token.claims"
    own = walk.service.get(identity_id, "identity", actor=ikd.Actor.system()).application_id
    token = walk.walker.device.pairing_token(own, world.clock.now())
    reset = do.ResetSignIn(identity_id=identity_id, token=token)
    assert walk.ask(reset, walk.operator, "reset 2").identity.pin is not None


def test_a_missed_sign_in_is_renewed_by_the_phone(world):
    walk = world.walk(world.open(), "wakatobi")
    identity_id = walk.to_activation()
    world.clock.set(walk.service.get(identity_id, "identity", actor=ikd.Actor.system()).due)
    transcript = walk.service.get(identity_id, "identity", actor=ikd.Actor.system()).transcript
    proof = walk.proof(identity_id, "renew_sign_in", transcript)
    walk.ask(do.RenewSignIn(identity_id=identity_id, proof=proof), walk.resident, "renew")
    walk.to_passcode()
    assert (
        walk.service.get(identity_id, "identity", actor=ikd.Actor.system()).passcode_id is not None
    )


def test_a_proof_for_another_act_is_no_proof(world):
    walk = world.walk(world.open())
    application_id = walk.to_pin()
    proof = walk.proof(
        application_id,
        "enter_pin",
        walk.service.get(application_id, actor=ikd.Actor.system()).transcript,
    )
    reissue = do.ReissuePin(application_id=application_id, proof=proof)
    assert code_of(lambda: walk.ask(reissue, walk.resident, "k")) == "proof.invalid"


@pytest.mark.parametrize("said", ["another act", "another case"])
def test_a_proof_must_say_itself_what_its_challenge_was_for(world, said):
    walk = world.walk(world.open())
    application_id = walk.to_pin()
    challenge = walk.service.challenge(application_id, "reissue_pin")
    record_id = "f" * 32 if said == "another case" else application_id
    act = "enter_pin" if said == "another act" else "reissue_pin"
    transcript = walk.service.get(application_id, actor=ikd.Actor.system()).transcript
    proof = walk.walker.device.proof(record_id, act, challenge, walk.now(), transcript)
    world.clock.advance(walk.office.pin.cooldown.value)
    reissue = do.ReissuePin(application_id=application_id, proof=proof)
    assert code_of(lambda: walk.ask(reissue, walk.resident, "k")) == "proof.invalid"


@pytest.mark.parametrize("by", ["resident", "operator"])
def test_a_case_that_ends_after_the_visit_releases_its_phone(world, laws, by):
    walk = world.walk(world.open())
    application_id = walk.to_pin()
    transcript = walk.service.get(application_id, actor=ikd.Actor.system()).transcript
    proof = walk.proof(application_id, "withdraw", transcript) if by == "resident" else None
    command = do.Withdraw(application_id=application_id, proof=proof)
    walk.ask(command, walk.resident if proof else walk.operator, "withdraw")
    laws(walk.service)


def test_a_sign_in_by_a_secret_that_there_is_none_of_is_refused(world):
    walk = world.walk(world.open(), "payakumbuh")
    identity_id = walk.to_activation()
    transcript = walk.service.get(identity_id, "identity", actor=ikd.Actor.system()).transcript
    for code, secret in (
        ("pin.dead", {"pin": "123456"}),
        ("passcode.none", {"passcode": "582931"}),
    ):
        proof = walk.proof(identity_id, "sign_in", transcript)
        command = do.SignIn(identity_id=identity_id, proof=proof, **secret)
        assert code_of(partial(walk.ask, command, walk.resident, code)) == code


SMS_ONLY = Path(__file__).parents[1] / "cli" / "offices" / "sms_only.toml"


class _Adding:
    """Changes what a walk registers."""

    def __init__(self, service, **changes):
        self._service, self._changes = service, changes

    def handle(self, command, **named):
        return self._service.handle(attrs.evolve(command, **self._changes), **named)


def test_an_office_s_further_fields_are_sealed_and_its_own_media_used(in_memory, contents):
    """An office without e-mail that asks for more: nothing goes where no address is."""
    channels = [FileChannel(in_memory.folder / kind, kind) for kind in ("email", "sms")]
    service = in_memory.open(offices=[SMS_ONLY], channels=channels)
    walk = in_memory.walk(service, SMS_ONLY)
    walk.service = _Adding(service, email=None, more={"mother_name": "Siti Rekaan"})
    application_id = walk.register().id
    walk.service = service
    sealed = service.get(application_id, actor=ikd.Actor.system()).sealed
    assert (sealed.email is None, sealed.more is None) == (True, False)
    assert "Siti Rekaan" not in repr(contents(service))
    walk.ask(do.Reject(application_id=application_id), walk.officer("operator"), "reject")
    assert not (in_memory.folder / "email").exists()


def test_a_notice_whose_record_is_gone_stays_seen(in_memory, database):
    walk = in_memory.walk(in_memory.open(deliver="worker"))
    application_id = walk.register().id
    walk.ask(
        do.Reject(application_id=application_id),
        walk.officer(walk.office.decision.by),
        "reject",
    )
    database(walk.service, "DELETE FROM records WHERE id = ?", application_id)
    walk.service.deliver_due()
    waiting = [i for i in walk.service.owed(actor=ikd.Actor.system()) if i.kind == "notice"]
    assert [item.failure for item in waiting] == ["store.damaged"]


def test_an_answer_that_the_rules_refuse_is_parked_and_seen(in_memory):
    walk = in_memory.walk(in_memory.open(deliver="worker"), "wakatobi")
    application_id = walk.register().id
    service = walk.service

    def refuse(*_given):
        raise RefusedError("actor.not_permitted")

    service._delivery._by["question"] = Asker(service._parts, refuse).ask
    service.deliver_due()
    assert [item.failure for item in service.owed(Done.PARKED, actor=ikd.Actor.system())] == [
        "actor.not_permitted"
    ]
    assert service.get(application_id, actor=ikd.Actor.system()).status.value == "OPEN"


# --- keys of two processes that start at once ---------------------------------------------------


def test_keys_that_another_process_made_meanwhile_are_taken(tmp_path, monkeypatch):
    made = []

    def late(folder, **named):
        made.append(new_keys(folder, **named))
        raise KeySourceError("keys.exist")

    monkeypatch.setattr(keys_module, "new_keys", late)
    url = f"sqlite:///{tmp_path}/ikd.db"
    with bootstrap.open_service(offices=["wakatobi"], store=url, deliver="worker") as service:
        assert service._parts.keys.roots() == made[0].roots()


def test_keys_that_cannot_be_written_are_an_error(tmp_path, monkeypatch):
    def full(_folder, **_named):
        raise KeySourceError("keys.failed")

    monkeypatch.setattr(keys_module, "new_keys", full)
    url = f"sqlite:///{tmp_path}/ikd.db"
    with pytest.raises(KeySourceError):
        bootstrap.open_service(offices=["wakatobi"], store=url, deliver="worker")


def test_a_store_that_fails_while_opening_is_closed(tmp_path, in_memory, monkeypatch):
    service = in_memory.open()
    store = service._parts.store

    def broken(**_):
        raise StoreError("store.corrupt")

    monkeypatch.setattr(store, "newest", broken)
    with pytest.raises(StoreError):
        bootstrap.open_service(offices=["wakatobi"], store=store, deliver="worker")
    assert code_of(lambda: service.find(actor=ikd.Actor.system())) == "store.closed"

"""Ends reach the contact they concern, and a corrected contact is where everything goes."""

from __future__ import annotations

from datetime import timedelta

import pytest

import ikd
from ikd import commands as do
from ikd.adapters.notification.file import FileChannel
from ikd.core.errors import DeliveryError, RefusedError
from ikd.core.standard.steps import next_step
from ikd.testing import Mailbox

SYSTEM = ikd.Actor.system()


class Away(FileChannel):
    """A mail server that takes nothing until it is back."""

    back = False

    def deliver(self, message):
        if not self.back:
            raise DeliveryError("channel.deferred", retryable=True)
        return super().deliver(message)


def mails(world, address):
    """Return the subjects of what was sent to *address*, oldest first."""
    return [str(mail["Subject"]) for mail in Mailbox(world.folder / "mails").messages(address)]


def correct(walk, number, key="correct", **contact):
    proof = walk.proof(number, "correct_contact")
    command = do.CorrectContact(application_id=number, proof=proof, **contact)
    return walk.ask(command, walk.resident, key)


def test_what_was_mistyped_is_corrected_on_the_phone_and_the_pin_goes_there(world, office):
    service = world.open()
    walk = world.walk(service, office)
    number = walk.register().id
    correct(walk, number, email="ayu.benar@example.org")
    walk.to_pin()
    assert mails(world, walk.walker.email) == []
    (pin,) = mails(world, "ayu.benar@example.org")
    assert "IKD" in pin


def test_a_correction_leaves_number_and_nik_as_they_were(world):
    service = world.open()
    walk = world.walk(service)
    number = walk.register().id
    before = service.get(number, actor=SYSTEM).sealed
    correct(walk, number, email="ayu.benar@example.org")
    after = service.get(number, actor=SYSTEM).sealed
    assert (after.nik, after.phone) == (before.nik, before.phone)
    assert after.email != before.email
    number = walk.to_pin()
    (pin,) = Mailbox(world.folder / "mails").pins("ayu.benar@example.org")
    walk.enter_pin(number, pin)


def test_another_phone_corrects_nothing_and_none_does_a_third_time(world):
    service = world.open()
    walk = world.walk(service)
    number = walk.register().id
    stranger = world.walk(service, number=2)
    with pytest.raises(RefusedError, match="phone"):
        correct(stranger, number, email="penipu@example.org")
    for key in ("first", "second"):
        correct(walk, number, key, email="ayu.benar@example.org")
    with pytest.raises(RefusedError) as caught:
        correct(walk, number, "third", email="ayu.lagi@example.org")
    assert caught.value.code == "contact.corrections_used"


def test_a_repeat_of_a_correction_has_no_second_effect(world):
    service = world.open()
    walk = world.walk(service)
    number = walk.register().id
    proof = walk.proof(number, "correct_contact")
    command = do.CorrectContact(application_id=number, proof=proof, email="ayu.benar@example.org")
    first, second = (walk.ask(command, walk.resident, "same") for _ in range(2))
    assert first.events == second.events
    assert service.get(number, actor=SYSTEM).contact_corrections == 1


# --- ends ----------------------------------------------------------------------------------


def test_whoever_replaces_an_identity_the_old_contact_hears_of_it(world, office):
    service = world.open()
    old, new = (world.walk(service, office, phone=phone) for phone in (1, 2))
    old.to_activation()
    assert len(mails(world, old.walker.email)) == 2  # the PIN, and that it is active
    new.to_activation()
    service.deliver_due()
    assert "IKD: digantikan" in mails(world, old.walker.email)[-1]
    assert not any("digantikan" in subject for subject in mails(world, new.walker.email))


def test_an_approval_taken_back_reaches_the_resident_and_the_pin_is_dead(world, office):
    service = world.open()
    walk = world.walk(service, office)
    number = walk.to_pin()
    walk.ask(do.Reject(application_id=number), walk.officer(walk.office.decision.by), "reject")
    service.deliver_due()
    told = mails(world, walk.walker.email)
    assert "tidak berlaku lagi" in told[-1]
    assert walk.office.pin.word.value in told[-1]
    with pytest.raises(RefusedError, match="REJECTED"):
        walk.enter_pin(number)


def test_a_pin_that_waits_when_the_approval_is_taken_back_is_never_sent(world):
    channel = Away(world.folder / "mails")
    service = world.open(channels=[channel])
    walk = world.walk(service)
    number = walk.to_pin()
    walk.ask(do.Reject(application_id=number), ikd.Actor.ministry(), "reject")
    channel.back = True
    world.clock.advance(timedelta(minutes=5))
    service.deliver_due()
    (told,) = mails(world, walk.walker.email)
    assert "tidak berlaku lagi" in told


def test_an_expiry_after_the_visit_is_told(world, office):
    service = world.open()
    walk = world.walk(service, office)
    walk.to_pin()
    world.clock.advance(timedelta(days=31))
    service.deliver_due()
    service.deliver_due()
    assert "IKD: permohonan berakhir" in mails(world, walk.walker.email)[-1]


def test_a_withdrawal_by_an_officer_after_the_visit_is_told_and_of_a_draft_nobody(world, office):
    service = world.open()
    walk, draft = world.walk(service, office), world.walk(service, office, number=2)
    number, other = walk.to_pin(), draft.register().id
    for each in (number, other):
        walk.ask(do.Withdraw(application_id=each), walk.operator, f"withdraw/{each}")
    service.deliver_due()
    assert "IKD: permohonan dicabut" in mails(world, walk.walker.email)[-1]
    assert mails(world, draft.walker.email) == []


def test_who_is_turned_away_at_the_counter_waits_for_the_ministry(world):
    service = world.open()
    walk = world.walk(service)
    number = walk.register().id
    while next_step(service.get(number, actor=SYSTEM).done, walk.office.steps).name != "presence":
        walk.next(number)
    refuse = do.RefusePresence(application_id=number, reason="face_mismatch")
    walk.ask(refuse, walk.operator, "refuse")
    assert service.get(number, actor=SYSTEM).presence_refusal == "face_mismatch"
    with pytest.raises(RefusedError) as caught:
        walk.next(number)
    assert caught.value.code == "step.referred"
    walk.ask(do.AskAgain(application_id=number), ikd.Actor.ministry(), "clear")
    walk.enter_pin(walk.to_pin())
    assert service.get(number, actor=SYSTEM).status.value == "ACTIVATED"

"""What the counter can do for whom no lane and no phone helps any more."""

from __future__ import annotations

from typing import Any

import pytest

from ikd.core.activation import commands as do
from ikd.core.activation import events as e
from ikd.core.activation.application import ApplicationStatus
from ikd.core.decide import APPLICATION
from model import acts
from model.cases import Case, refusal_of


def told(case: Case) -> tuple[str, str]:
    """Return whom ``where`` names, and what is missing."""
    assert APPLICATION.waits is not None
    waits = APPLICATION.waits(case.application, case.office, case.now)
    assert waits.role is not None
    return waits.role.value, waits.missing


def with_reissues_used(case: Case) -> None:
    """Bring a case to where every PIN that the phone may ask for was sent, and died."""
    acts.brought_to(case, "PIN_SENT")
    for _ in range(case.office.pin.reissues.value):
        case.later(case.office.pin.cooldown.value)
        case.do(phone_asks(case), acts.RESIDENT)
    case.later(case.office.pin.life.value)
    case.do(do.TimePasses(application_id=case.application.id), acts.SYSTEM)


def phone_asks(case: Case) -> do.ReissuePin:
    return do.ReissuePin(application_id=case.application.id, proof=b"proof")


def test_with_every_reissue_used_the_operator_is_waited_for(anywhere: Case):
    with_reissues_used(anywhere)
    assert refusal_of(anywhere, phone_asks(anywhere), acts.RESIDENT) == "pin.reissues_used"
    assert told(anywhere) == ("operator", "pin_at_office")


def test_in_person_an_operator_sends_another_pin_and_reissues_count_anew(anywhere: Case):
    with_reissues_used(anywhere)
    in_person = do.ReissuePin(application_id=anywhere.application.id)
    anywhere.do(in_person, acts.operator(anywhere))
    assert anywhere.application.pins == 1
    anywhere.later(anywhere.office.pin.cooldown.value)
    anywhere.do(phone_asks(anywhere), acts.RESIDENT)
    assert anywhere.application.pins == 2


def test_wrong_tries_stay_when_an_operator_sends_another_pin(anywhere: Case):
    application = acts.brought_to(anywhere, "PIN_SENT")
    anywhere.do(*acts.with_pin(anywhere, application, b"\x02" * 32))
    anywhere.later(anywhere.office.pin.cooldown.value)
    anywhere.do(do.ReissuePin(application_id=application.id), acts.operator(anywhere))
    assert anywhere.application.pin_tries == 1


def test_even_at_the_counter_no_pin_follows_another_at_once(anywhere: Case):
    application = acts.brought_to(anywhere, "PIN_SENT")
    in_person = do.ReissuePin(application_id=application.id)
    assert refusal_of(anywhere, in_person, acts.operator(anywhere)) == "pin.too_soon"


def test_a_resident_without_a_proof_is_sent_nothing(anywhere: Case):
    application = acts.brought_to(anywhere, "PIN_SENT")
    anywhere.later(anywhere.office.pin.cooldown.value)
    bare = do.ReissuePin(application_id=application.id)
    shown = anywhere.evidence(bare, proof=None)
    assert refusal_of(anywhere, bare, acts.RESIDENT, shown) == "proof.invalid"


@pytest.mark.parametrize("place", ["presence", "decision", "PIN_SENT"])
def test_in_person_an_operator_mends_the_contact_until_the_activation(anywhere: Case, place: str):
    application = acts.brought_to(anywhere, place)
    mended = do.CorrectContact(application_id=application.id, email="ayu@example.org")
    decision = anywhere.do(mended, acts.operator(anywhere))
    assert isinstance(decision.changes[0].events[-1], e.ContactCorrected)
    assert anywhere.application.contact_corrections == 0  # those are the phone's own


def test_what_has_ended_is_mended_by_nobody(anywhere: Case):
    application = acts.brought_to(anywhere, "PIN_SENT")
    anywhere.do(acts.enter_pin(application), acts.RESIDENT)
    assert anywhere.application.status is ApplicationStatus.ACTIVATED
    mended = do.CorrectContact(application_id=application.id, email="ayu@example.org")
    assert refusal_of(anywhere, mended, acts.operator(anywhere)) == "status.refused"


def test_a_pin_that_an_officer_hands_over_waits_for_the_officer(shelf: Any):
    def by_officer(text: dict[str, Any]) -> None:
        text["pin"]["media"] = [{"kind": "officer", "source": "default", "why": "contoh"}]

    case = Case(office=shelf.office("payakumbuh", by_officer))
    application = acts.brought_to(case, "PIN_SENT")
    assert told(case) == ("operator", "hand_over")
    handed = do.HandOverPin(application_id=application.id)
    waiting = case.evidence(handed, pin_waits=True)
    case.do(handed, acts.operator(case), waiting)
    assert told(case) == ("resident", "pin")


def test_a_visit_that_was_refused_waits_for_who_decides(anywhere: Case):
    application = acts.brought_to(anywhere, "presence")
    refused = do.RefusePresence(application_id=application.id, reason="face_mismatch")
    anywhere.do(refused, acts.operator(anywhere))
    role, _missing = told(anywhere)
    again = do.AskAgain(application_id=application.id)
    anywhere.do(again, acts.officer(anywhere, role))
    assert anywhere.application.referred is None


def test_a_visit_that_siak_notes_too_still_waits_for_the_counter(shelf: Any):
    def in_siak(text: dict[str, Any]) -> None:
        for step in text["steps"]:
            if step["name"] == "presence":
                step["performed_by"] = shelf.said("siak")

    case = Case(office=shelf.office("payakumbuh", in_siak))
    acts.brought_to(case, "presence")
    assert told(case) == ("operator", "visit")

"""A mistyped contact is mended on the phone that registered, before the visit and twice at most."""

from __future__ import annotations

import pytest

from ikd.core.activation import commands as do
from ikd.core.activation import events as e
from ikd.core.errors import InputError
from ikd.core.records.phone_record import SealedFields
from model import acts
from model.cases import Case, refusal_of


def correct(case: Case, **other: object) -> do.CorrectContact:
    known = {"application_id": case.application.id, "email": "ayu@example.org", "proof": b"proof"}
    return do.CorrectContact(**{**known, **other})


@pytest.mark.parametrize("place", ["data_check asked", "biometric", "presence"])
def test_before_the_visit_a_contact_is_corrected_and_the_rest_stays(anywhere: Case, place: str):
    before = acts.brought_to(anywhere, place).sealed
    decision = anywhere.do(correct(anywhere), acts.RESIDENT)
    sealed = SealedFields(nik=before.nik, email=b"corrected email", phone=before.phone)
    assert decision.changes[0].events == (
        e.ContactCorrected(at=anywhere.now, sealed=sealed, number=1),
    )
    assert anywhere.application.sealed == sealed


def test_both_can_be_corrected_at_once(anywhere: Case):
    acts.opened(anywhere)
    anywhere.do(correct(anywhere, phone="081298765432"), acts.RESIDENT)
    sealed = anywhere.application.sealed
    assert (sealed.email, sealed.phone) == (b"corrected email", b"corrected phone")


def test_a_third_correction_is_refused(anywhere: Case):
    acts.opened(anywhere)
    for _ in range(2):
        anywhere.do(correct(anywhere), acts.RESIDENT)
    command = correct(anywhere)
    assert refusal_of(anywhere, command, acts.RESIDENT) == "contact.corrections_used"


@pytest.mark.parametrize("place", ["decision", "PIN_SENT"])
def test_what_was_confirmed_at_the_visit_is_corrected_by_no_phone(anywhere: Case, place: str):
    acts.brought_to(anywhere, place)
    assert refusal_of(anywhere, correct(anywhere), acts.RESIDENT) == "contact.confirmed"


def test_without_the_phones_proof_nothing_is_corrected(anywhere: Case):
    acts.opened(anywhere)
    command = correct(anywhere)
    bare = anywhere.evidence(command, proof=None)
    assert refusal_of(anywhere, command, acts.RESIDENT, bare) == "proof.invalid"


def test_a_correction_of_nothing_is_malformed():
    with pytest.raises(InputError, match="an e-mail address, a number or both"):
        do.CorrectContact(application_id="0" * 32, proof=b"proof")

"""Every end tells whom it concerns, once a visit has shown that somebody is there to be told."""

from __future__ import annotations

import pytest

from ikd.core.activation import commands as do
from ikd.core.activation.application import ApplicationStatus
from model import acts
from model.cases import Case

BEFORE = ("biometric", "presence")
AFTER = ("decision", "PIN_SENT")


def told(case: Case, *asked: object) -> list[tuple[str, str]]:
    """Return the notices of what is asked: text, and the record whose contact gets it."""
    return [(n.template, n.record_id) for n in case.do(*asked).notices]


def expire(case: Case, number: object) -> list[tuple[str, str]]:
    case.now = case.application.due
    while case.application.pin is not None and case.application.pin.until <= case.now:
        case.do(do.TimePasses(application_id=number), acts.SYSTEM)
        case.now = case.application.due
    return told(case, do.TimePasses(application_id=number), acts.SYSTEM)


@pytest.mark.parametrize("place", AFTER)
def test_a_case_that_expires_after_the_visit_tells_its_contact(anywhere: Case, place: str):
    number = acts.brought_to(anywhere, place).id
    assert expire(anywhere, number) == [("expired", number)]
    assert anywhere.application.status is ApplicationStatus.EXPIRED


@pytest.mark.parametrize("place", BEFORE)
def test_a_draft_that_expires_writes_to_nobody(anywhere: Case, place: str):
    number = acts.brought_to(anywhere, place).id
    assert expire(anywhere, number) == []


@pytest.mark.parametrize("place", AFTER)
def test_a_case_withdrawn_after_the_visit_tells_its_contact_whoever_withdraws(
    anywhere: Case, place: str
):
    number = acts.brought_to(anywhere, place).id
    bare, proven = (do.Withdraw(application_id=number, proof=p) for p in (None, b"proof"))
    assert told(anywhere.copy(), bare, acts.operator(anywhere)) == [("withdrawn", number)]
    assert told(anywhere, proven, acts.RESIDENT) == [("withdrawn", number)]


@pytest.mark.parametrize("place", BEFORE)
def test_a_draft_that_is_withdrawn_writes_to_nobody(anywhere: Case, place: str):
    number = acts.brought_to(anywhere, place).id
    assert told(anywhere, do.Withdraw(application_id=number), acts.operator(anywhere)) == []


def test_an_end_is_told_by_the_media_of_a_rejection(anywhere: Case):
    number = acts.brought_to(anywhere, "decision").id
    withdraw = do.Withdraw(application_id=number)
    (notice,) = anywhere.do(withdraw, acts.operator(anywhere)).notices
    assert notice.media == anywhere.office.rejection.media_kinds


def test_what_time_ends_while_something_else_is_asked_is_told_too(anywhere: Case):
    number = acts.brought_to(anywhere, "PIN_SENT").id
    anywhere.now = anywhere.application.expires_at
    decision = anywhere.decide(acts.enter_pin(anywhere.application), acts.RESIDENT)
    assert decision.refusal.code == "status.refused"
    assert [(n.template, n.record_id) for n in decision.notices] == [("expired", number)]


@pytest.mark.parametrize("number", [0, 1])
def test_the_old_contact_is_told_when_an_identity_is_replaced(anywhere: Case, number: int):
    acts.brought_to(anywhere, "ACTIVATED")
    old = anywhere.identity
    application = acts.brought_to(anywhere, "PIN_SENT", number)
    decision = anywhere.do(acts.enter_pin(application), acts.RESIDENT)
    notices = {n.template: (n.kind, n.record_id) for n in decision.notices}
    assert notices == {
        "superseded": ("identity", old.id),
        "activated": ("application", application.id),
    }

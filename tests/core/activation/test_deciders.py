"""Who decides, until when, and what they must know: the counter's no, both words of a review."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import attrs
import pytest

from ikd.core.activation import commands as do
from ikd.core.activation import events as e
from ikd.core.activation.application import ApplicationStatus
from ikd.core.errors import InputError, RefusedError
from ikd.core.records.actor import Actor
from ikd.core.records.questions import KtpEl
from model import acts
from model.cases import Case, refusal_of


def decider(case: Case) -> Actor:
    """Return whom the office's standard lets decide."""
    return acts.officer(case, case.office.decision.by)


def in_siak(shelf: Any) -> Case:
    """Return a world whose decision is made in SIAK itself."""

    def change(text: dict[str, Any]) -> None:
        for step in text["steps"]:
            if step["name"] == "decision":
                step["performed_by"] = shelf.said("siak")

    return Case(office=shelf.office("payakumbuh", change))


def happened(decision: Any) -> list[str]:
    return [type(one).__name__ for one in decision.changes[0].events]


# --- an approval can be taken back until the activation ------------------------------------


def test_who_decides_can_reject_until_the_activation_and_the_pin_dies_of_it(anywhere: Case):
    application = acts.brought_to(anywhere, "PIN_SENT")
    reject = do.Reject(application_id=application.id, reason="face_mismatch")
    decision = anywhere.do(reject, decider(anywhere))
    assert anywhere.application.status is ApplicationStatus.REJECTED
    assert decision.deletes == decision.voids == (application.pin.id,)
    assert anywhere.resident.running is None
    assert refusal_of(anywhere, acts.enter_pin(application), acts.RESIDENT) == "status.refused"


def test_an_approval_taken_back_is_told_by_the_media_of_a_rejection_and_says_so(anywhere: Case):
    application = acts.brought_to(anywhere, "PIN_SENT")
    decision = anywhere.do(do.Reject(application_id=application.id), decider(anywhere))
    (notice,) = decision.notices
    assert (notice.template, notice.media) == (
        "taken_back",
        anywhere.office.rejection.media_kinds,
    )
    assert notice.pin_id is None


def test_it_is_taken_back_between_two_pins_too(anywhere: Case):
    application = acts.brought_to(anywhere, "PIN_SENT")
    anywhere.later(anywhere.office.pin.life.value)
    anywhere.do(do.TimePasses(application_id=application.id), acts.SYSTEM)
    decision = anywhere.do(do.Reject(application_id=application.id), decider(anywhere))
    assert (happened(decision), decision.notices[0].template) == (["Rejected"], "taken_back")


def test_siak_takes_back_what_it_approved_itself(shelf: Any):
    case = in_siak(shelf)
    number = acts.brought_to(case, "PIN_SENT").id
    report = do.ReportStep(application_id=number, step="decision", passed=False)
    case.do(report, acts.REGISTRY)
    assert (case.application.status, case.owed[-1].template) == (
        ApplicationStatus.REJECTED,
        "taken_back",
    )


def test_siak_takes_nothing_back_where_others_decide(anywhere: Case):
    number = acts.brought_to(anywhere, "PIN_SENT").id
    report = do.ReportStep(application_id=number, step="decision", passed=False)
    assert refusal_of(anywhere, report, acts.REGISTRY) == "step.not_reported"


# --- the counter's no reaches who decides --------------------------------------------------


def refuse(case: Case, **other: Any) -> do.RefusePresence:
    known = {"application_id": case.application.id, "reason": "face_mismatch"}
    return do.RefusePresence(**{**known, **other})


def test_the_operator_can_turn_the_person_away_and_the_case_says_why(anywhere: Case):
    acts.brought_to(anywhere, "presence")
    decision = anywhere.do(refuse(anywhere), acts.operator(anywhere))
    assert decision.changes[0].events == (
        e.PresenceRefused(
            at=anywhere.now,
            office=anywhere.office.id,
            station="counter-1",
            operator="op-1",
            reason="face_mismatch",
        ),
    )
    application = anywhere.application
    assert (application.referred, application.presence_refusal) == ("presence", "face_mismatch")
    assert (application.pairing, decision.notices) == (None, ())


def test_who_was_turned_away_gets_in_at_no_other_counter_before_it_is_cleared_up(anywhere: Case):
    acts.brought_to(anywhere, "presence")
    anywhere.do(refuse(anywhere), acts.operator(anywhere))
    command, _ = acts._presence(anywhere, anywhere.application)
    who = acts.RESIDENT if isinstance(command, do.AnswerPairing) else acts.operator(anywhere)
    assert refusal_of(anywhere, command, who) == "step.referred"
    assert refusal_of(anywhere, refuse(anywhere), acts.operator(anywhere)) == "step.referred"


def test_only_who_decides_clears_up_a_refused_visit_and_then_one_may_come_again(anywhere: Case):
    number = acts.brought_to(anywhere, "presence").id
    anywhere.do(refuse(anywhere), acts.operator(anywhere))
    clear = do.AskAgain(application_id=number)
    other = acts.operator(anywhere) if decider(anywhere) == acts.MINISTRY else acts.MINISTRY
    assert refusal_of(anywhere, clear, other) == "actor.not_permitted"
    anywhere.do(clear, decider(anywhere))
    assert anywhere.application.presence_refusal == "face_mismatch"
    for _ in range(2):
        if "presence" not in anywhere.application.done:
            anywhere.do(*acts.next_act(anywhere, anywhere.application))
    assert "presence" in anywhere.application.done
    assert anywhere.application.presence_refusal is None


def test_who_decides_rejects_on_the_counters_word(anywhere: Case):
    number = acts.brought_to(anywhere, "presence").id
    anywhere.do(refuse(anywhere), acts.operator(anywhere))
    decision = anywhere.do(do.Reject(application_id=number), decider(anywhere))
    assert (anywhere.application.status, decision.notices[0].template) == (
        ApplicationStatus.REJECTED,
        "rejected",
    )


def test_where_siak_decides_any_officer_clears_a_refused_visit_up(shelf: Any):
    case = in_siak(shelf)
    number = acts.brought_to(case, "presence").id
    case.do(refuse(case), acts.operator(case))
    case.do(do.AskAgain(application_id=number), acts.operator(case))
    assert case.application.referred is None


def test_nobody_is_turned_away_who_isnt_awaited(anywhere: Case):
    acts.brought_to(anywhere, "biometric")
    assert refusal_of(anywhere, refuse(anywhere), acts.operator(anywhere)) == "step.not_next"


def test_a_visit_is_refused_for_a_known_reason():
    with pytest.raises(InputError, match="one of data_mismatch"):
        do.RefusePresence(application_id="0" * 32, reason="Budi looks odd")


# --- own cases, and the clause that says who decides ---------------------------------------


@pytest.mark.parametrize("place", ["ministry_review", "decision", "PIN_SENT"])
def test_the_ministrys_officers_handle_no_case_of_their_own_either(payakumbuh: Case, place: str):
    number = acts.brought_to(payakumbuh, place).id
    for command in (
        do.Review(application_id=number, verified=True, validated=True),
        do.Approve(application_id=number),
        do.Reject(application_id=number),
    ):
        own = payakumbuh.evidence(command, own_case=True)
        assert refusal_of(payakumbuh, command, acts.MINISTRY, own) == "actor.own_case"


def test_an_officer_of_the_ministry_can_be_named_with_their_nik():
    officer = Actor.ministry("dirjen-1", nik=acts.NIK)
    assert (officer.nik.digits, officer.office) == (acts.NIK, None)
    assert acts.NIK not in repr(officer)


def test_no_clause_is_cited_for_who_decides_where_only_a_default_says_so(payakumbuh: Case):
    number = acts.brought_to(payakumbuh, "decision").id
    with pytest.raises(RefusedError, match="decision is the ministry's") as caught:
        payakumbuh.do(do.Approve(application_id=number), acts.operator(payakumbuh))
    assert caught.value.clause is None


def test_the_clause_that_says_who_decides_is_cited_where_there_is_one(shelf: Any):
    def change(text: dict[str, Any]) -> None:
        for step in text["steps"]:
            if step["name"] == "decision":
                step["by"] = {"value": "ministry", "source": "P25", "quote": "Dirjen Dukcapil"}

    case = Case(office=shelf.office("payakumbuh", change))
    number = acts.brought_to(case, "decision").id
    with pytest.raises(RefusedError) as caught:
        case.do(do.Approve(application_id=number), acts.operator(case))
    assert caught.value.clause == "P25"


def test_no_clause_is_cited_for_a_review_that_a_default_gives_to_the_registry(wakatobi: Case):
    number = acts.brought_to(wakatobi, "review asked").id
    review = do.Review(application_id=number, verified=True, validated=True)
    with pytest.raises(RefusedError, match="the registry reviews here") as caught:
        wakatobi.do(review, acts.MINISTRY)
    assert caught.value.clause is None


# --- verified and validated, and every clause of a finding ---------------------------------


@pytest.mark.parametrize(("verified", "validated"), [(True, False), (False, True), (False, False)])
def test_a_failed_review_says_which_of_the_two_did_not_hold(
    payakumbuh: Case, verified: bool, validated: bool
):
    number = acts.brought_to(payakumbuh, "ministry_review").id
    review = do.Review(application_id=number, verified=verified, validated=validated)
    decision = payakumbuh.do(review, acts.MINISTRY)
    at = payakumbuh.now
    assert decision.changes[0].events == (
        e.Reviewed(at=at, by="ministry", verified=verified, validated=validated),
        e.Rejected(at=at, reason="review", clauses=()),
    )
    assert "ministry_review" not in payakumbuh.application.done


def test_a_passed_review_says_that_both_held_as_every_review_on_record_did(payakumbuh: Case):
    number = acts.brought_to(payakumbuh, "ministry_review").id
    review = do.Review(application_id=number, verified=True, validated=True)
    (reviewed,) = payakumbuh.do(review, acts.MINISTRY).changes[0].events
    assert (reviewed.verified, reviewed.validated) == (True, True)
    assert reviewed == e.Reviewed(at=payakumbuh.now, by="ministry")


def test_a_rejection_names_every_clause_of_every_requirement_that_was_not_met(payakumbuh: Case):
    application = acts.brought_to(payakumbuh, "data_check asked")
    young = attrs.evolve(acts.PERSON, birth_date=payakumbuh.now.date() - timedelta(days=365))
    answer = acts.answer(application, ktp_el=KtpEl.NOT_RECORDED, person=young)
    (rejected,) = payakumbuh.do(answer, acts.REGISTRY).changes[0].events
    assert rejected.clauses[:2] == ("P12", "P13")
    assert len(set(rejected.clauses)) == len(rejected.clauses)

"""Time passes first, then permission, then the office's procedure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from ikd.core.activation import commands as do
from ikd.core.activation import events as e
from ikd.core.activation.application import ApplicationStatus
from ikd.core.activation.turn import Case as Loaded
from ikd.core.decide import APPLICATION, decide
from ikd.core.errors import RefusedError
from ikd.core.records.actor import Actor, Role
from ikd.core.records.context import Evidence
from ikd.core.records.declaration import Command
from ikd.core.records.questions import Question, QuestionKind
from ikd.core.records.resident import CaseClosed
from ikd.core.standard.candidate import Candidate
from model import acts
from model.cases import START, Case, refusal_of
from model.evidence import WRONG
from model.flaws import NOBODY

DAY = timedelta(days=1)


def siak(shelf: Any, *names: str, base: str = "payakumbuh") -> Case:
    """A world where the steps *names* are done in SIAK."""

    def change(text: dict[str, Any]) -> None:
        for step in text["steps"]:
            if step["name"] in names:
                step["performed_by"] = shelf.said("siak")

    return Case(office=shelf.office(base, change))


# --- time passes first -----------------------------------------------------------------


def test_what_is_overdue_expires_before_anything_else_and_only_then_the_answer_is_no(
    anywhere: Case,
):
    application = acts.brought_to(anywhere, "biometric")
    anywhere.later(7 * DAY)
    sample = acts.sample(anywhere, application)
    decision = anywhere.decide(sample, acts.RESIDENT)
    assert decision.changes[0].events == (e.Expired(at=anywhere.now),)
    assert decision.refusal.code == "status.refused"
    assert not any((decision.uses, decision.writes, decision.questions, decision.notices))
    assert refusal_of(anywhere, sample, acts.RESIDENT) == "status.refused"
    assert anywhere.application.status is ApplicationStatus.EXPIRED


def test_a_moment_before_it_is_due_nothing_expires(anywhere: Case):
    application = acts.brought_to(anywhere, "biometric")
    anywhere.later(7 * DAY - timedelta(microseconds=1))
    anywhere.do(acts.sample(anywhere, application), acts.RESIDENT)
    assert anywhere.application.status is ApplicationStatus.OPEN


def test_a_half_made_decision_is_dropped_when_only_time_may_stay(anywhere: Case):
    acts.brought_to(anywhere, "PIN_SENT")
    anywhere.later(timedelta(minutes=30))
    command, who, shown = acts.with_pin(anywhere, anywhere.application, WRONG)
    decision = anywhere.decide(command, who, shown)
    assert [type(x) for c in decision.changes for x in c.events] == [e.PinExpired]
    assert decision.uses == ()
    assert decision.refusal.code == "pin.dead"


def test_a_pin_lives_its_own_life_and_the_case_another(anywhere: Case):
    number = acts.brought_to(anywhere, "PIN_SENT").id
    look = do.TimePasses(application_id=number)
    anywhere.now = anywhere.application.pin.until
    decision = anywhere.do(look, acts.SYSTEM)
    assert isinstance(decision.changes[0].events[0], e.PinExpired)
    assert anywhere.application.due == START + 30 * DAY
    anywhere.now = START + 30 * DAY - timedelta(seconds=1)
    assert anywhere.do(look, acts.SYSTEM).changes[0].events == ()
    anywhere.later(timedelta(seconds=1))
    decision = anywhere.do(look, acts.SYSTEM)
    assert decision.changes[0].events == (e.Expired(at=anywhere.now),)
    assert decision.changes[1].events == (CaseClosed(at=anywhere.now, application_id=number),)


def test_when_pin_and_case_are_over_at_once_the_case_expires(shelf: Any):
    office = shelf.with_values("payakumbuh", pin__life="24 h", lives__pin_sent="1 d")
    case = Case(office=office)
    number = acts.brought_to(case, "PIN_SENT").id
    pin = case.application.pin.id
    case.later(DAY)
    decision = case.do(do.TimePasses(application_id=number), acts.SYSTEM)
    assert decision.changes[0].events == (e.Expired(at=case.now),)
    assert decision.deletes == decision.voids == (pin,)


def test_a_drafts_life_pauses_while_a_question_is_open_and_goes_on_at_the_answer(anywhere: Case):
    acts.brought_to(anywhere, "data_check asked")
    anywhere.later(20 * DAY)
    anywhere.do(acts.answer(anywhere.application), acts.REGISTRY)
    assert anywhere.application.expires_at == START + 27 * DAY


def test_a_question_nobody_answers_pauses_the_draft_for_thirty_days_and_no_longer(anywhere: Case):
    number = acts.brought_to(anywhere, "data_check asked").id
    question = anywhere.application.questions[0].id
    anywhere.later(37 * DAY - timedelta(seconds=1))
    assert not anywhere.do(do.TimePasses(application_id=number), acts.SYSTEM).changes[0].events
    anywhere.later(timedelta(seconds=1))
    decision = anywhere.do(do.TimePasses(application_id=number), acts.SYSTEM)
    assert anywhere.application.status is ApplicationStatus.EXPIRED
    assert decision.voids == (question,)


def test_an_ended_case_is_never_due(anywhere: Case):
    number = acts.opened(anywhere).id
    anywhere.do(do.Withdraw(application_id=number, proof=b"p"), acts.RESIDENT)
    anywhere.later(400 * DAY)
    assert anywhere.application.due is None
    assert not anywhere.do(do.TimePasses(application_id=number), acts.SYSTEM).changes[0].events


# --- who may ask what --------------------------------------------------------------------

MAY: dict[str, set[str]] = {
    "Register": {"resident", "operator"},
    "StateFacts": {"resident", "operator"},
    "CorrectContact": {"resident", "operator"},
    "SubmitBiometric": {"resident"},
    "ClearBiometric": {"operator"},
    "RecordAnswer": {"registry"},
    "ReportStep": {"registry"},
    "DeclareComplete": {"operator", "ministry"},
    "AskAgain": {"operator", "ministry"},
    "RefuseReferral": {"operator", "ministry"},
    "Review": {"ministry"},
    "ScanPairing": {"operator"},
    "AnswerPairing": {"resident"},
    "ConfirmPresence": {"operator"},
    "RefusePresence": {"operator"},
    "Approve": {"operator", "ministry"},
    "Reject": {"operator", "ministry"},
    "EnterPin": {"resident"},
    "ReissuePin": {"resident", "operator"},
    "HandOverPin": {"operator"},
    "ReportUndelivered": {"system"},
    "Withdraw": {"resident", "operator"},
    "TimePasses": {"system"},
}


def test_the_table_of_permissions_is_the_one_written_here():
    table = {kind.__name__: {role.value for role in kind.declared.by} for kind in do.COMMANDS}
    assert table == MAY


def test_the_role_is_checked_before_it_is_told_whether_there_is_such_a_case(anywhere: Case):
    look = do.TimePasses(application_id=NOBODY)
    nothing = Loaded(standard=anywhere.office)
    for actor, code in ((acts.RESIDENT, "actor.not_permitted"), (acts.SYSTEM, "record.unknown")):
        with pytest.raises(RefusedError) as caught:
            decide(APPLICATION, nothing, look, anywhere.context(actor, Evidence()))
        assert caught.value.code == code


def test_a_role_that_may_not_is_named_with_a_word_that_fits_every_role(anywhere: Case):
    look = do.TimePasses(application_id=acts.opened(anywhere).id)
    with pytest.raises(RefusedError, match="the operator can't ask TimePasses"):
        anywhere.do(look, acts.operator(anywhere))


def test_the_decision_is_whose_the_standard_says(payakumbuh: Case, wakatobi: Case):
    for case, may, may_not in (
        (payakumbuh, acts.MINISTRY, acts.operator(payakumbuh)),
        (wakatobi, acts.operator(wakatobi), acts.MINISTRY),
    ):
        number = acts.brought_to(case, "decision").id
        for command in (do.Approve(application_id=number), do.Reject(application_id=number)):
            assert refusal_of(case, command, may_not) == "actor.not_permitted"
        case.do(do.Approve(application_id=number), may)


def operators_commands(case: Case, number: Any) -> list[Command]:
    return [
        do.AskAgain(application_id=number),
        do.RefuseReferral(application_id=number, which=("device",), why="seen"),
        do.StateFacts(application_id=number, facts=Candidate(online=True)),
        do.ScanPairing(token=acts.phone_qr(number)),
        do.ConfirmPresence(application_id=number, check_code="4711"),
        do.Withdraw(application_id=number),
        do.Approve(application_id=number),
        do.Reject(application_id=number),
    ]


@pytest.mark.parametrize(
    ("who", "code"), [({"office": "elsewhere"}, "actor.other_office"), ({}, "actor.own_case")]
)
def test_an_operator_handles_neither_their_own_case_nor_another_offices(
    wakatobi: Case, who: dict[str, str], code: str
):
    number = acts.brought_to(wakatobi, "presence").id
    desk = acts.operator(wakatobi, **who)
    for command in operators_commands(wakatobi, number):
        shown = wakatobi.evidence(command, own_case=not who)
        assert refusal_of(wakatobi, command, desk, shown) == code


def test_a_decision_made_in_siak_is_nobodys_here(shelf: Any):
    case = siak(shelf, "decision")
    number = acts.brought_to(case, "decision").id
    for command in (do.Approve(application_id=number), do.Reject(application_id=number)):
        with pytest.raises(RefusedError, match="SIAK") as caught:
            case.do(command, acts.MINISTRY)
        assert (caught.value.code, caught.value.clause) == ("actor.not_permitted", None)
    case.do(do.ReportStep(application_id=number, step="decision", passed=True), acts.REGISTRY)
    assert case.application.status is ApplicationStatus.PIN_SENT
    assert case.owed[-1].template == "pin"


# --- steps done in SIAK -------------------------------------------------------------------


@pytest.mark.parametrize("name", ["data_check", "biometric", "ministry_review"])
def test_a_step_done_in_siak_is_taken_on_its_word_and_counts_as_done(shelf: Any, name: str):
    case = siak(shelf, name)
    number = acts.brought_to(case, name).id
    report = do.ReportStep(application_id=number, step=name, passed=True)
    happened = case.do(report, acts.REGISTRY).changes[0].events
    assert happened[0] == e.StepReported(at=case.now, step=name)
    assert name in case.application.done


@pytest.mark.parametrize("name", ["data_check", "biometric", "ministry_review", "decision"])
def test_a_step_that_failed_in_siak_rejects(shelf: Any, name: str):
    case = siak(shelf, name)
    number = acts.brought_to(case, name).id
    case.do(do.ReportStep(application_id=number, step=name, passed=False), acts.REGISTRY)
    assert case.application.status is ApplicationStatus.REJECTED


@pytest.mark.parametrize("name", ["biometric", "presence", "decision"])
def test_a_step_done_here_is_not_siaks_to_report(payakumbuh: Case, name: str):
    number = acts.brought_to(payakumbuh, name).id
    report = do.ReportStep(application_id=number, step=name, passed=True)
    assert refusal_of(payakumbuh, report, acts.REGISTRY) == "step.not_reported"


def test_a_report_out_of_turn_is_refused(shelf: Any):
    case = siak(shelf, "ministry_review")
    number = acts.brought_to(case, "biometric").id
    report = do.ReportStep(application_id=number, step="ministry_review", passed=True)
    assert refusal_of(case, report, acts.REGISTRY) == "step.not_next"


def test_no_case_is_approved_without_a_name_even_if_siak_checked_the_data(shelf: Any):
    case = siak(shelf, "data_check")
    acts.brought_to(case, "data_check asked")
    assert "presence" in case.application.done
    case.do(acts.answer(case.application), acts.REGISTRY)
    assert case.application.person == b"sealed person"
    assert case.application.done.count("data_check") == 1


# --- rejecting and withdrawing ---------------------------------------------------------------


def test_a_rejection_ends_the_case_and_tells_its_reason_to_the_audit_only(payakumbuh: Case):
    number = acts.brought_to(payakumbuh, "decision").id
    reject = do.Reject(application_id=number, reason="documents")
    decision = payakumbuh.do(reject, acts.MINISTRY)
    assert decision.changes[0].events == (
        e.Rejected(at=payakumbuh.now, reason="documents", clauses=()),
    )
    assert "documents" not in repr(decision.notices)


def test_after_a_rejection_no_pin_counts(payakumbuh: Case):
    number = acts.brought_to(payakumbuh, "decision").id
    payakumbuh.do(do.Reject(application_id=number), acts.MINISTRY)
    assert refusal_of(payakumbuh, acts.enter_pin(payakumbuh.application), acts.RESIDENT) == (
        "status.refused"
    )


def test_what_was_activated_is_not_rejected_any_more(payakumbuh: Case):
    number = acts.brought_to(payakumbuh, "ACTIVATED").id
    reject = do.Reject(application_id=number)
    assert refusal_of(payakumbuh, reject, acts.MINISTRY) == "status.refused"


def test_a_case_that_ends_asks_the_registry_nothing_more_and_forgets_the_sample(anywhere: Case):
    application = acts.brought_to(anywhere, "biometric asked")
    question, sample = application.questions[0].id, application.sample.sample_id
    withdraw = do.Withdraw(application_id=application.id, proof=b"p")
    decision = anywhere.do(withdraw, acts.RESIDENT)
    assert (decision.deletes, decision.voids) == ((sample,), (question,))


@pytest.mark.parametrize("place", ["biometric", "PIN_SENT"])
def test_the_resident_withdraws_by_the_phone_and_an_operator_in_person(anywhere: Case, place: str):
    number = acts.brought_to(anywhere, place).id
    by_phone = do.Withdraw(application_id=number, proof=b"p")
    bare = anywhere.evidence(by_phone, proof=None)
    assert refusal_of(anywhere, by_phone, acts.RESIDENT, bare) == "proof.invalid"
    shown = anywhere.evidence(by_phone)
    decision = anywhere.copy().do(by_phone, acts.RESIDENT, shown)
    assert decision.changes[0].events == (e.Withdrawn(at=anywhere.now, reason="resident"),)
    assert decision.uses == (shown.proof.challenge,)
    in_person = do.Withdraw(application_id=number)
    decision = anywhere.do(in_person, acts.operator(anywhere), bare)
    assert decision.changes[0].events == (e.Withdrawn(at=anywhere.now, reason="operator"),)


def test_a_proof_that_an_operator_shows_must_hold_too(anywhere: Case):
    number = acts.opened(anywhere).id
    command = do.Withdraw(application_id=number, proof=b"p")
    bare = anywhere.evidence(command, proof=None)
    assert refusal_of(anywhere, command, acts.operator(anywhere), bare) == "proof.invalid"


def test_a_resident_without_a_proof_withdraws_nothing(anywhere: Case):
    command = do.Withdraw(application_id=acts.opened(anywhere).id)
    bare = anywhere.evidence(command, proof=None)
    assert refusal_of(anywhere, command, acts.RESIDENT, bare) == "proof.invalid"


def test_what_has_ended_is_not_withdrawn(anywhere: Case):
    number = acts.brought_to(anywhere, "ACTIVATED").id
    command = do.Withdraw(application_id=number, proof=b"p")
    assert refusal_of(anywhere, command, acts.RESIDENT) == "status.refused"


# --- both orders of the review -----------------------------------------------------------------


@pytest.mark.parametrize("review_first", [True, False])
def test_the_review_stands_before_or_after_the_visit_as_the_file_says(
    shelf: Any, review_first: bool
):
    def change(text: dict[str, Any]) -> None:
        if not review_first:
            text["steps"][3:5] = reversed(text["steps"][3:5])

    case = Case(office=shelf.office("payakumbuh", change))
    acts.brought_to(case, "ACTIVATED")
    order = [name for name in case.application.done if name in ("ministry_review", "presence")]
    names = ["ministry_review", "presence"]
    assert order == (names if review_first else names[::-1])


def test_where_the_registry_reviews_after_the_visit_it_is_asked_after_it(shelf: Any):
    def change(text: dict[str, Any]) -> None:
        text["steps"][3:5] = reversed(text["steps"][3:5])

    case = Case(office=shelf.office("wakatobi", change))
    acts.brought_to(case, "presence")
    assert [q.kind for q in case.owed if isinstance(q, Question)] == [
        QuestionKind.DATA_CHECK,
        QuestionKind.BIOMETRIC,
    ]
    acts.brought_to(case, "review asked")
    assert "presence" in case.application.done


@pytest.mark.parametrize("make", [Actor.ministry, Actor.registry, Actor.system, Actor.resident])
def test_an_actor_of_one_role_has_no_office(make: Callable[[], Actor]):
    assert make().office is None
    assert make().role is not Role.OPERATOR

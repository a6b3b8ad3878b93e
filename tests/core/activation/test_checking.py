"""The registry's answers, the biometric and the review."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import attrs
import pytest

from ikd.core.activation import commands as do
from ikd.core.activation import events as e
from ikd.core.activation.application import ApplicationStatus
from ikd.core.activation.weighing import _age
from ikd.core.errors import InputError, RefusedError
from ikd.core.records.questions import KtpEl, RegistryStanding
from model import acts
from model.cases import START, Case, refusal_of
from model.flaws import NOBODY


def answered(case: Case, **other: Any) -> tuple[Any, ...]:
    return case.do(acts.answer(case.application, **other), acts.REGISTRY).changes[0].events


# --- data check ------------------------------------------------------------------------


def test_a_good_answer_closes_the_question_and_keeps_the_person_sealed(anywhere: Case):
    acts.brought_to(anywhere, "data_check asked")
    happened = answered(anywhere)
    checked = happened[0]
    assert (checked.ktp_el, checked.person) == ("issued", b"sealed person")
    assert anywhere.application.person == b"sealed person"
    assert anywhere.application.questions == ()
    assert anywhere.application.done == ("register", "data_check")


@pytest.mark.parametrize(
    "standing",
    [
        RegistryStanding.UNKNOWN,
        RegistryStanding.DECEASED,
        RegistryStanding.INACTIVE,
        RegistryStanding.SEVERAL,
    ],
)
def test_an_odd_standing_is_for_an_officer_and_never_a_yes_or_a_no(
    anywhere: Case, standing: RegistryStanding
):
    acts.brought_to(anywhere, "data_check asked")
    assert answered(anywhere, standing=standing) == (
        e.DataReferred(at=START, reason=standing.value),
    )
    assert anywhere.application.status is ApplicationStatus.OPEN
    assert anywhere.application.done == ("register",)


def test_a_name_that_no_credential_holds_is_for_an_officer_until_the_register_is_mended(
    anywhere: Case,
):
    acts.brought_to(anywhere, "data_check asked")
    hidden = e.DataReferred(at=START, reason="unfit_text")
    assert answered(anywhere, person=acts.HIDDEN) == (hidden,)
    again = do.AskAgain(application_id=anywhere.application.id)
    anywhere.do(again, acts.MINISTRY)
    assert answered(anywhere, person=acts.HIDDEN) == (hidden,)  # the register alone clears it
    anywhere.do(again, acts.MINISTRY)
    assert type(answered(anywhere)[0]) is e.DataChecked


def test_whom_the_requirements_refuse_is_rejected_whatever_the_name(payakumbuh: Case):
    acts.brought_to(payakumbuh, "data_check asked")
    happened = answered(payakumbuh, person=acts.HIDDEN, ktp_el=KtpEl.NOT_RECORDED)
    assert type(happened[0]) is e.Rejected


def test_a_warehouse_that_lags_leaves_the_question_open(anywhere: Case):
    acts.brought_to(anywhere, "data_check asked")
    assert answered(anywhere, standing=RegistryStanding.NOT_SYNCHRONISED) == ()
    assert anywhere.application.questions != ()


def test_nobody_recorded_is_rejected_with_the_clause_and_told_so(payakumbuh: Case):
    acts.brought_to(payakumbuh, "data_check asked")
    happened = answered(payakumbuh, ktp_el=KtpEl.NOT_RECORDED)
    assert happened == (e.Rejected(at=START, reason="requirements", clauses=("P12", "P13")),)
    notice = payakumbuh.owed[-1]
    assert (notice.template, notice.media) == ("rejected", ("email", "sms"))
    assert notice.sender == "Dirjen Dukcapil Kemendagri RI"


@pytest.mark.parametrize("missing", ["ktp_el", "person"])
def test_an_answer_that_does_not_answer_is_malformed(anywhere: Case, missing: str):
    acts.brought_to(anywhere, "data_check asked")
    with pytest.raises(InputError, match="incomplete"):
        answered(anywhere, **{missing: None})
    assert anywhere.application.questions != ()


def test_an_answer_to_another_question_is_absorbed_without_events(anywhere: Case):
    acts.brought_to(anywhere, "data_check asked")
    assert answered(anywhere, question_id=NOBODY) == ()


def test_an_answer_that_comes_twice_is_absorbed_without_events(anywhere: Case):
    application = acts.brought_to(anywhere, "data_check asked")
    first = acts.answer(application)
    anywhere.do(first, acts.REGISTRY)
    again = anywhere.do(first, acts.REGISTRY)
    assert [change.events for change in again.changes] == [(), ()]


def test_an_answer_to_an_ended_case_is_absorbed_without_events(anywhere: Case):
    application = acts.brought_to(anywhere, "data_check asked")
    late = acts.answer(application)
    anywhere.do(do.Withdraw(application_id=application.id, proof=b"p"), acts.RESIDENT)
    assert not any(c.events for c in anywhere.do(late, acts.REGISTRY).changes)


def test_an_answer_after_the_patience_is_absorbed_by_a_case_that_expires_first(anywhere: Case):
    application = acts.brought_to(anywhere, "data_check asked")
    anywhere.later(timedelta(days=37))
    decision = anywhere.do(acts.answer(application), acts.REGISTRY)
    assert decision.changes[0].events == (e.Expired(at=anywhere.now),)


def test_a_referral_waits_until_an_officer_clears_it_and_asks_again(anywhere: Case):
    acts.brought_to(anywhere, "data_check asked")
    answered(anywhere, standing=RegistryStanding.SEVERAL)
    number = anywhere.application.id
    asked = anywhere.do(do.AskAgain(application_id=number), acts.MINISTRY)
    assert [type(x) for x in asked.changes[0].events] == [e.ReferralCleared, e.QuestionAsked]
    again = do.AskAgain(application_id=number)
    assert refusal_of(anywhere, again, acts.MINISTRY) == "step.not_referred"


def test_an_ended_case_is_not_asked_about_again_even_if_it_was_referred(anywhere: Case):
    acts.brought_to(anywhere, "data_check asked")
    answered(anywhere, standing=RegistryStanding.SEVERAL)
    number = anywhere.application.id
    anywhere.do(do.Withdraw(application_id=number, proof=b"p"), acts.RESIDENT)
    again = do.AskAgain(application_id=number)
    assert refusal_of(anywhere, again, acts.MINISTRY) == "step.not_referred"


def test_nothing_goes_on_while_a_case_is_referred(payakumbuh: Case):
    acts.brought_to(payakumbuh, "biometric asked")
    answered(payakumbuh, standing=RegistryStanding.DECEASED)
    sample = acts.sample(payakumbuh, payakumbuh.application)
    assert refusal_of(payakumbuh, sample, acts.RESIDENT) == "step.referred"


def officers_decide(shelf: Any) -> Case:
    def change(text: dict[str, Any]) -> None:
        card = text["requirements"][1]["any_of"]
        card[1] = card[1]["all_of"][0] | {
            "among": ["issued"],
            "human": shelf.said(["never"]),
        }

    return Case(office=shelf.office("payakumbuh", change))


def test_what_an_officer_has_cleared_up_is_not_referred_again(shelf: Any):
    case = officers_decide(shelf)
    acts.brought_to(case, "data_check asked")
    (referred,) = answered(case, ktp_el=KtpEl.RECORDED)
    assert (referred.reason, [one.requirement for one in referred.findings]) == (
        "requirements",
        ["card"],
    )
    case.do(acts.cleared(case.application), acts.MINISTRY)
    checked = answered(case, ktp_el=KtpEl.RECORDED)[0]
    assert [one.verdict for one in checked.verdicts] == ["cleared"]


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        (date(2009, 11, 23), date(2026, 11, 23), 17),
        (date(2009, 11, 24), date(2026, 11, 23), 16),
        (date(2009, 12, 1), date(2026, 11, 30), 16),
        (date(2008, 2, 29), date(2025, 2, 28), 16),
        (date(2008, 2, 29), date(2025, 3, 1), 17),
    ],
)
def test_ages_are_full_years(born: date, on: date, age: int):
    assert _age(born, on) == age


def test_the_day_that_counts_is_the_day_at_the_office(shelf: Any):
    def change(text: dict[str, Any]) -> None:
        text["requirements"].append(
            {
                "id": "age",
                "text": "umur",
                "text_en": "age",
                "fact": "age",
                "at_least": 36,
                "source": "default",
                "why": "contoh",
            }
        )

    office = shelf.office("wakatobi", change)
    birthday = datetime(2026, 8, 16, 16, 0, tzinfo=UTC)  # midnight of the 17th in Wakatobi
    for now, status in (
        (birthday - timedelta(seconds=1), ApplicationStatus.REJECTED),
        (birthday, ApplicationStatus.OPEN),
    ):
        case = Case(office=office, now=now)
        acts.brought_to(case, "data_check asked")
        answered(case)
        assert case.application.status is status


# --- biometric -------------------------------------------------------------------------


def test_a_sample_waits_sealed_beside_the_question_and_is_erased_at_the_answer(anywhere: Case):
    application = acts.brought_to(anywhere, "biometric")
    decision = anywhere.do(acts.sample(anywhere, application), acts.RESIDENT)
    (kept,) = decision.writes
    assert (kept.kind, kept.value) == ("sample", b"sealed sample")
    assert decision.questions[0].sample_id == kept.id
    assert decision.questions[0].method == "face"
    gone = anywhere.do(acts.answer(anywhere.application), acts.REGISTRY)
    assert gone.deletes == (kept.id,)


@pytest.mark.parametrize("method", ["iris", "fingerprint"])
def test_any_published_method_suffices_and_only_a_published_one(
    payakumbuh: Case, wakatobi: Case, method: str
):
    application = acts.brought_to(payakumbuh, "biometric")
    sample = acts.sample(payakumbuh, application, method=method, moving=False)
    payakumbuh.do(sample, acts.RESIDENT)
    payakumbuh.do(acts.answer(payakumbuh.application), acts.REGISTRY)
    assert "biometric" in payakumbuh.application.done

    other = acts.sample(wakatobi, acts.brought_to(wakatobi, "biometric"), method=method)
    with pytest.raises(RefusedError) as caught:
        wakatobi.do(other, acts.RESIDENT)
    assert (caught.value.code, caught.value.clause) == ("biometric.method", "W14")


def test_a_still_face_is_refused_where_movement_is_published_and_only_there(
    payakumbuh: Case, wakatobi: Case
):
    still = acts.sample(payakumbuh, acts.brought_to(payakumbuh, "biometric"), moving=False)
    with pytest.raises(RefusedError) as caught:
        payakumbuh.do(still, acts.RESIDENT)
    assert (caught.value.code, caught.value.clause) == ("biometric.still", "P19")
    application = acts.brought_to(wakatobi, "biometric")
    wakatobi.do(acts.sample(wakatobi, application, moving=False), acts.RESIDENT)


def test_a_method_counts_from_its_day_on_at_the_office(shelf: Any):
    def change(text: dict[str, Any]) -> None:
        text["biometric"]["methods"][0]["since"] = "2026-11-24"

    office = shelf.office("payakumbuh", change)
    midnight = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)  # 24 November begins in WIB
    for now, code in ((midnight - timedelta(seconds=1), "biometric.method"), (midnight, "")):
        case = Case(office=office, now=now)
        application = acts.brought_to(case, "biometric")
        assert refusal_of(case, acts.sample(case, application), acts.RESIDENT) == code


@pytest.mark.parametrize(
    ("match", "live", "passes"),
    [(80, 80, True), (79, 100, False), (100, 79, False), (100, None, False), (100, 100, True)],
)
def test_match_and_liveness_are_both_needed_and_shown_apart(
    anywhere: Case, match: int, live: int | None, passes: bool
):
    acts.brought_to(anywhere, "biometric asked")
    happened = answered(anywhere, match=match, live=live)[0]
    assert isinstance(happened, e.BiometricMatched if passes else e.BiometricRefused)
    assert (happened.match, happened.live) == (match, live)


@pytest.mark.parametrize("method", ["iris", "fingerprint"])
@pytest.mark.parametrize(("live", "passes"), [(None, True), (80, True), (79, False)])
def test_an_iris_or_finger_that_nobody_measured_is_judged_by_its_match(
    payakumbuh: Case, method: str, live: int | None, passes: bool
):
    application = acts.brought_to(payakumbuh, "biometric")
    payakumbuh.do(acts.sample(payakumbuh, application, method=method), acts.RESIDENT)
    happened = answered(payakumbuh, live=live)[0]
    assert isinstance(happened, e.BiometricMatched if passes else e.BiometricRefused)


def test_an_office_can_ask_for_a_measured_finger(shelf: Any):
    case = Case(office=shelf.with_values("payakumbuh", biometric__unmeasured=[]))
    application = acts.brought_to(case, "biometric")
    case.do(acts.sample(case, application, method="fingerprint"), acts.RESIDENT)
    assert isinstance(answered(case, live=None)[0], e.BiometricRefused)


def test_what_nobody_measured_is_not_alive_however_low_the_threshold(shelf: Any):
    case = Case(office=shelf.with_values("wakatobi", biometric__live_threshold=0))
    acts.brought_to(case, "biometric asked")
    assert isinstance(answered(case, live=None)[0], e.BiometricRefused)


@pytest.mark.parametrize(("asks", "low"), [("match", "match"), ("liveness", "live")])
def test_an_office_that_does_not_ask_for_a_score_does_not_weigh_it(shelf: Any, asks: str, low: str):
    case = Case(office=shelf.with_values("wakatobi", **{f"biometric__{asks}": False}))
    acts.brought_to(case, "biometric asked")
    assert isinstance(answered(case, **{low: 1})[0], e.BiometricMatched)


def test_mismatches_are_counted_until_no_try_is_left(anywhere: Case):
    acts.brought_to(anywhere, "biometric")
    left = []
    for _ in range(5):
        anywhere.do(acts.sample(anywhere, anywhere.application), acts.RESIDENT)
        left.append(answered(anywhere, match=10)[0].attempts_left)
    assert left == [4, 3, 2, 1, 0]
    sample = acts.sample(anywhere, anywhere.application)
    assert refusal_of(anywhere, sample, acts.RESIDENT) == "biometric.exhausted"


def test_a_second_sample_waits_for_the_answer_to_the_first(anywhere: Case):
    application = acts.brought_to(anywhere, "biometric asked")
    sample = acts.sample(anywhere, application)
    assert refusal_of(anywhere, sample, acts.RESIDENT) == "step.waiting"


def test_a_biometric_answer_without_a_score_is_malformed(anywhere: Case):
    acts.brought_to(anywhere, "biometric asked")
    with pytest.raises(InputError, match="incomplete"):
        answered(anywhere, match=None)


def test_a_sample_needs_the_proof_of_the_phone(anywhere: Case):
    application = acts.brought_to(anywhere, "biometric")
    sample = acts.sample(anywhere, application)
    bare = anywhere.evidence(sample, proof=None)
    assert refusal_of(anywhere, sample, acts.RESIDENT, bare) == "proof.invalid"


def test_a_face_done_in_siak_is_not_taken_here(shelf: Any):
    def change(text: dict[str, Any]) -> None:
        step = next(s for s in text["steps"] if s["name"] == "biometric")
        step["performed_by"] = shelf.said("siak")

    case = Case(office=shelf.office("payakumbuh", change))
    application = acts.brought_to(case, "biometric")
    assert refusal_of(case, acts.sample(case, application), acts.RESIDENT) == "step.waiting"


# --- review ----------------------------------------------------------------------------


@pytest.mark.parametrize(("verified", "validated"), [(True, False), (False, True), (False, False)])
def test_the_ministry_verifies_and_validates_or_it_is_rejected(
    payakumbuh: Case, verified: bool, validated: bool
):
    number = acts.brought_to(payakumbuh, "ministry_review").id
    review = do.Review(application_id=number, verified=verified, validated=validated)
    payakumbuh.do(review, acts.MINISTRY)
    assert payakumbuh.application.status is ApplicationStatus.REJECTED


def test_a_review_says_who_made_it(payakumbuh: Case, wakatobi: Case):
    for case, by in ((payakumbuh, "ministry"), (wakatobi, "registry")):
        acts.brought_to(case, "presence")
        events = case.events["application", case.application.id]
        assert [x.by for x in events if isinstance(x, e.Reviewed)] == [by]


def test_where_the_registry_reviews_the_ministry_does_not(wakatobi: Case):
    number = acts.brought_to(wakatobi, "review asked").id
    review = do.Review(application_id=number, verified=True, validated=True)
    assert refusal_of(wakatobi, review, acts.MINISTRY) == "actor.not_permitted"


def test_the_registrys_no_to_a_review_rejects_and_its_silence_is_malformed(wakatobi: Case):
    acts.brought_to(wakatobi, "review asked")
    with pytest.raises(InputError, match="incomplete"):
        answered(wakatobi, verified=None)
    assert answered(wakatobi, verified=False)[-1].reason == "review"


def test_a_review_before_its_turn_is_refused_and_so_is_a_scan_before_the_review(payakumbuh: Case):
    number = acts.brought_to(payakumbuh, "biometric").id
    review = do.Review(application_id=number, verified=True, validated=True)
    assert refusal_of(payakumbuh, review, acts.MINISTRY) == "step.not_next"
    case = attrs.evolve(payakumbuh, records={}, events={}, claims={}, secrets={})
    waiting = acts.brought_to(case, "ministry_review")
    with pytest.raises(RefusedError) as caught:
        case.do(do.ScanPairing(token=acts.phone_qr(waiting.id)), acts.operator(case))
    assert (caught.value.code, caught.value.clause) == ("step.not_next", "P22")

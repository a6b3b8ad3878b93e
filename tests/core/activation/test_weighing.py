"""Unknown is not yes: what is due is asked, held, referred or refused, and never passed over."""

from __future__ import annotations

from datetime import date
from typing import Any

import attrs
import pytest

from ikd.core.activation import commands as do
from ikd.core.activation import events as e
from ikd.core.activation.application import ApplicationStatus
from ikd.core.decide import KINDS
from ikd.core.errors import InputError, RefusedError
from ikd.core.records.person import Marital
from ikd.core.records.questions import KtpEl, QuestionKind, RegistryStanding
from ikd.core.standard.candidate import Candidate
from model import acts
from model.cases import START, Case, refusal_of
from model.flaws import NOBODY

GROUND = {"source": "default", "why": "contoh"}
YOUNG = date(2010, 6, 15)  # sixteen on the day of the tests


def rule(name: str, **test: object) -> dict[str, Any]:
    return {"id": name, "text": "Syarat", "text_en": "Rule", **GROUND, **test}


def grown(**own: object) -> dict[str, Any]:
    """Seventeen, or ever married."""
    arms = [{"fact": "age", "at_least": 17, **GROUND}, {"fact": "ever_married", "holds": True}]
    return rule("grown", any_of=[arms[0], {**arms[1], **GROUND}], **own)


def world(shelf: Any, *rules: dict[str, Any], base: str = "wakatobi") -> Case:
    return Case(office=shelf.office(base, lambda text: text["requirements"].extend(rules)))


def events_of(case: Case) -> list[type[Any]]:
    return [type(happened) for happened in case.events["application", case.application.id]]


def told(case: Case, **person: Any) -> None:
    """Let the register answer of somebody who is sixteen, unless told."""
    known = attrs.evolve(acts.PERSON, **{"birth_date": YOUNG, **person})
    case.do(acts.answer(case.application, person=known), acts.REGISTRY)


def says(case: Case, **facts: Any) -> Any:
    number = case.application.id
    stated = do.StateFacts(application_id=number, facts=Candidate(**facts), proof=b"proof")
    return case.do(stated, acts.RESIDENT)


# --- what the register leaves open -------------------------------------------------------


@pytest.mark.parametrize("base", ["payakumbuh", "wakatobi"])
def test_a_sixteen_year_old_whom_the_register_calls_unmarried_is_rejected(shelf: Any, base: str):
    case = world(shelf, grown(), base=base)
    acts.opened(case)
    told(case, marital=Marital.UNMARRIED)
    assert case.application.status is ApplicationStatus.REJECTED


@pytest.mark.parametrize("marital", [Marital.MARRIED, Marital.DIVORCED, Marital.WIDOWED])
def test_who_is_or_was_married_is_grown_and_isnt_asked(shelf: Any, marital: Marital):
    case = world(shelf, grown())
    acts.opened(case)
    told(case, marital=marital)
    assert "data_check" in case.application.done


def test_what_the_register_leaves_open_is_asked_and_nothing_else(shelf: Any):
    case = world(shelf, grown())
    acts.opened(case)
    told(case, marital=None)
    assert case.application.asked_facts == {"ever_married"}
    assert "data_check" not in case.application.done
    assert case.application.questions == ()
    waits = KINDS.named("application").waits(case.application, case.office, START)
    assert (waits.role.value, waits.missing, waits.facts) == (
        "resident",
        "facts",
        ("ever_married",),
    )
    assert waits.findings[0].message_en == "Not stated yet: Rule"


def test_seventeen_is_grown_whether_or_not_marriage_is_known(shelf: Any):
    case = world(shelf, grown())
    acts.opened(case)
    told(case, marital=None, birth_date=date(2009, 11, 23))
    assert "data_check" in case.application.done


@pytest.mark.parametrize(
    ("anew", "status"),
    [(None, ApplicationStatus.OPEN), (Marital.UNMARRIED, ApplicationStatus.REJECTED)],
)
def test_a_statement_is_weighed_with_a_fresh_answer_and_the_register_wins(
    shelf: Any, anew: Marital | None, status: ApplicationStatus
):
    case = world(shelf, grown())
    acts.opened(case)
    told(case, marital=None)
    says(case, ever_married=True)
    assert [q.kind for q in case.application.questions] == [QuestionKind.DATA_CHECK]
    told(case, marital=anew)
    assert case.application.status is status


def test_who_says_they_were_never_married_is_rejected_at_the_fresh_answer(shelf: Any):
    case = world(shelf, grown())
    acts.opened(case)
    told(case, marital=None)
    says(case, ever_married=False)
    told(case, marital=None)
    assert case.application.status is ApplicationStatus.REJECTED


def test_what_was_stated_early_counts_only_where_the_register_is_silent(shelf: Any):
    for marital, passes in ((None, True), (Marital.UNMARRIED, False)):
        case = world(shelf, grown())
        acts.opened(case, facts=Candidate(ever_married=True, age=90))
        told(case, marital=marital)
        assert ("data_check" in case.application.done) is passes


def test_a_card_that_was_stated_lost_stays_lost_though_the_register_gave_one(payakumbuh: Case):
    acts.opened(payakumbuh, facts=Candidate(ktp_el="lost"))
    payakumbuh.do(acts.answer(payakumbuh.application), acts.REGISTRY)
    (found,) = payakumbuh.application.referrals
    assert (found.requirement, found.clauses) == ("card", ())
    payakumbuh.do(acts.cleared(payakumbuh.application), acts.operator(payakumbuh))
    payakumbuh.do(acts.answer(payakumbuh.application), acts.REGISTRY)
    assert "data_check" in payakumbuh.application.done


def test_where_the_data_check_is_done_in_siak_the_rules_hold_the_decision(shelf: Any):
    def change(text: dict[str, Any]) -> None:
        text["requirements"].append(grown())
        step = next(step for step in text["steps"] if step["name"] == "data_check")
        step["performed_by"] = shelf.said("siak")

    case = Case(office=shelf.office("payakumbuh", change))
    application = acts.brought_to(case, "data_check asked")
    assert "presence" in application.done
    told(case, marital=None)
    approve = do.Approve(application_id=application.id)
    assert refusal_of(case, approve, acts.MINISTRY) == "step.unanswered"
    says(case, ever_married=True)
    assert refusal_of(case, approve, acts.MINISTRY) == "step.waiting"
    told(case, marital=None)
    case.do(approve, acts.MINISTRY)


# --- what is due at the registration -----------------------------------------------------


def silent(case: Case, **other: Any) -> None:
    acts.opened(case, device=acts.phone(online=None, **other))


def test_internet_that_nobody_stated_is_asked_and_nothing_goes_on(wakatobi: Case):
    silent(wakatobi)
    assert events_of(wakatobi) == [e.Registered, e.FactsAsked]
    (asked,) = wakatobi.application.asked
    assert (asked.requirement, asked.verdict, asked.clauses) == ("online", "ask", ("W8",))
    sample = acts.sample(wakatobi, wakatobi.application)
    assert wakatobi.application.questions == ()
    assert refusal_of(wakatobi, sample, acts.RESIDENT) in ("step.unanswered", "step.not_next")
    says(wakatobi, online=True)
    assert events_of(wakatobi)[2:] == [e.FactsStated, e.QuestionAsked]
    assert wakatobi.application.asked == ()


def test_a_statement_that_fails_the_rule_is_refused_with_its_clause_and_not_kept(wakatobi: Case):
    silent(wakatobi)
    with pytest.raises(RefusedError) as caught:
        says(wakatobi, online=False)
    assert (caught.value.code, caught.value.clause) == ("requirements", "W8")
    assert wakatobi.application.asked_facts == {"online"}


@pytest.mark.parametrize(
    ("unknown", "outcome"), [("human", "registration"), ("refuse", "requirements"), ("ask", None)]
)
def test_what_is_unknown_goes_the_way_that_the_file_says(
    shelf: Any, unknown: str, outcome: str | None
):
    case = world(shelf, rule("family", fact="family_card", holds=True, unknown=unknown))
    if unknown == "refuse":
        assert refusal_of(case, acts.register(case), acts.RESIDENT) == outcome
        return
    acts.opened(case)
    assert case.application.referred == outcome
    assert bool(case.application.asked) is (outcome is None)


def test_several_facts_are_stated_in_any_order_and_all_are_needed(shelf: Any):
    rules = [rule(name, fact=name, holds=True) for name in ("family_card", "app_installed")]
    for order in (("family_card", "app_installed"), ("app_installed", "family_card")):
        case = world(shelf, *rules)
        acts.opened(case)
        for name in order:
            assert case.application.questions == ()
            says(case, **{name: True})
        assert case.application.questions != ()


def test_only_what_is_asked_is_taken_and_nothing_twice(wakatobi: Case):
    silent(wakatobi)
    number = wakatobi.application.id
    for facts in (Candidate(), Candidate(family_card=True), Candidate(online=True, age=36)):
        stated = do.StateFacts(application_id=number, facts=facts, proof=b"proof")
        assert refusal_of(wakatobi, stated, acts.RESIDENT) == "facts.not_asked"
    says(wakatobi, online=True)
    again = do.StateFacts(application_id=number, facts=Candidate(online=False), proof=b"proof")
    assert refusal_of(wakatobi, again, acts.RESIDENT) == "facts.not_asked"


def test_a_statement_needs_the_phones_proof_or_an_operator_in_person(wakatobi: Case):
    silent(wakatobi)
    stated = acts.stated(wakatobi.application)
    bare = wakatobi.evidence(stated, proof=None)
    assert refusal_of(wakatobi, stated, acts.RESIDENT, bare) == "proof.invalid"
    wakatobi.do(attrs.evolve(stated, proof=None), acts.operator(wakatobi), bare)
    assert wakatobi.application.asked == ()


def test_what_was_stated_is_kept_sealed_and_no_event_tells_it(wakatobi: Case):
    silent(wakatobi)
    says(wakatobi, online=True)
    registered, _, stated, _ = wakatobi.events["application", wakatobi.application.id]
    assert wakatobi.application.facts == (registered.facts, stated.facts)
    assert [(v.requirement, v.verdict, v.source) for v in stated.verdicts] == [
        ("online", "met", "W8")
    ]
    assert {v.requirement for v in registered.verdicts} == {"email", "phone", "device"}


def test_a_note_holds_nobody_and_is_kept(shelf: Any):
    case = world(shelf, rule("app", fact="app_installed", holds=True, effect="note"))
    acts.opened(case, facts=Candidate(app_installed=False))
    assert [q.kind for q in case.application.questions] == [QuestionKind.DATA_CHECK]
    kept = {one.requirement: one.verdict for one in case.application.verdicts}
    assert kept["app"] == "note"


# --- referrals ---------------------------------------------------------------------------


def test_a_referral_keeps_what_an_officer_must_look_at(wakatobi: Case):
    acts.opened(wakatobi, device=acts.phone(kind="tablet"))
    (found,) = wakatobi.application.referrals
    assert (found.requirement, found.device, found.clauses) == ("device", "tablet", ())
    assert (found.why or "").startswith("Naskah menyebut smartphone")
    waits = KINDS.named("application").waits(wakatobi.application, wakatobi.office, START)
    assert waits.missing == "referral"
    assert [one.requirement for one in waits.findings] == ["device"]
    assert (waits.facts, waits.findings[0].device) == ((), "tablet")


def two_to_clear(shelf: Any) -> Case:
    case = world(shelf, rule("family", fact="family_card", holds=True, unknown="human"))
    acts.opened(case, device=acts.phone(kind="tablet"))
    return case


def cleared(case: Case, *which: str, why: str | None = "seen") -> do.AskAgain:
    return do.AskAgain(application_id=case.application.id, which=which, why=why)


def test_an_officer_clears_each_finding_by_name_and_the_case_goes_on_after_the_last(shelf: Any):
    case = two_to_clear(shelf)
    case.do(cleared(case, "family"), acts.operator(case))
    assert [one.requirement for one in case.application.referrals] == ["device"]
    assert (case.application.referred, case.application.questions) == ("registration", ())
    case.do(cleared(case, "device", why="documents"), acts.operator(case))
    last = case.events["application", case.application.id][-2]
    assert (last.which, last.why) == (("device",), "documents")
    assert (case.application.referred, case.application.cleared) == (None, ())
    assert case.application.questions != ()


def test_findings_are_cleared_by_their_names_and_no_others(shelf: Any):
    case = two_to_clear(shelf)
    desk = acts.operator(case)
    unnamed = do.AskAgain(application_id=case.application.id)
    assert refusal_of(case, unnamed, desk) == "referral.unnamed"
    for other in ("online", "registration"):
        assert refusal_of(case, cleared(case, "device", other), desk) == "referral.unknown"


def test_an_officer_who_finds_it_against_the_case_rejects_it_by_name(shelf: Any):
    case = two_to_clear(shelf)
    no = do.RefuseReferral(application_id=case.application.id, which=("device",), why="seen")
    case.do(no, acts.operator(case))
    rejected = case.events["application", case.application.id][-1]
    assert (rejected.reason, rejected.which, rejected.why) == ("requirements", ("device",), "seen")
    assert case.application.status is ApplicationStatus.REJECTED
    assert case.owed[-1].template == "rejected"


def test_the_word_of_a_referral_without_findings_is_its_name(anywhere: Case):
    acts.brought_to(anywhere, "data_check asked")
    deceased = acts.answer(anywhere.application, standing=RegistryStanding.DECEASED)
    anywhere.do(deceased, acts.REGISTRY)
    other = do.RefuseReferral(application_id=anywhere.application.id, which=("card",), why="seen")
    assert refusal_of(anywhere, other, acts.operator(anywhere)) == "referral.unknown"
    no = attrs.evolve(other, which=("deceased",), why="registry")
    anywhere.do(no, acts.operator(anywhere))
    assert anywhere.events["application", anywhere.application.id][-1].reason == "other"


def test_a_refused_visit_is_for_who_decides(payakumbuh: Case):
    application = acts.brought_to(payakumbuh, "presence")
    away = do.RefusePresence(application_id=application.id, reason="documents")
    payakumbuh.do(away, acts.operator(payakumbuh))
    no = do.RefuseReferral(application_id=application.id, which=("presence",), why="documents")
    assert refusal_of(payakumbuh, no, acts.operator(payakumbuh)) == "actor.not_permitted"
    payakumbuh.do(no, acts.MINISTRY)
    assert payakumbuh.application.status is ApplicationStatus.REJECTED


def test_a_case_that_waits_for_no_officer_is_neither_cleared_nor_refused(anywhere: Case):
    acts.opened(anywhere)
    no = do.RefuseReferral(application_id=anywhere.application.id, which=("device",), why="seen")
    for command in (no, cleared(anywhere, "device")):
        assert refusal_of(anywhere, command, acts.operator(anywhere)) == "step.not_referred"


@pytest.mark.parametrize(
    "named", [{"which": ("device",)}, {"why": "seen"}, {"which": "device", "why": "seen"}]
)
def test_what_is_cleared_is_named_with_what_that_rests_on(named: Any):
    with pytest.raises(InputError) as caught:
        do.AskAgain(application_id=NOBODY, **named)
    assert caught.value.code == "command.which"
    with pytest.raises(InputError):
        do.RefuseReferral(application_id=NOBODY)


def test_what_was_cleared_for_one_cause_is_referred_again_for_another(shelf: Any):
    card = {"fact": "ktp_el", "among": ["issued"], "human": shelf.said(["lost", "never"])}
    case = Case(
        office=shelf.office(
            "wakatobi",
            lambda text: text["requirements"].append(
                rule("both", any_of=[{**card, **GROUND}, grown()["any_of"][1]], unknown="human")
            ),
        )
    )
    acts.opened(case, facts=Candidate(ktp_el="lost"))
    case.do(acts.answer(case.application), acts.REGISTRY)
    assert [one.facts for one in case.application.referrals] == [("ever_married",)]
    case.do(acts.cleared(case.application), acts.operator(case))
    unmarried = attrs.evolve(acts.PERSON, marital=Marital.UNMARRIED)
    case.do(acts.answer(case.application, person=unmarried), acts.REGISTRY)
    assert [one.facts for one in case.application.referrals] == [()]
    assert case.application.status is ApplicationStatus.OPEN


def test_a_no_of_the_register_stands_whatever_was_cleared(payakumbuh: Case):
    acts.opened(payakumbuh, facts=Candidate(ktp_el="lost"))
    payakumbuh.do(acts.answer(payakumbuh.application), acts.REGISTRY)
    payakumbuh.do(acts.cleared(payakumbuh.application), acts.operator(payakumbuh))
    no = acts.answer(payakumbuh.application, ktp_el=KtpEl.NOT_RECORDED)
    payakumbuh.do(no, acts.REGISTRY)
    assert payakumbuh.application.status is ApplicationStatus.REJECTED


# --- what began before all was asked -----------------------------------------------------


def of_before(case: Case, place: str) -> None:
    """Bring a case to *place* and take from its record what 0.1.0 didn't keep."""
    number = acts.brought_to(case, place).id
    bare = attrs.evolve(case.application, facts=(), verdicts=())
    case.records["application", number] = bare


def test_a_case_of_before_is_asked_before_its_next_step(wakatobi: Case):
    of_before(wakatobi, "biometric asked")
    wakatobi.do(acts.answer(wakatobi.application), acts.REGISTRY)
    assert events_of(wakatobi)[-2:] == [e.BiometricMatched, e.FactsAsked]
    assert wakatobi.application.asked_facts == {"online"}
    says(wakatobi, online=True)
    assert [q.kind for q in wakatobi.application.questions] == [QuestionKind.DATA_CHECK]
    wakatobi.do(acts.answer(wakatobi.application), acts.REGISTRY)
    assert [q.kind for q in wakatobi.application.questions] == [QuestionKind.REVIEW]


def test_a_decision_on_a_case_of_before_waits_for_what_is_asked_then(payakumbuh: Case):
    of_before(payakumbuh, "decision")
    approve = do.Approve(application_id=payakumbuh.application.id)
    assert refusal_of(payakumbuh, approve, acts.MINISTRY) == "step.unanswered"
    assert [q.kind for q in payakumbuh.application.questions] == [QuestionKind.DATA_CHECK]
    payakumbuh.do(acts.answer(payakumbuh.application), acts.REGISTRY)
    payakumbuh.do(approve, acts.MINISTRY)
    assert payakumbuh.application.status is ApplicationStatus.PIN_SENT


def test_what_an_officer_cleared_in_a_case_of_before_stays_cleared(payakumbuh: Case):
    acts.opened(payakumbuh, facts=Candidate(ktp_el="lost"))
    number = payakumbuh.application.id
    before = attrs.evolve(payakumbuh.application, cleared=("requirements",))
    payakumbuh.records["application", number] = before
    payakumbuh.do(acts.answer(payakumbuh.application), acts.REGISTRY)
    assert "data_check" in payakumbuh.application.done


def test_a_referral_of_before_is_cleared_without_a_name(wakatobi: Case):
    acts.opened(wakatobi, device=acts.phone(kind="tablet"))
    number = wakatobi.application.id
    bare = attrs.evolve(wakatobi.application, facts=(), verdicts=())
    wakatobi.records["application", number] = bare
    wakatobi.do(do.AskAgain(application_id=number), acts.operator(wakatobi))
    assert wakatobi.application.referred is None
    assert wakatobi.application.asked_facts == {"online"}


def test_a_device_is_never_asked_for_again(wakatobi: Case):
    of_before(wakatobi, "data_check asked")
    wakatobi.do(acts.answer(wakatobi.application), acts.REGISTRY)
    assert wakatobi.application.asked_facts == {"online"}

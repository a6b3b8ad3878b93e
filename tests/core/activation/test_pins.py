"""Three tries a PIN, four an application, twenty a NIK; a reissue never refills."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import attrs
import pytest

from ikd.core.activation import commands as do
from ikd.core.activation import events as e
from ikd.core.activation.application import ApplicationStatus
from ikd.core.errors import RefusedError
from ikd.core.records.context import Guess
from ikd.core.records.resident import GuessCounted
from model import acts
from model.cases import START, Case, refusal_of
from model.evidence import RIGHT, WRONG
from model.flaws import NOBODY

MINUTE = timedelta(minutes=1)


def wrong(case: Case) -> tuple[Any, ...]:
    """Enter a wrong PIN; return the application's events."""
    return case.do(*acts.with_pin(case, case.application, WRONG)).changes[0].events


def reissue(case: Case) -> do.ReissuePin:
    return do.ReissuePin(application_id=case.application.id, proof=b"proof")


def again(case: Case) -> None:
    """Have another PIN sent, as soon as that may be."""
    case.later(MINUTE)
    case.do(reissue(case), acts.RESIDENT)


# --- approval ------------------------------------------------------------------------------


def test_an_approval_makes_a_pin_owed_by_the_media_and_in_the_name_published(
    payakumbuh: Case, wakatobi: Case
):
    said = []
    for case in (payakumbuh, wakatobi):
        acts.brought_to(case, "PIN_SENT")
        notice = case.owed[-1]
        said.append((notice.media, notice.sender, notice.params["word"]))
        assert notice.sealed_pin == b"sealed pin"
        assert notice.pin_id == case.application.pin.id
        assert notice.until == case.application.pin.until == case.now + 30 * MINUTE
    assert said == [
        (("email", "sms"), "Dirjen Dukcapil Kemendagri RI", "PIN"),
        (("email",), "SIAK", "kode aktivasi"),
    ]


def test_a_standard_that_names_no_sender_lets_the_office_send(shelf: Any):
    case = Case(office=shelf.office("payakumbuh", lambda text: text["pin"].pop("sender")))
    acts.brought_to(case, "PIN_SENT")
    assert case.owed[-1].sender == case.office.name


def test_the_pin_itself_is_in_no_record_and_no_event(anywhere: Case):
    acts.brought_to(anywhere, "PIN_SENT")
    (kept,) = [s for s in anywhere.secrets.values() if s.kind == "pin"]
    assert kept.id == anywhere.application.pin.id
    text = repr((anywhere.records, anywhere.events))
    assert acts.PIN not in text
    assert repr(kept.value) not in text


def test_nothing_is_approved_before_its_turn_or_while_the_registry_is_asked(shelf: Any):
    def change(text: dict[str, Any]) -> None:
        text["steps"] = [s for s in text["steps"] if s["name"] != "data_check"]

    case = Case(office=shelf.office("payakumbuh", change))
    number = acts.brought_to(case, "presence").id
    approve = do.Approve(application_id=number)
    assert refusal_of(case, approve, acts.MINISTRY) == "step.not_next"
    case.do(*acts.next_act(case, case.application))
    assert case.application.questions[0].kind.value == "data_check"
    assert refusal_of(case, approve, acts.MINISTRY) == "step.waiting"
    case.do(acts.answer(case.application), acts.REGISTRY)
    case.do(approve, acts.MINISTRY)
    assert case.application.person == b"sealed person"


# --- entering ------------------------------------------------------------------------------


def test_the_right_pin_from_the_paired_phone_activates_and_costs_no_try(anywhere: Case):
    acts.brought_to(anywhere, "PIN_SENT")
    decision = anywhere.do(acts.enter_pin(anywhere.application), acts.RESIDENT)
    assert isinstance(decision.changes[0].events[0], e.Activated)
    assert anywhere.application.status is ApplicationStatus.ACTIVATED
    assert anywhere.application.pin_tries == 0
    assert anywhere.resident.guesses == ()
    assert anywhere.owed[-1].template == "activated"


def test_wrong_pins_count_down_and_the_third_kills_the_pin(anywhere: Case):
    acts.brought_to(anywhere, "PIN_SENT")
    number = anywhere.application.pin.id
    told = [wrong(anywhere)[0] for _ in range(3)]
    assert [(t.attempts_left, t.tries_left) for t in told] == [(2, 3), (1, 2), (0, 1)]
    assert anywhere.application.pin is None
    assert anywhere.application.status is ApplicationStatus.PIN_SENT
    assert number not in anywhere.secrets
    dead = acts.enter_pin(anywhere.application)
    assert refusal_of(anywhere, dead, acts.RESIDENT) == "pin.dead"


def test_the_right_pin_comes_too_late_after_the_third_wrong_one(anywhere: Case):
    acts.brought_to(anywhere, "PIN_SENT")
    before = anywhere.evidence(acts.enter_pin(anywhere.application))
    for _ in range(3):
        wrong(anywhere)
    late = acts.enter_pin(anywhere.application)
    fresh = anywhere.evidence(late, guess=before.guess, verifier=before.verifier)
    assert refusal_of(anywhere, late, acts.RESIDENT, fresh) == "pin.dead"


def test_a_reissue_after_the_third_has_the_last_try_and_the_fourth_locks_for_good(anywhere: Case):
    acts.brought_to(anywhere, "PIN_SENT")
    for _ in range(3):
        wrong(anywhere)
    again(anywhere)
    happened = wrong(anywhere)
    assert happened == (
        e.PinRefused(at=anywhere.now, attempts_left=0, tries_left=0),
        e.PinLocked(at=anywhere.now),
    )
    assert anywhere.application.status is ApplicationStatus.LOCKED
    assert anywhere.owed[-1].template == "locked"
    assert not [s for s in anywhere.secrets.values() if s.kind == "pin"]
    assert anywhere.resident.running is None
    assert not [space for space, _ in anywhere.claims if space == "device"]
    for command in (acts.enter_pin(anywhere.application), reissue(anywhere)):
        assert refusal_of(anywhere, command, acts.RESIDENT) == "status.refused"


def test_the_last_try_may_still_be_right(anywhere: Case):
    acts.brought_to(anywhere, "PIN_SENT")
    for _ in range(3):
        wrong(anywhere)
    again(anywhere)
    anywhere.do(*acts.with_pin(anywhere, anywhere.application, RIGHT))
    assert anywhere.application.status is ApplicationStatus.ACTIVATED


def test_a_new_visit_begins_anew_but_the_nik_remembers(anywhere: Case):
    for total in (4, 8, 12, 16, 20):
        acts.brought_to(anywhere, "PIN_SENT")
        for _ in range(3):
            wrong(anywhere)
        again(anywhere)
        wrong(anywhere)
        assert len(anywhere.resident.guesses) == total
    acts.brought_to(anywhere, "PIN_SENT")
    right = acts.enter_pin(anywhere.application)
    assert refusal_of(anywhere, right, acts.RESIDENT) == "pin.resident_budget"
    oldest = anywhere.resident.guesses[0]
    anywhere.now = oldest + timedelta(days=30)
    acts.brought_to(anywhere, "PIN_SENT")
    anywhere.do(acts.enter_pin(anywhere.application), acts.RESIDENT)
    assert anywhere.application.status is ApplicationStatus.ACTIVATED


def test_every_wrong_pin_is_counted_on_application_and_resident_in_one_decision(anywhere: Case):
    acts.brought_to(anywhere, "PIN_SENT")
    decision = anywhere.do(*acts.with_pin(anywhere, anywhere.application, WRONG))
    assert [(c.kind, len(c.events)) for c in decision.changes] == [
        ("application", 1),
        ("resident", 1),
    ]
    assert decision.changes[1].events == (GuessCounted(at=anywhere.now),)
    assert decision.refusal is None


def test_budgets_may_be_lower_in_a_file(shelf: Any):
    office = shelf.with_values("payakumbuh", pin__tries_per_pin=2, pin__tries_per_application=2)
    case = Case(office=office)
    acts.brought_to(case, "PIN_SENT")
    assert [type(x) for x in (*wrong(case), *wrong(case))] == [
        e.PinRefused,
        e.PinRefused,
        e.PinLocked,
    ]


@pytest.mark.parametrize(
    "change",
    [{"thumbprint": bytes(32)}, {"act": "reissue_pin"}, {"pairing": b"another visit"}, None],
)
def test_a_pin_without_the_paired_phones_own_proof_is_never_compared(
    anywhere: Case, change: dict[str, Any] | None
):
    acts.brought_to(anywhere, "PIN_SENT")
    for candidate in (RIGHT, WRONG):
        command, who, shown = acts.with_pin(anywhere, anywhere.application, candidate)
        proof = None if change is None else attrs.evolve(shown.proof, **change)
        assert refusal_of(anywhere, command, who, attrs.evolve(shown, proof=proof)) == (
            "proof.invalid"
        )
    assert anywhere.application.pin_tries == 0


def test_a_proof_counts_once(anywhere: Case):
    acts.brought_to(anywhere, "PIN_SENT")
    command, who, shown = acts.with_pin(anywhere, anywhere.application, WRONG)
    spent = frozenset({(shown.proof.challenge.space, shown.proof.challenge.key)})
    assert refusal_of(anywhere, command, who, attrs.evolve(shown, used=spent)) == "token.used"
    decision = anywhere.do(command, who, shown)
    assert shown.proof.challenge in decision.uses


def test_a_guess_at_a_superseded_pin_is_compared_with_nothing(anywhere: Case):
    acts.brought_to(anywhere, "PIN_SENT")
    command = acts.enter_pin(anywhere.application)
    good = anywhere.evidence(command)
    for wrongly in (
        {"guess": Guess(secret_id=NOBODY, candidate=RIGHT)},
        {"guess": None},
        {"verifier": None},
    ):
        shown = attrs.evolve(good, **wrongly)
        assert refusal_of(anywhere, command, acts.RESIDENT, shown) == "pin.superseded"
    assert anywhere.application.pin_tries == 0


def test_a_pin_that_died_of_guesses_is_dead_to_whoever_was_still_guessing_at_it(anywhere: Case):
    acts.brought_to(anywhere, "PIN_SENT")
    command = acts.enter_pin(anywhere.application)
    at = attrs.evolve(anywhere.evidence(command).guess, candidate=WRONG)
    met = []
    for _ in range(6):
        stored = anywhere.secrets.get(at.secret_id)
        shown = anywhere.evidence(command, guess=at, verifier=stored and stored.value)
        met.append(refusal_of(anywhere, command, acts.RESIDENT, shown))
    assert met == ["", "", "", "pin.dead", "pin.dead", "pin.dead"]


def test_no_free_place_on_the_status_list_leaves_the_pin_as_it_was(anywhere: Case):
    acts.brought_to(anywhere, "PIN_SENT")
    command = acts.enter_pin(anywhere.application)
    full = anywhere.evidence(command, status_indexes=())
    assert refusal_of(anywhere, command, acts.RESIDENT, full) == "status.full"
    anywhere.do(command, acts.RESIDENT)
    assert anywhere.application.status is ApplicationStatus.ACTIVATED


# --- captcha -------------------------------------------------------------------------------


@pytest.mark.parametrize("candidate", [RIGHT, WRONG])
def test_a_wrong_captcha_is_used_up_and_spends_no_try_however_right_the_pin(
    wakatobi: Case, candidate: bytes
):
    acts.brought_to(wakatobi, "PIN_SENT")
    command, who, shown = acts.with_pin(wakatobi, wakatobi.application, candidate)
    wrongly = attrs.evolve(shown, captcha=attrs.evolve(shown.captcha, ok=False))
    decision = wakatobi.decide(command, who, wrongly)
    assert [c.events for c in decision.changes] == [(), ()]
    assert decision.uses == (shown.proof.challenge, shown.captcha.puzzle)
    assert (decision.refusal.code, decision.refusal.clause) == ("captcha.wrong", "W22")
    assert refusal_of(wakatobi, command, who, wrongly) == "captcha.wrong"
    assert wakatobi.application.pin.tries == 0
    assert len(wakatobi.resident.guesses) == 0


def test_a_right_captcha_is_used_up_too(wakatobi: Case):
    acts.brought_to(wakatobi, "PIN_SENT")
    command, who, shown = acts.with_pin(wakatobi, wakatobi.application, WRONG)
    assert shown.captcha.puzzle in wakatobi.do(command, who, shown).uses


def test_a_captcha_counts_once(wakatobi: Case):
    acts.brought_to(wakatobi, "PIN_SENT")
    command, who, shown = acts.with_pin(wakatobi, wakatobi.application, RIGHT)
    spent = frozenset({(shown.captcha.puzzle.space, shown.captcha.puzzle.key)})
    assert refusal_of(wakatobi, command, who, attrs.evolve(shown, used=spent)) == "token.used"


def test_a_captcha_is_asked_for_where_it_is_published_and_only_there(
    payakumbuh: Case, wakatobi: Case
):
    for case, code in ((payakumbuh, ""), (wakatobi, "captcha.missing")):
        acts.brought_to(case, "PIN_SENT")
        command = acts.enter_pin(case.application)
        assert (
            refusal_of(case, command, acts.RESIDENT, case.evidence(command, captcha=None)) == code
        )


def test_the_captcha_comes_before_the_pin(wakatobi: Case):
    acts.brought_to(wakatobi, "PIN_SENT")
    for _ in range(3):
        wrong(wakatobi)
    command = acts.enter_pin(wakatobi.application)
    shown = wakatobi.evidence(command, captcha=None)
    assert refusal_of(wakatobi, command, acts.RESIDENT, shown) == "captcha.missing"


# --- reissue -------------------------------------------------------------------------------


def test_a_reissue_supersedes_the_pin_sent(anywhere: Case):
    first = acts.brought_to(anywhere, "PIN_SENT").pin
    anywhere.later(MINUTE)
    decision = anywhere.do(reissue(anywhere), acts.RESIDENT)
    second = anywhere.application.pin
    assert second.id != first.id
    assert decision.deletes == decision.voids == (first.id,)
    assert second.until == anywhere.now + 30 * MINUTE
    assert [s.id for s in anywhere.secrets.values() if s.kind == "pin"] == [second.id]


def test_the_cooldown_is_a_minute_to_the_second(anywhere: Case):
    acts.brought_to(anywhere, "PIN_SENT")
    anywhere.later(MINUTE - timedelta(microseconds=1))
    assert refusal_of(anywhere, reissue(anywhere), acts.RESIDENT) == "pin.too_soon"
    anywhere.later(timedelta(microseconds=1))
    anywhere.do(reissue(anywhere), acts.RESIDENT)
    assert refusal_of(anywhere, reissue(anywhere), acts.RESIDENT) == "pin.too_soon"


def test_three_reissues_and_no_more(anywhere: Case):
    acts.brought_to(anywhere, "PIN_SENT")
    for number in (2, 3, 4):
        again(anywhere)
        assert anywhere.application.pins == number
    anywhere.later(timedelta(hours=1))
    assert refusal_of(anywhere, reissue(anywhere), acts.RESIDENT) == "pin.reissues_used"


def test_a_reissue_never_refills_the_budget_of_the_application(anywhere: Case):
    acts.brought_to(anywhere, "PIN_SENT")
    wrong(anywhere)
    wrong(anywhere)
    again(anywhere)
    assert (wrong(anywhere)[0].attempts_left, anywhere.application.pin_tries) == (1, 3)
    again(anywhere)
    assert isinstance(wrong(anywhere)[-1], e.PinLocked)


def test_a_reissue_needs_the_phone_and_uses_its_proof_up(anywhere: Case):
    acts.brought_to(anywhere, "PIN_SENT")
    anywhere.later(MINUTE)
    command = reissue(anywhere)
    shown = anywhere.evidence(command)
    bare = attrs.evolve(shown, proof=None)
    assert refusal_of(anywhere, command, acts.RESIDENT, bare) == "proof.invalid"
    assert anywhere.do(command, acts.RESIDENT, shown).uses == (shown.proof.challenge,)


def test_a_pin_that_died_of_age_comes_again_without_a_new_visit(anywhere: Case):
    acts.brought_to(anywhere, "PIN_SENT")
    anywhere.later(30 * MINUTE)
    decision = anywhere.do(reissue(anywhere), acts.RESIDENT)
    assert [type(x) for x in decision.changes[0].events] == [e.PinExpired, e.PinIssued]
    assert anywhere.application.status is ApplicationStatus.PIN_SENT


def test_a_reissue_does_not_lengthen_the_life_of_the_case(anywhere: Case):
    ends = acts.brought_to(anywhere, "PIN_SENT").expires_at
    assert ends == START + timedelta(days=30)
    anywhere.now = ends - 10 * MINUTE
    anywhere.do(reissue(anywhere), acts.RESIDENT)
    assert anywhere.application.expires_at == ends
    assert anywhere.application.pin.until == ends
    assert anywhere.owed[-1].until == ends


def test_nothing_is_reissued_before_the_approval(anywhere: Case):
    acts.brought_to(anywhere, "decision")
    assert refusal_of(anywhere, reissue(anywhere), acts.RESIDENT) == "status.refused"
    entered = acts.enter_pin(anywhere.application)
    with pytest.raises(RefusedError, match="OPEN"):
        anywhere.do(entered, acts.RESIDENT)


def test_a_medium_that_the_standard_does_not_declare_sends_no_pin(anywhere: Case):
    acts.brought_to(anywhere, "PIN_SENT")
    anywhere.later(anywhere.office.pin.cooldown.value)
    number = anywhere.application.id
    asks = do.ReissuePin(application_id=number, proof=b"proof", medium="pigeon")
    assert refusal_of(anywhere, asks, acts.RESIDENT) == "pin.medium"


def test_no_officer_hands_over_a_pin_where_the_standard_has_no_such_medium(anywhere: Case):
    acts.brought_to(anywhere, "PIN_SENT")
    over = do.HandOverPin(application_id=anywhere.application.id)
    assert refusal_of(anywhere, over, acts.operator(anywhere)) == "pin.medium"

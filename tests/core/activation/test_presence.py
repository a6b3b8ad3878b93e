"""The visit binds phone and person, and the newest visit wins."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import attrs
import pytest

from ikd.core.activation import commands as do
from ikd.core.activation import events as e
from ikd.core.activation.application import ApplicationStatus
from ikd.core.errors import RefusedError
from ikd.core.records.resident import CaseStarted
from model import acts
from model.cases import Case, refusal_of
from model.flaws import STRANGER


def scan(case: Case) -> tuple[do.ScanPairing, Any]:
    return do.ScanPairing(token=acts.phone_qr(case.application.id)), acts.operator(case)


def read(case: Case) -> do.AnswerPairing:
    number = case.application.id
    return do.AnswerPairing(application_id=number, token=acts.OFFICE_QR, proof=b"proof")


def confirm(case: Case, code: str = "4711") -> do.ConfirmPresence:
    return do.ConfirmPresence(application_id=case.application.id, check_code=code)


def device_claims(case: Case) -> dict[bytes, str]:
    return {key: owner for (space, key), owner in case.claims.items() if space == "device"}


# --- the office reads the phone ----------------------------------------------------------


def test_the_scan_is_the_visit_and_says_who_where_and_what(payakumbuh: Case):
    acts.brought_to(payakumbuh, "presence")
    command, desk = scan(payakumbuh)
    shown = payakumbuh.evidence(command)
    happened = payakumbuh.do(command, desk, shown).changes[0].events[0]
    assert happened == e.PresenceConfirmed(
        at=payakumbuh.now,
        office="payakumbuh",
        station="counter-1",
        operator="op-1",
        transcript=shown.pairing.transcript,
    )
    assert payakumbuh.application.transcript == shown.pairing.transcript


def test_nobody_was_present_before_the_visit_and_its_owner_was_after_it(anywhere: Case):
    application = acts.brought_to(anywhere, "presence")
    assert not application.was_present
    while "presence" not in anywhere.application.done:
        anywhere.do(*acts.next_act(anywhere, anywhere.application))
    assert anywhere.application.was_present


def test_the_claims_on_person_and_phone_are_taken_at_the_visit_and_not_before(payakumbuh: Case):
    application = acts.brought_to(payakumbuh, "presence")
    assert (payakumbuh.resident.running, device_claims(payakumbuh)) == (None, {})
    decision = payakumbuh.do(*scan(payakumbuh))
    assert payakumbuh.resident.running == application.id
    assert device_claims(payakumbuh) == {application.thumbprint: application.resident_id}
    assert decision.uses == (decision.uses[0],)


def test_a_qr_counts_once(payakumbuh: Case):
    acts.brought_to(payakumbuh, "presence")
    command, desk = scan(payakumbuh)
    shown = payakumbuh.evidence(command)
    used = attrs.evolve(
        shown, used=frozenset({(shown.pairing.token.space, shown.pairing.token.key)})
    )
    assert refusal_of(payakumbuh, command, desk, used) == "token.used"


def test_the_wrong_direction_is_refused_with_the_clause_of_that_office(
    payakumbuh: Case, wakatobi: Case
):
    acts.brought_to(payakumbuh, "presence")
    with pytest.raises(RefusedError) as caught:
        payakumbuh.do(read(payakumbuh), acts.RESIDENT)
    assert (caught.value.code, caught.value.clause) == ("presence.direction", "P23")
    acts.brought_to(wakatobi, "presence")
    with pytest.raises(RefusedError) as caught:
        wakatobi.do(*scan(wakatobi))
    assert (caught.value.code, caught.value.clause) == ("presence.direction", "W15")
    with pytest.raises(RefusedError) as caught:
        payakumbuh.do(confirm(payakumbuh), acts.operator(payakumbuh))
    assert caught.value.code == "presence.direction"


def test_a_qr_of_the_other_kind_is_no_qr_of_this_step(payakumbuh: Case, wakatobi: Case):
    for case, command, actor in (
        (payakumbuh, None, None),
        (wakatobi, "read", acts.RESIDENT),
    ):
        acts.brought_to(case, "presence")
        asked, who = (read(case), actor) if command else scan(case)
        shown = case.evidence(asked)
        other = "resident" if shown.pairing.shown_by == "office" else "office"
        wrong = attrs.evolve(shown, pairing=attrs.evolve(shown.pairing, shown_by=other))
        assert refusal_of(case, asked, who, wrong) == "token.kind"
        assert refusal_of(case, asked, who, attrs.evolve(shown, pairing=None)) == "token.kind"


# --- the phone reads the office ------------------------------------------------------------


def test_reading_the_offices_qr_is_no_visit_until_the_operator_there_confirms(wakatobi: Case):
    application = acts.brought_to(wakatobi, "presence")
    wakatobi.do(read(wakatobi), acts.RESIDENT)
    assert "presence" not in wakatobi.application.done
    assert device_claims(wakatobi) == {}
    wakatobi.do(confirm(wakatobi), acts.operator(wakatobi))
    assert "presence" in wakatobi.application.done
    assert list(device_claims(wakatobi)) == [application.thumbprint]
    assert wakatobi.application.pairing is None


def test_reading_uses_up_both_the_qr_and_the_proof(wakatobi: Case):
    acts.brought_to(wakatobi, "presence")
    decision = wakatobi.do(read(wakatobi), acts.RESIDENT)
    assert {claim.space for claim in decision.uses} == {"token:pairing", "token:challenge"}


def test_the_phone_signs_the_very_qr_it_read(wakatobi: Case):
    acts.brought_to(wakatobi, "presence")
    command = read(wakatobi)
    shown = wakatobi.evidence(command)
    other = attrs.evolve(shown, proof=attrs.evolve(shown.proof, pairing=b"another"))
    assert refusal_of(wakatobi, command, acts.RESIDENT, other) == "proof.invalid"


@pytest.mark.parametrize("where", [{"station": "counter-2"}, {"station": None}])
def test_only_the_operator_at_that_station_confirms(wakatobi: Case, where: dict[str, Any]):
    acts.brought_to(wakatobi, "presence")
    wakatobi.do(read(wakatobi), acts.RESIDENT)
    elsewhere = acts.operator(wakatobi, **where)
    assert refusal_of(wakatobi, confirm(wakatobi), elsewhere) == "presence.none_waiting"


def test_a_wrong_check_code_confirms_nothing_and_leaves_the_answer_waiting(wakatobi: Case):
    acts.brought_to(wakatobi, "presence")
    wakatobi.do(read(wakatobi), acts.RESIDENT)
    desk = acts.operator(wakatobi)
    assert refusal_of(wakatobi, confirm(wakatobi, "4712"), desk) == "presence.check_code"
    bare = wakatobi.evidence(confirm(wakatobi), pairing=None)
    assert refusal_of(wakatobi, confirm(wakatobi), desk, bare) == "presence.check_code"
    wakatobi.do(confirm(wakatobi), desk)


def test_few_wrong_codes_end_the_pairing_and_each_is_remembered(wakatobi: Case):
    acts.brought_to(wakatobi, "presence")
    desk, left = acts.operator(wakatobi), []
    wakatobi.do(read(wakatobi), acts.RESIDENT)
    for code in ("4710", "", "0000"):
        assert refusal_of(wakatobi, confirm(wakatobi, code or "x"), desk) == "presence.check_code"
        happened = wakatobi.events["application", wakatobi.application.id][-1]
        assert isinstance(happened, e.CheckCodeRefused)
        assert (happened.office, happened.station) == (desk.office, desk.station)
        assert happened.operator == desk.id
        left.append(happened.attempts_left)
    assert left == [2, 1, 0]
    assert refusal_of(wakatobi, confirm(wakatobi), desk) == "presence.none_waiting"
    wakatobi.do(read(wakatobi), acts.RESIDENT)
    wakatobi.do(confirm(wakatobi), desk)


def test_an_office_may_let_a_single_wrong_code_end_the_pairing(shelf: Any):
    case = Case(office=shelf.with_values("wakatobi", presence__check_code_tries=1))
    acts.brought_to(case, "presence")
    case.do(read(case), acts.RESIDENT)
    assert refusal_of(case, confirm(case, "4712"), acts.operator(case)) == "presence.check_code"
    assert case.application.pairing is None


def test_the_code_of_an_answer_that_was_replaced_meanwhile_does_not_count(wakatobi: Case):
    acts.brought_to(wakatobi, "presence")
    wakatobi.do(read(wakatobi), acts.RESIDENT)
    before = wakatobi.evidence(confirm(wakatobi))
    wakatobi.do(read(wakatobi), acts.RESIDENT)
    desk = acts.operator(wakatobi)
    assert refusal_of(wakatobi, confirm(wakatobi), desk, before) == "presence.check_code"


def test_the_confirmation_comes_within_the_time_of_the_standard(wakatobi: Case):
    acts.brought_to(wakatobi, "presence")
    desk = acts.operator(wakatobi)
    wakatobi.do(read(wakatobi), acts.RESIDENT)
    wakatobi.later(timedelta(minutes=10))
    assert refusal_of(wakatobi, confirm(wakatobi), desk) == "presence.none_waiting"
    wakatobi.do(read(wakatobi), acts.RESIDENT)
    wakatobi.later(timedelta(minutes=10, seconds=-1))
    wakatobi.do(confirm(wakatobi), desk)


def test_nothing_waits_before_the_phone_has_answered(wakatobi: Case):
    acts.brought_to(wakatobi, "presence")
    desk = acts.operator(wakatobi)
    assert refusal_of(wakatobi, confirm(wakatobi), desk) == "presence.none_waiting"


# --- where -----------------------------------------------------------------------------------


def test_another_office_may_see_the_resident_only_where_the_standard_says_so(shelf: Any):
    for allowed, code in ((False, "actor.other_office"), (True, "")):
        office = shelf.with_values("payakumbuh", presence__elsewhere=allowed)
        case = Case(office=office)
        acts.brought_to(case, "presence")
        away = acts.operator(case, office="elsewhere")
        assert refusal_of(case, scan(case)[0], away) == code
    assert case.application.presence_office == "elsewhere"
    approve = do.Reject(application_id=case.application.id)
    assert refusal_of(case, approve, away) == "actor.not_permitted"


def test_another_offices_qr_may_be_read_only_where_the_standard_says_so(shelf: Any):
    for allowed, code in ((False, "actor.other_office"), (True, "")):
        case = Case(office=shelf.with_values("wakatobi", presence__elsewhere=allowed))
        acts.brought_to(case, "presence")
        shown = case.evidence(read(case))
        away = attrs.evolve(shown, pairing=attrs.evolve(shown.pairing, office="elsewhere"))
        assert refusal_of(case, read(case), acts.RESIDENT, away) == code
    desk = acts.operator(case, office="elsewhere")
    case.do(confirm(case), desk)
    assert case.application.presence_office == "elsewhere"


def test_doing_the_visit_in_siak_never_replaces_the_pairing_token(shelf: Any):
    def change(text: dict[str, Any]) -> None:
        step = next(s for s in text["steps"] if s["name"] == "presence")
        step["performed_by"] = shelf.said("siak")

    case = Case(office=shelf.office("payakumbuh", change))
    number = acts.brought_to(case, "presence").id
    report = do.ReportStep(application_id=number, step="presence", passed=True)
    assert refusal_of(case, report, acts.REGISTRY) == "step.not_reported"
    case.do(*scan(case))
    assert "presence" in case.application.done


# --- who holds the claims ------------------------------------------------------------------------


def test_a_phone_bound_to_another_resident_is_refused(payakumbuh: Case):
    acts.brought_to(payakumbuh, "presence")
    command, desk = scan(payakumbuh)
    taken = payakumbuh.evidence(command, device_owner=STRANGER)
    assert refusal_of(payakumbuh, command, desk, taken) == "device.taken"


@pytest.mark.parametrize("phone", [0, 1])
def test_the_newest_visit_wins_and_the_older_running_case_is_withdrawn(anywhere: Case, phone: int):
    older = acts.brought_to(anywhere, "PIN_SENT")
    newer = acts.brought_to(anywhere, "decision", phone)
    assert older.id != newer.id
    old = anywhere.records["application", older.id]
    assert old.status is ApplicationStatus.WITHDRAWN
    last = anywhere.events["application", older.id][-1]
    assert last == e.Withdrawn(at=anywhere.now, reason="superseded")
    assert anywhere.resident.running == newer.id
    assert device_claims(anywhere) == {newer.thumbprint: newer.resident_id}
    assert not [s for s in anywhere.secrets.values() if s.kind == "pin"]


def test_superseding_is_one_decision_and_the_older_phone_is_told(payakumbuh: Case):
    older = acts.brought_to(payakumbuh, "PIN_SENT")
    newer = acts.brought_to(payakumbuh, "presence", 1)
    decision = payakumbuh.do(*scan(payakumbuh))
    assert [(c.kind, c.record.id, bool(c.events)) for c in decision.changes] == [
        ("application", newer.id, True),
        ("resident", newer.resident_id, True),
        ("application", older.id, True),
    ]
    notice = decision.notices[0]
    assert (notice.template, notice.record_id) == ("superseded", older.id)
    assert decision.voids == (older.pin.id,)
    assert decision.releases[0].key == older.thumbprint
    assert CaseStarted(at=payakumbuh.now, application_id=newer.id) in decision.changes[1].events


def test_a_rival_that_is_over_anyway_is_told_that_it_expired_and_not_of_the_visit(
    payakumbuh: Case,
):
    older = acts.brought_to(payakumbuh, "PIN_SENT")
    payakumbuh.later(timedelta(days=30, seconds=-1))
    acts.brought_to(payakumbuh, "presence", 1)
    payakumbuh.later(timedelta(seconds=1))
    decision = payakumbuh.do(*scan(payakumbuh))
    assert payakumbuh.events["application", older.id][-1] == e.Expired(at=payakumbuh.now)
    assert [(n.template, n.record_id) for n in decision.notices] == [("expired", older.id)]


def test_a_draft_is_no_rival(payakumbuh: Case):
    draft = acts.brought_to(payakumbuh, "presence")
    acts.brought_to(payakumbuh, "decision", 1)
    assert payakumbuh.records["application", draft.id].status is ApplicationStatus.OPEN


def test_the_phone_of_the_active_identity_stays_its_own_when_a_rival_on_it_ends(anywhere: Case):
    acts.brought_to(anywhere, "ACTIVATED")
    rival = acts.brought_to(anywhere, "decision")
    acts.brought_to(anywhere, "decision", 1)
    assert anywhere.records["application", rival.id].status is ApplicationStatus.WITHDRAWN
    assert len(device_claims(anywhere)) == 2


def test_the_phone_of_the_active_identity_stays_its_own_when_a_case_on_it_ends(anywhere: Case):
    acts.brought_to(anywhere, "ACTIVATED")
    again = acts.brought_to(anywhere, "decision")
    withdraw = do.Withdraw(application_id=again.id, proof=b"proof")
    assert anywhere.do(withdraw, acts.RESIDENT).releases == ()
    assert list(device_claims(anywhere)) == [again.thumbprint]


@pytest.mark.parametrize("end", ["withdraw", "expire", "reject"])
def test_every_end_releases_the_claims(payakumbuh: Case, end: str):
    number = acts.brought_to(payakumbuh, "decision").id
    if end == "withdraw":
        payakumbuh.do(do.Withdraw(application_id=number, proof=b"p"), acts.RESIDENT)
    elif end == "reject":
        payakumbuh.do(do.Reject(application_id=number), acts.MINISTRY)
    else:
        payakumbuh.later(timedelta(days=40))
        payakumbuh.do(do.TimePasses(application_id=number), acts.SYSTEM)
    assert device_claims(payakumbuh) == {}
    assert payakumbuh.resident.running is None


def test_the_end_of_a_draft_takes_nothing_from_the_case_that_runs(payakumbuh: Case):
    draft = acts.brought_to(payakumbuh, "presence")
    running = acts.brought_to(payakumbuh, "decision")
    payakumbuh.do(do.Withdraw(application_id=draft.id, proof=b"p"), acts.RESIDENT)
    assert payakumbuh.resident.running == running.id
    assert list(device_claims(payakumbuh)) == [running.thumbprint]

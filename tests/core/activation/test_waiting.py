"""Who moves an application next, in the office's own words, and how long a draft waits for it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import attrs
import pytest

from ikd.adapters import shipped_texts
from ikd.adapters.calendar.holidays import days_off
from ikd.core.activation import commands as do
from ikd.core.activation.application import ApplicationStatus
from ikd.core.activation.waiting import waits
from ikd.core.decide import APPLICATION
from ikd.core.records.kind import Rulebook
from ikd.core.records.questions import RegistryStanding
from ikd.core.records.waits import MISSING, Waits
from ikd.core.standard.office import deadlines
from ikd.core.standard.steps import items_of
from model import acts
from model.cases import START, Case

DAY = timedelta(days=1)


def now(case: Case) -> Waits:
    """Who is waited for."""
    return waits(case.application, case.office, case.now)


def told(case: Case) -> tuple[str | None, str, list[int]]:
    """Who is waited for, what is missing, and the numbers of the step."""
    waiting = now(case)
    role = None if waiting.role is None else waiting.role.value
    return role, waiting.missing, [item.number for item in waiting.items]


PAYAKUMBUH = [
    ("data_check asked", ("registry", "registry_answer", [2])),
    ("biometric", ("resident", "biometric", [2])),
    ("biometric asked", ("registry", "registry_answer", [2])),
    ("ministry_review", ("ministry", "review", [3])),
    ("presence", ("operator", "visit", [4])),
    ("decision", ("ministry", "decision", [5, 6])),
    ("PIN_SENT", ("resident", "pin", [7])),
    ("ACTIVATED", (None, "activated", [])),
]
WAKATOBI = [
    ("data_check asked", ("registry", "registry_answer", [])),
    ("biometric", ("resident", "biometric", [3])),
    ("review asked", ("registry", "registry_answer", [])),
    ("presence", ("resident", "visit", [4])),
    ("decision", ("operator", "decision", [5])),
    ("PIN_SENT", ("resident", "pin", [6, 7, 8, 9])),
    ("ACTIVATED", (None, "activated", [])),
]


@pytest.mark.parametrize(("place", "said"), PAYAKUMBUH)
def test_payakumbuh_says_who_moves_next_with_the_number_of_its_own_step(
    payakumbuh: Case, place: str, said: object
):
    acts.brought_to(payakumbuh, place)
    assert told(payakumbuh) == said


@pytest.mark.parametrize(("place", "said"), WAKATOBI)
def test_wakatobi_says_who_moves_next_with_the_number_of_its_own_step(
    wakatobi: Case, place: str, said: object
):
    acts.brought_to(wakatobi, place)
    assert told(wakatobi) == said


def test_payakumbuhs_biometric_stands_in_the_words_of_its_second_step(payakumbuh: Case):
    (item,) = items_of("biometric", payakumbuh.office.steps)
    assert (item.number, "swafoto bergerak wajah" in item.text) == (2, True)
    assert {"P18", "P19", "P20", "P21"} <= set(item.clauses)


def test_a_phone_that_answered_waits_for_the_operator_at_that_desk_until_its_answer_is_too_old(
    wakatobi: Case,
):
    application = acts.brought_to(wakatobi, "presence")
    wakatobi.do(*acts.next_act(wakatobi, application))
    answered = wakatobi.application.pairing
    assert told(wakatobi)[:2] == ("operator", "check_code")
    assert (now(wakatobi).desk, now(wakatobi).since) == (answered.office, wakatobi.now)
    wakatobi.now = answered.until
    assert told(wakatobi)[:2] == ("resident", "visit")


def test_a_referral_waits_for_an_officer_since_it_was_made(anywhere: Case):
    acts.brought_to(anywhere, "data_check asked")
    anywhere.later(DAY)
    anywhere.do(acts.answer(anywhere.application, standing=RegistryStanding.SEVERAL), acts.REGISTRY)
    anywhere.later(DAY)
    waiting = now(anywhere)
    assert told(anywhere)[:2] == ("operator", "referral")
    assert (waiting.since, waiting.desk) == (START + DAY, anywhere.office.id)


def test_a_refused_visit_waits_for_who_decides_since_it_was_refused(anywhere: Case):
    number = acts.brought_to(anywhere, "presence").id
    anywhere.later(DAY)
    refuse = do.RefusePresence(application_id=number, reason="documents")
    anywhere.do(refuse, acts.operator(anywhere))
    assert told(anywhere)[:2] == (anywhere.office.decision.by, "refused_visit")
    assert now(anywhere).since == anywhere.now


def test_used_up_biometric_tries_wait_for_the_operator_until_one_beside_them_is_right(
    anywhere: Case,
):
    acts.brought_to(anywhere, "biometric")
    for _ in range(anywhere.office.biometric.tries.value):
        assert told(anywhere)[:2] == ("resident", "biometric")
        anywhere.do(acts.sample(anywhere, anywhere.application), acts.RESIDENT)
        anywhere.do(acts.answer(anywhere.application, match=1), acts.REGISTRY)
    assert told(anywhere)[:2] == ("operator", "biometric_clearing")
    clear = do.ClearBiometric(application_id=anywhere.application.id, reason="appearance")
    anywhere.do(clear, acts.operator(anywhere))
    assert told(anywhere)[:2] == ("operator", "biometric_clearing")


def test_everything_that_can_be_missing_has_its_words() -> None:
    assert set(shipped_texts.waits()) == MISSING


def test_a_step_done_in_siak_waits_for_its_report(shelf: Any):
    def change(text: dict[str, Any]) -> None:
        step = next(step for step in text["steps"] if step["name"] == "biometric")
        step["performed_by"] = shelf.said("siak")

    case = Case(office=shelf.office("payakumbuh", change))
    acts.brought_to(case, "biometric")
    assert told(case)[:2] == ("registry", "report")


def test_a_dead_pin_waits_for_the_resident_to_ask_for_another(anywhere: Case):
    acts.brought_to(anywhere, "PIN_SENT")
    assert now(anywhere).since == anywhere.application.pin_at
    anywhere.now = anywhere.application.pin.until
    anywhere.do(do.TimePasses(application_id=anywhere.application.id), acts.SYSTEM)
    assert told(anywhere)[:2] == ("resident", "new_pin")
    assert now(anywhere).until == anywhere.application.expires_at


# --- how long a draft lives ------------------------------------------------------------


@pytest.mark.parametrize("place", ["ministry_review", "presence", "decision"])
def test_a_draft_does_not_age_while_ministry_or_operator_is_waited_for(
    payakumbuh: Case, place: str
):
    application = acts.brought_to(payakumbuh, place)
    payakumbuh.later(20 * DAY)
    assert payakumbuh.application.due > payakumbuh.now
    payakumbuh.do(*acts.next_act(payakumbuh, application))
    assert payakumbuh.application.status in (ApplicationStatus.OPEN, ApplicationStatus.PIN_SENT)


def test_a_draft_does_not_age_while_its_referral_lies_at_the_office(anywhere: Case):
    acts.brought_to(anywhere, "data_check asked")
    anywhere.do(acts.answer(anywhere.application, standing=RegistryStanding.SEVERAL), acts.REGISTRY)
    anywhere.later(20 * DAY)
    again = do.AskAgain(application_id=anywhere.application.id)
    anywhere.do(again, acts.operator(anywhere))
    anywhere.do(acts.answer(anywhere.application), acts.REGISTRY)
    assert anywhere.application.expires_at == START + 27 * DAY


def test_a_draft_ages_while_the_resident_is_waited_for(anywhere: Case):
    application = acts.brought_to(anywhere, "biometric")
    assert (application.due, application.expires_at) == (START + 7 * DAY, START + 7 * DAY)


def test_all_pauses_together_last_as_long_as_the_file_says(shelf: Any):
    case = Case(office=shelf.with_values("payakumbuh", lives__paused="10 d"))
    acts.brought_to(case, "data_check asked")
    case.later(6 * DAY)
    case.do(acts.answer(case.application), acts.REGISTRY)
    assert case.application.pause_left == 4 * DAY
    case.do(acts.sample(case, case.application), acts.RESIDENT)
    assert case.application.due == START + (7 + 10) * DAY
    case.later(11 * DAY)
    case.do(do.TimePasses(application_id=case.application.id), acts.SYSTEM)
    assert told(case)[:2] == (None, "expired")


def test_what_was_registered_before_its_order_was_noted_keeps_the_rules_of_then(anywhere: Case):
    acts.brought_to(anywhere, "data_check asked")
    registered, asked = anywhere.events["application", anywhere.application.id]
    answered = anywhere.decide(acts.answer(anywhere.application), acts.REGISTRY)
    late = attrs.evolve(answered.changes[0].events[0], at=START + 40 * DAY)
    old = APPLICATION.law.replay([attrs.evolve(registered, order=()), asked, late])
    assert (old.expires_at, old.pause_left) == (START + 47 * DAY, 30 * DAY)
    assert (old.order, old.done_at, old.turned_at) == ((), (), None)


# --- the columns of a row ----------------------------------------------------------------


def columns(case: Case) -> Any:
    rules = Rulebook(standard={case.office.digest: case.office}.__getitem__, days_off=days_off)
    return APPLICATION.columns(case.application, rules)


def test_a_row_shows_who_is_waited_for_where_and_since_when(anywhere: Case):
    acts.brought_to(anywhere, "biometric")
    shown = columns(anywhere)
    assert (shown.waits, shown.desk, shown.since) == ("resident", anywhere.office.id, START)


def test_a_row_shows_the_first_limit_that_can_be_broken_without_pauses(anywhere: Case):
    acts.brought_to(anywhere, "biometric")
    limits = deadlines(anywhere.office, START, START, days_off=days_off)
    assert columns(anywhere).limit_at == min(limit.due_at for limit in limits if limit.binding)


def test_a_limit_from_another_act_begins_when_that_is_done(shelf: Any):
    def change(text: dict[str, Any]) -> None:
        (clause,) = text["sla"]["clauses"]
        del clause["day_is"]
        clause.update(unit="hours", amount=2, start=shelf.said("ministry_reviewed"))

    case = Case(office=shelf.office("payakumbuh", change))
    acts.brought_to(case, "ministry_review")
    assert columns(case).limit_at is None
    case.later(DAY)
    case.do(*acts.next_act(case, case.application))
    later: datetime = columns(case).limit_at
    assert later == START + DAY + timedelta(hours=2)


def test_a_case_that_has_ended_waits_for_nobody(anywhere: Case):
    acts.brought_to(anywhere, "ACTIVATED")
    shown = columns(anywhere)
    assert (shown.waits, shown.desk, shown.since, shown.limit_at) == (None, None, None, None)

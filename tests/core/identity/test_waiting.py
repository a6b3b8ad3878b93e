"""Who moves an identity next while it owes a sign-in or a passcode."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import attrs

from ikd.core.identity import commands as live
from ikd.core.identity.identity import IdentityStatus
from ikd.core.identity.waiting import columns, waits
from ikd.core.records.kind import Rulebook
from ikd.core.standard.office import Office
from model import acts
from model.cases import Case, refusal_of
from model.evidence import WRONG


def told(case: Case) -> tuple[str | None, str, list[int]]:
    waiting = waits(case.identity, case.office, case.now)
    role = None if waiting.role is None else waiting.role.value
    return role, waiting.missing, [item.number for item in waiting.items]


def test_the_first_sign_in_waits_for_the_resident_at_its_published_step(wakatobi: Case):
    acts.brought_to(wakatobi, "ACTIVATED")
    assert told(wakatobi) == ("resident", "sign_in", [9])


def test_a_missed_sign_in_waits_for_the_resident_to_ask_for_another_pin(wakatobi: Case):
    acts.brought_to(wakatobi, "ACTIVATED")
    wakatobi.later(timedelta(days=2))
    wakatobi.do(live.IdentityTimePasses(identity_id=wakatobi.identity.id), acts.SYSTEM)
    assert told(wakatobi)[:2] == ("resident", "new_sign_in")


def test_the_passcode_waits_for_the_resident_and_then_nobody_is_waited_for(anywhere: Case):
    acts.brought_to(anywhere, "ACTIVATED")
    if not anywhere.identity.passcode_open:
        anywhere.do(acts.sign_in(anywhere), acts.RESIDENT)
    assert told(anywhere)[:2] == ("resident", "passcode")
    anywhere.do(acts.set_passcode(anywhere), acts.RESIDENT)
    assert told(anywhere)[:2] == (None, "nothing")


def test_a_row_of_an_identity_shows_who_is_waited_for(wakatobi: Case):
    acts.brought_to(wakatobi, "ACTIVATED")
    rules = Rulebook(standard={wakatobi.office.digest: wakatobi.office}.__getitem__)
    shown = columns(wakatobi.identity, rules)
    assert (shown.waits, shown.desk, shown.limit_at) == ("resident", "wakatobi", None)


def test_a_pin_that_an_officer_hands_over_waits_for_the_operator(shelf: Any):
    case = Case(office=by_hand(shelf))
    acts.brought_to(case, "ACTIVATED")
    case.later(timedelta(days=2))
    case.do(live.IdentityTimePasses(identity_id=case.identity.id), acts.SYSTEM)
    renew = live.RenewSignIn(identity_id=case.identity.id, proof=b"proof")
    case.do(renew, acts.RESIDENT)
    assert told(case)[:2] == ("operator", "hand_over")
    over = live.HandOverSignInPin(identity_id=case.identity.id)
    assert refusal_of(case, over, acts.operator(case)) == "pin.not_waiting"
    case.do(over, acts.operator(case), case.evidence(over, pin_waits=True))
    assert told(case)[:2] == ("resident", "sign_in")


def by_hand(shelf: Any) -> Office:
    """Return the office with a sign-in whose PINs an officer hands over."""
    medium = {"kind": "officer", "source": "default", "why": "contoh"}

    def change(text: dict[str, Any]) -> None:
        text["pin"]["media"] = [medium]

    return shelf.office("wakatobi", change)


def test_an_identity_that_ended_waits_for_nobody(anywhere: Case):
    acts.brought_to(anywhere, "ACTIVATED")
    ended = attrs.evolve(anywhere.identity, status=IdentityStatus.ENDED)
    assert anywhere.identity.is_live
    assert not ended.is_live
    waiting = waits(ended, anywhere.office, anywhere.now)
    assert (waiting.role, waiting.missing) == (None, "identity_ended")


def test_who_has_no_wrong_try_left_waits_for_the_operators_reset(shelf: Any):
    office = shelf.with_values("wakatobi", pin__tries_per_pin=1, pin__tries_per_application=1)
    case = Case(office=office)
    acts.brought_to(case, "ACTIVATED")
    entered = acts.sign_in(case)
    shown = case.evidence(entered)
    assert shown.guess is not None
    wrong = attrs.evolve(shown.guess, candidate=WRONG)
    case.do(entered, acts.RESIDENT, attrs.evolve(shown, guess=wrong))
    assert told(case)[:2] == ("operator", "sign_in_reset")


def test_who_missed_the_last_pin_waits_for_the_operators_reset(shelf: Any):
    case = Case(office=shelf.with_values("wakatobi", pin__reissues=0))
    acts.brought_to(case, "ACTIVATED")
    case.later(timedelta(days=2))
    case.do(live.IdentityTimePasses(identity_id=case.identity.id), acts.SYSTEM)
    assert told(case)[:2] == ("operator", "sign_in_reset")

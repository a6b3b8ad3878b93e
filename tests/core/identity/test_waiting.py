"""Who moves an identity next while it owes a sign-in or a passcode."""

from __future__ import annotations

from datetime import timedelta

from ikd.core.identity import commands as live
from ikd.core.identity.waiting import columns, waits
from ikd.core.records.kind import Rulebook
from model import acts
from model.cases import Case


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

"""Registering opens a draft and blocks nobody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from ikd.core.activation import events as e
from ikd.core.activation.application import Application, ApplicationStatus
from ikd.core.errors import DeviceError, RefusedError, TokenError
from ikd.core.ids import draw_id
from ikd.core.records.actor import Actor
from ikd.core.records.questions import QuestionKind
from ikd.core.standard.candidate import Candidate
from ikd.core.standard.office import Office
from model import acts
from model.cases import START, Case, refusal_of


def kinds(events: tuple[Any, ...]) -> list[type[Any]]:
    return [type(happened) for happened in events]


def test_a_registration_opens_an_application_and_asks_the_registry_for_the_card(anywhere: Case):
    decision = anywhere.do(acts.register(anywhere), acts.RESIDENT)
    assert kinds(decision.changes[0].events) == [e.Registered, e.QuestionAsked]
    assert decision.questions[0].kind is QuestionKind.DATA_CHECK
    assert anywhere.application.status is ApplicationStatus.OPEN
    assert anywhere.application.done == ("register",)


def test_the_draft_pins_the_standard_the_phone_and_the_end_of_its_life(anywhere: Case):
    application = acts.opened(anywhere)
    assert application.standard == anywhere.office.digest
    assert application.device_key == acts.KEYS[0]
    assert application.device_model == "Contoh 5"
    assert application.expires_at == START + timedelta(days=7)
    assert application.sealed.email == b"sealed email"


def test_knowing_a_nik_blocks_nobody_so_drafts_of_one_nik_coexist(anywhere: Case):
    first, second = acts.opened(anywhere), acts.opened(anywhere, 1)
    assert first.resident_id == second.resident_id
    assert anywhere.resident.running is None
    assert not [space for space, _ in anywhere.claims if space == "device"]
    assert [a.is_live for a in anywhere.all("application")] == [True, True]


def test_each_draft_has_a_data_key_of_its_own(anywhere: Case):
    acts.opened(anywhere)
    acts.opened(anywhere)
    assert len({a.data_key_id for a in anywhere.all("application")}) == 2
    assert sorted(s.owner for s in anywhere.secrets.values()) == sorted(
        a.id for a in anywhere.all("application")
    )


def test_a_known_resident_is_read_with_the_draft_and_not_changed(anywhere: Case):
    acts.opened(anywhere)
    decision = anywhere.do(acts.register(anywhere), acts.RESIDENT)
    assert [(c.kind, bool(c.events)) for c in decision.changes] == [
        ("application", True),
        ("resident", False),
    ]


def test_a_known_resident_is_claimed_under_a_new_index_key_too(anywhere: Case):
    """Once the old key goes, the NIK is still found and its wrong guesses still count."""
    acts.opened(anywhere)
    decision = anywhere.do(acts.register(anywhere), acts.RESIDENT)
    resident = anywhere.all("resident")[0]
    assert [(c.space, c.owner) for c in decision.takes] == [("nik", resident.id)]


def test_an_operator_may_register_for_somebody(payakumbuh: Case):
    payakumbuh.do(acts.register(payakumbuh), acts.operator(payakumbuh))
    assert payakumbuh.application.status is ApplicationStatus.OPEN


@pytest.mark.parametrize("actor", [acts.MINISTRY, acts.REGISTRY, acts.SYSTEM])
def test_nobody_else_may(anywhere: Case, actor: Actor):
    assert refusal_of(anywhere, acts.register(anywhere), actor) == "actor.not_permitted"


def test_a_missing_field_is_refused_with_the_clause_that_asks_for_it(payakumbuh: Case):
    with pytest.raises(RefusedError, match="email") as caught:
        payakumbuh.do(acts.register(payakumbuh, email=None), acts.RESIDENT)
    assert (caught.value.code, caught.value.clause) == ("registration.field", "P17")


def test_a_further_field_never_stands_in_for_one_that_is_asked_for(anywhere: Case):
    command = acts.register(anywhere, email=None, more={"email": "ayu@example.id"})
    assert refusal_of(anywhere, command, acts.RESIDENT) == "registration.field"


def test_an_open_list_takes_further_fields_and_a_closed_one_does_not(
    payakumbuh: Case, wakatobi: Case
):
    more = {"alamat": "Jalan Contoh 1"}
    with pytest.raises(RefusedError) as caught:
        payakumbuh.do(acts.register(payakumbuh, more=more), acts.RESIDENT)
    assert (caught.value.code, caught.value.clause) == ("registration.field", "P17")
    wakatobi.do(acts.register(wakatobi, more=more), acts.RESIDENT)


def test_an_own_field_that_is_asked_for_must_be_there(shelf: Any):
    def change(text: dict[str, Any]) -> None:
        field = {"name": "alamat", "required": True, "source": "default", "why": "contoh"}
        text["registration"]["fields"].append(field)

    case = Case(office=shelf.office("payakumbuh", change))
    assert refusal_of(case, acts.register(case), acts.RESIDENT) == "registration.field"
    case.do(acts.register(case, more={"alamat": "Jalan Contoh 1"}), acts.RESIDENT)


def test_without_a_key_there_is_no_phone_to_bind(anywhere: Case):
    with pytest.raises(DeviceError, match="key_missing"):
        anywhere.do(acts.register(anywhere, device=acts.phone(key=None)), acts.RESIDENT)


def test_a_key_that_is_no_point_of_the_curve_opens_nothing(anywhere: Case):
    device = acts.phone(key=b"\x04" + bytes(64))
    with pytest.raises(TokenError):
        anywhere.do(acts.register(anywhere, device=device), acts.RESIDENT)


def test_an_unmet_requirement_is_refused_with_every_finding(wakatobi: Case):
    old = acts.phone(os_version="7.1.2", online=False)
    with pytest.raises(RefusedError) as caught:
        wakatobi.do(acts.register(wakatobi, device=old), acts.RESIDENT)
    assert (caught.value.code, caught.value.clause) == ("requirements", "W6")
    assert len(caught.value.findings) >= 2


@pytest.mark.parametrize("card", ["never", "lost"])
def test_nobody_is_held_or_refused_for_the_card_before_the_register_has_answered(
    anywhere: Case, card: Any
):
    facts = Candidate(ktp_el=card, recorded=False, age=3, ever_married=False)
    decision = anywhere.do(acts.register(anywhere, facts=facts), acts.RESIDENT)
    assert kinds(decision.changes[0].events) == [e.Registered, e.QuestionAsked]


def test_what_an_officer_must_see_is_neither_passed_nor_refused(wakatobi: Case):
    acts.opened(wakatobi, device=acts.phone(kind="tablet"))
    assert wakatobi.application.referred == "registration"
    assert wakatobi.application.questions == ()
    sample = acts.sample(wakatobi, wakatobi.application)
    assert refusal_of(wakatobi, sample, acts.RESIDENT) == "step.not_next"
    wakatobi.do(*acts.next_act(wakatobi, wakatobi.application))
    assert wakatobi.application.referred is None
    assert wakatobi.application.questions[0].kind is QuestionKind.DATA_CHECK


def test_the_same_entropy_gives_the_application_the_id_it_was_promised(anywhere: Case):
    promised = draw_id(anywhere.entropy, Application.kind)
    assert acts.opened(anywhere).id == promised


def test_asked_terms_are_accepted_first_and_unpublished_ones_are_not_asked_for(
    shelf: Any, payakumbuh: Case
):
    def change(text: dict[str, Any]) -> None:
        ground = {"source": "default", "why": "contoh"}
        text["registration"]["terms"] = {"text": "Ketentuan", "accept": "Setuju", **ground}
        text["registration"]["consent"] = shelf.said(value=True)

    case = Case(office=shelf.office("payakumbuh", change))
    hasty = acts.register(case, accepted_terms=False)
    assert refusal_of(case, hasty, acts.RESIDENT) == "registration.terms"
    case.do(acts.register(case, accepted_terms=True), acts.RESIDENT)
    payakumbuh.do(acts.register(payakumbuh, accepted_terms=False), acts.RESIDENT)


def test_a_browser_is_a_device_only_where_the_offices_file_says_so(shelf: Any, payakumbuh: Case):
    def change(text: dict[str, Any]) -> None:
        text["registration"]["browser"] = shelf.said(value=True)

    browser = acts.register(payakumbuh, device=acts.phone(browser=True))
    assert refusal_of(payakumbuh, browser, acts.RESIDENT) == "registration.browser"
    portal = Case(office=shelf.office("payakumbuh", change))
    assert refusal_of(portal, browser, acts.RESIDENT) == ""
    assert refusal_of(portal, acts.register(portal), acts.RESIDENT) == ""


@pytest.mark.parametrize(
    ("begins", "refusal"), [("2026-11-24", "registration.not_begun"), ("2026-11-23", "")]
)
def test_nobody_registers_before_the_day_from_which_the_standard_holds(
    shelf: Any, begins: str, refusal: str
):
    case = Case(office=beginning(shelf, begins))
    assert refusal_of(case, acts.register(case), acts.RESIDENT) == refusal


def test_who_comes_too_early_is_told_the_day_and_the_clause_that_says_it(shelf: Any):
    case = Case(office=beginning(shelf, "2027"))
    with pytest.raises(RefusedError, match="from 2027 on") as caught:
        case.do(acts.register(case), acts.RESIDENT)
    assert caught.value.clause == "P1"


def beginning(shelf: Any, begins: str) -> Office:
    """Return an office whose standard holds from *begins* on, as its first clause says."""

    def change(text: dict[str, Any]) -> None:
        text["format"] = 2
        stated = {"value": begins, "source": "P1", "quote": "berlaku"}
        text["decree"]["effective_from"] = stated

    office: Office = shelf.office("payakumbuh", change)
    return office

"""Values that few offices publish are honoured where one does, and refused where none may."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

import ikd
from ikd.core.errors import InputError, OfficeFileError, RefusedError
from ikd.plugins.offices import load_office
from model import acts
from model.cases import Case, refusal_of

INVENTED = Path(__file__).with_name("invented")
DEFAULT = {"source": "default", "why": "contoh"}
TERMS = {"text": "Syarat", "accept": "Setuju"}
SENT = ("about.name", "about.full_name", "words.person", "pin.word", "pin.sender")


def changed(name: str, path: str, value: object) -> dict[str, Any]:
    data = tomllib.loads(load_office(name).text)
    at = data
    *parts, last = path.split(".")
    for part in parts:
        at = at.setdefault(part, {})
    at[last] = value
    return data


def said(value: object) -> dict[str, object]:
    return {"value": value, **DEFAULT}


def faults(data: dict[str, Any]) -> list[str]:
    with pytest.raises(OfficeFileError) as caught:
        load_office(data)
    return [path for path, _ in caught.value.faults]


def with_terms(consent: dict[str, object] | None) -> Case:
    """Payakumbuh with terms, and with what it says about consent."""
    data = changed("payakumbuh", "registration.terms", {**TERMS, **DEFAULT})
    data["registration"].pop("consent")
    data["registration"] |= {"consent": consent} if consent else {}
    return Case(office=load_office(data))


def test_an_asked_consent_must_be_given_before_anything_else() -> None:
    case = with_terms({"value": True, "source": "P17", "quote": "mengisi NIK"})
    without = acts.register(case, accepted_terms=False, email=None)
    with pytest.raises(RefusedError) as caught:
        case.do(without, acts.RESIDENT)
    assert (caught.value.code, caught.value.clause) == ("registration.terms", "P17")
    assert refusal_of(case, acts.register(case), acts.RESIDENT) == ""


def test_a_walk_accepts_terms_where_consent_is_asked(service_of: Any) -> None:
    service, walk = service_of(with_terms(said(value=True)).office)
    assert service.get(walk.to_pin(), actor=ikd.Actor.system()).status.value == "PIN_SENT"


def test_terms_that_nobody_publishes_are_asked_of_nobody() -> None:
    case = Case(office=load_office("payakumbuh"))
    assert refusal_of(case, acts.register(case, accepted_terms=False), acts.RESIDENT) == ""


@pytest.mark.parametrize(
    ("consent", "refusal"),
    [(None, ""), (said(value=False), ""), (said(value=True), "registration.terms")],
)
def test_only_consent_decides_whether_terms_must_be_accepted(
    consent: dict[str, object] | None, refusal: str
) -> None:
    case = with_terms(consent)
    hasty = acts.register(case, accepted_terms=False)
    assert refusal_of(case, hasty, acts.RESIDENT) == refusal


@pytest.mark.parametrize("name", ["payakumbuh", "wakatobi"])
def test_consent_is_a_default_that_an_office_can_turn_on(name: str) -> None:
    office = load_office(name)
    assert (office.registration.consent.value, office.registration.consent.clause) == (False, None)
    data = changed(name, "registration.consent", said(value=True))
    assert faults(data) == ["registration.consent.value"]
    data["registration"]["terms"] = {"text": "…", "accept": "Setuju", **DEFAULT}
    case = Case(office=load_office(data))
    with pytest.raises(RefusedError, match=r"registration\.terms") as caught:
        case.do(acts.register(case, accepted_terms=False), acts.RESIDENT)
    assert caught.value.clause is None  # no text asks for it, so none is cited
    assert refusal_of(case, acts.register(case), acts.RESIDENT) == ""


def test_acceptance_is_yes_or_no() -> None:
    case = Case(office=load_office("payakumbuh"))
    with pytest.raises(InputError, match="accepted_terms"):
        acts.register(case, accepted_terms="yes")


def test_a_mailed_code_never_stays_a_passcode() -> None:
    assert faults(changed("wakatobi", "sign_in.passcode_after", said(value=False))) == [
        "sign_in.passcode_after.value"
    ]


@pytest.mark.parametrize("path", SENT)
@pytest.mark.parametrize("text", ["a, b", "a <b>", "a > b", "=?utf-8?b?", "", "a\nb", "x" * 121])
def test_words_that_no_mail_could_carry_are_refused_at_load(path: str, text: str) -> None:
    assert faults(changed("wakatobi", path, said(text))) == [f"{path}.value"]


@pytest.mark.parametrize("text", ["https://example.id", "a\nb", "x" * 121])
def test_a_mail_button_is_a_word_and_no_link(text: str) -> None:
    button = {"label": text, "source": "W19", "quote": "tombol Aktivasi"}
    assert faults(changed("wakatobi", "pin.buttons.mail", button)) == ["pin.buttons.mail.label"]


def test_the_sender_of_a_rejection_is_held_to_the_same() -> None:
    data = changed("payakumbuh", "rejection.sender", said("a, b"))
    assert faults(data) == ["rejection.sender.value"]


def test_a_broken_part_is_told_beside_words_that_cannot_be_sent() -> None:
    data = changed("wakatobi", "about.zone", said("Asia/Tokyo"))
    data["pin"]["word"] = said("a, b")
    assert faults(data) == ["about.zone.value", "pin.word.value"]


def test_an_office_that_issues_no_qr_is_asked_for_none_in_vain(service_of: Any) -> None:
    data = changed("payakumbuh", "credential.issued", said(value=False))
    service, walk = service_of(load_office(data))
    identity = walk.to_activation()
    with pytest.raises(RefusedError, match=r"credential\.not_issued"):
        service.credential(identity, actor=ikd.Actor.system())

"""Four answers: met, refused with its clauses, an officer's case, not stated yet."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikd.core.errors import InputError, OfficeFileError
from ikd.core.resident.device import Device
from ikd.core.standard.candidate import Candidate
from ikd.core.standard.requirements import Condition, Minimum
from ikd.plugins.offices import load_office

GROUND = {"source": "default", "why": "contoh"}


def row(desk: Any, **own: object) -> list[dict[str, Any]]:
    return [desk.row(id="satu", text="Satu", text_en="One", **own)]


def outcomes(desk: Any, candidate: Candidate, **own: object) -> list[str]:
    found = desk.office(requirements=row(desk, **own)).check(candidate)
    return [finding.outcome for finding in found]


@pytest.mark.parametrize(
    ("age", "outcome"), [(None, ["ask"]), (16, ["refuse"]), (17, []), (90, [])]
)
def test_a_number_is_compared_and_asked_for_while_unknown(
    desk: Any, age: int | None, outcome: list[str]
) -> None:
    assert outcomes(desk, Candidate(age=age), fact="age", at_least=17) == outcome


def test_what_is_not_stated_names_the_facts_to_ask_for(desk: Any) -> None:
    arms = [desk.row(fact="age", at_least=17), desk.row(fact="ever_married", holds=True)]
    office = desk.office(requirements=row(desk, any_of=arms))
    (asked,) = office.check(Candidate())
    assert (asked.outcome, asked.facts) == ("ask", ("age", "ever_married"))
    assert asked.message_id == "Belum dinyatakan: Satu"
    (asked,) = office.check(Candidate(age=16))
    assert asked.facts == ("ever_married",)
    assert office.check(Candidate(age=16, ever_married=True)) == ()
    assert [f.outcome for f in office.check(Candidate(age=16, ever_married=False))] == ["refuse"]


def test_none_of_turns_an_answer_and_leaves_open_what_is_open(desk: Any) -> None:
    arms = [desk.row(fact="app_installed", holds=True)]
    assert outcomes(desk, Candidate(app_installed=True), none_of=arms) == ["refuse"]
    assert outcomes(desk, Candidate(app_installed=False), none_of=arms) == []
    assert outcomes(desk, Candidate(), none_of=arms) == ["ask"]


def test_the_effect_of_an_unmet_requirement_is_the_offices(desk: Any) -> None:
    for effect in ("refuse", "human", "note"):
        found = outcomes(desk, Candidate(age=1), fact="age", at_least=17, effect=effect)
        assert found == [effect]


def test_an_unknown_fact_is_asked_for_whatever_the_effect(desk: Any) -> None:
    assert outcomes(desk, Candidate(), fact="age", at_least=17, effect="note") == ["ask"]


def test_a_default_is_found_without_a_clause(desk: Any) -> None:
    (found,) = desk.office(requirements=row(desk, fact="age", at_least=17)).check(Candidate(age=1))
    assert (found.clause, found.clauses, found.source, found.why) == (None, (), "default", "contoh")


@pytest.mark.parametrize(
    ("platform", "version", "outcome"),
    [
        ("android", "7.1.2", ["refuse"]),
        ("android", "8", []),
        ("android", "10", []),
        ("android", "", ["human"]),
        ("android", "Oreo", ["human"]),
        ("android", None, ["human"]),
        ("ios", "17", ["human"]),
        ("other", "9", ["human"]),
    ],
)
def test_a_minimum_for_one_system_leaves_the_others_to_an_officer(
    desk: Any, platform: str, version: str | None, outcome: list[str]
) -> None:
    device = Device(kind="smartphone", platform=platform, os_version=version)
    least = [desk.row(platform="android", version="8")]
    assert outcomes(desk, Candidate(device=device), minimum=least) == outcome


@pytest.mark.parametrize("platform", ["android", "ios", "other"])
@pytest.mark.parametrize(("version", "outcome"), [("7", ["refuse"]), ("8.0", [])])
def test_a_minimum_for_no_named_system_holds_for_each(
    desk: Any, platform: str, version: str, outcome: list[str]
) -> None:
    device = Device(kind="smartphone", platform=platform, os_version=version)
    assert outcomes(desk, Candidate(device=device), minimum=[desk.row(version="8")]) == outcome


def test_a_minimum_needs_a_device_at_all(desk: Any) -> None:
    least = [desk.row(version="8")]
    none = Candidate(device=Device(kind="none"))
    assert outcomes(desk, none, minimum=least) == ["refuse"]
    assert outcomes(desk, Candidate(), minimum=least) == ["ask"]


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("age", "18"),
        ("age", True),
        ("age", -1),
        ("age", 151),
        ("ktp_el", "banana"),
        ("ever_married", "no"),
        ("recorded", 1),
        ("family_card", 0),
        ("email", "ayu@example.id"),
        ("phone", "081234567890"),
        ("online", "yes"),
        ("app_installed", 1.0),
        ("device", "smartphone"),
    ],
)
def test_a_fact_of_a_wrong_type_is_malformed_and_no_clause_is_cited(
    name: str, wrong: object
) -> None:
    with pytest.raises(InputError) as caught:
        Candidate(**{name: wrong})  # type: ignore[arg-type]
    assert caught.value.code == f"candidate.{name}"
    assert str(wrong) not in str(caught.value)


def test_a_device_that_is_not_there_cites_the_clause_that_asks_for_one() -> None:
    none = Candidate(device=Device(kind="none"), email=True, phone=True, online=True)
    found = load_office("wakatobi").check(none.with_registry("issued"))
    assert [(f.outcome, f.clauses) for f in found] == [("refuse", ("W5",))]


def test_no_requirements_and_unstated_ones_are_two_things(desk: Any) -> None:
    none, unstated = desk.office(requirements=[]), desk.office()
    assert (none.requirements, unstated.requirements) == ((), None)
    assert none.check(Candidate()) == unstated.check(Candidate()) == ()


@pytest.mark.parametrize(
    ("state", "card", "recorded"),
    [
        ("issued", "issued", True),
        ("lost", "lost", True),
        ("recorded", "never", True),
        ("not_recorded", "never", False),
    ],
)
def test_the_registry_answers_about_card_and_recording_at_once(
    state: Any, card: str, *, recorded: bool
) -> None:
    known = Candidate().with_registry(state)
    assert (known.ktp_el, known.recorded) == (card, recorded)


def test_the_registry_has_no_other_state() -> None:
    with pytest.raises(InputError):
        Candidate().with_registry("BIO_CAPTURED")  # type: ignore[arg-type]


def test_who_has_a_card_was_recorded_and_a_device_tells_whether_it_is_online() -> None:
    assert Candidate(ktp_el="lost").fact("recorded") is True
    assert Candidate(ktp_el="never").fact("recorded") is None
    assert Candidate(device=Device(kind="tablet", online=False)).fact("online") is False
    assert Candidate(online=True, device=Device(kind="tablet", online=False)).fact("online")
    assert Candidate().fact("online") is None


@pytest.mark.parametrize(
    ("own", "path"),
    [
        ({}, ""),
        ({"fact": "age"}, "at_least"),
        ({"fact": "age", "holds": True}, "at_least"),
        ({"fact": "email", "among": ["yes"]}, "holds"),
        ({"fact": "ktp_el", "holds": True}, "among"),
        ({"fact": "ktp_el", "among": ["perhaps"]}, "among"),
        ({"fact": "email", "holds": True, "human": {"value": ["x"], **GROUND}}, "among"),
        ({"fact": "age", "at_least": 1, "minimum": [{"version": "8", **GROUND}]}, ""),
        ({"holds": True, "minimum": [{"version": "8", **GROUND}]}, "fact"),
        ({"fact": "height", "at_least": 1}, "fact"),
        ({"fact": "age", "at_least": -3}, "at_least"),
        ({"fact": "age", "at_least": 151}, "at_least"),
        ({"minimum": [{"version": "Android 8", **GROUND}]}, "minimum[1].version"),
        ({"minimum": [{"version": "Oreo", **GROUND}]}, "minimum[1].version"),
    ],
)
def test_a_test_of_nothing_or_of_two_things_is_a_fault(
    desk: Any, own: dict[str, Any], path: str
) -> None:
    assert f"requirements[1].{path}".rstrip(".") in desk.faults(requirements=row(desk, **own))


def test_one_id_names_one_requirement(desk: Any) -> None:
    twice = row(desk, fact="age", at_least=1) * 2
    assert desk.faults(requirements=twice) == ["requirements"]


FACTS = st.sampled_from(["email", "phone", "online", "recorded", "app_installed"])
LEAVES = st.builds(
    lambda fact, holds: Condition(fact=fact, holds=holds, **GROUND), FACTS, st.booleans()
)


def _joined(inner: Any) -> Any:
    some = st.lists(inner, min_size=1, max_size=3).map(tuple)
    ways = st.sampled_from(["all_of", "any_of", "none_of"])
    return st.builds(lambda way, items: Condition(**{way: items}, **GROUND), ways, some)


TREES = st.recursive(LEAVES, _joined, max_leaves=6)
NAMES = ["email", "phone", "online", "recorded", "app_installed"]
KNOWN = st.fixed_dictionaries({name: st.booleans() for name in NAMES})


def _plainly(item: Condition, facts: dict[str, bool]) -> bool:
    if item.fact is not None:
        return facts[item.fact] == item.holds
    if item.all_of:
        return all(_plainly(inner, facts) for inner in item.all_of)
    if item.any_of:
        return any(_plainly(inner, facts) for inner in item.any_of)
    return not any(_plainly(inner, facts) for inner in item.none_of)


@given(TREES, KNOWN)
def test_with_every_fact_known_the_tree_is_plain_logic(
    tree: Condition, facts: dict[str, bool]
) -> None:
    answer = tree.ask(Candidate(**facts))
    assert answer.holds is _plainly(tree, facts)
    assert not answer.facts


@given(TREES, KNOWN, st.sets(st.sampled_from(NAMES)))
def test_no_further_fact_turns_a_yes_or_a_no_around(
    tree: Condition, facts: dict[str, bool], hidden: set[str]
) -> None:
    known: Any = {name: None if name in hidden else value for name, value in facts.items()}
    early = tree.ask(Candidate(**known))
    if early.holds is not None:
        assert early.holds is _plainly(tree, facts)
    else:
        assert set(early.facts) <= hidden
        assert early.facts


def test_a_minimum_version_is_made_of_numbers() -> None:
    with pytest.raises(OfficeFileError):
        Minimum(version="latest", **GROUND)


def test_what_is_not_stated_yet_is_asked_with_the_clause_that_asks(desk: Any) -> None:
    row = {**desk.said(17, "C1"), "fact": "age", "at_least": 17}
    row.pop("value")
    item = {"id": "age", "text": "Umur 17", "text_en": "Age 17", **row}
    evidence = [{"prefix": "C", "kind": "office_page", "title": "Contoh", "read": "2026-11-22"}]
    (found,) = desk.office(requirements=[item], evidence=evidence).check(Candidate())
    assert (found.outcome, found.clause, found.clauses) == ("ask", "C1", ("C1",))

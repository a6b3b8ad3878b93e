"""A case of the demo meets somebody new and touches nobody else's business."""

from __future__ import annotations

from types import SimpleNamespace

import attrs
import pytest

from ikd.adapters.system import system_entropy
from ikd.cli.failures import CannotError
from ikd.cli.journey import acts
from ikd.cli.journey import case as cases
from ikd.cli.journey.people import PlayedPhone, newcomers
from ikd.core.activation import commands as do
from ikd.core.activation.application import ApplicationStatus
from ikd.core.errors import RefusedError
from ikd.core.ports import Done
from ikd.core.records.actor import Actor
from ikd.core.standard.media import FIELD_OF


def register(stage: cases.Stage, number: int) -> str:
    """Somebody else registers the invented resident of that number."""
    people = list(newcomers(stage.service, stage.office, limit=number + 1))
    place, resident = people[number]
    walk = cases._walk(stage, PlayedPhone(resident, place, system_entropy))
    return walk.register().id


def test_whoever_is_known_already_is_passed_over_and_their_draft_withdrawn(stage) -> None:
    first = register(stage, 1)  # one resident met: the demo would begin with number 1
    opened = cases.open_case(stage)
    found = stage.service.find("application", actor=Actor.system())
    statuses = {one.id: one.status for one in found}
    assert statuses.pop(first) == "OPEN"
    assert statuses.pop(opened.id) == "OPEN"
    assert list(statuses.values()) == [ApplicationStatus.WITHDRAWN.value]


def test_when_everybody_is_known_it_says_so(stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cases, "_TRIED", 1)
    register(stage, 1)
    with pytest.raises(CannotError, match="semua orang rekaan"):
        cases.open_case(stage)


def test_questions_and_mail_of_others_stay_where_they_are(stage) -> None:
    other = register(stage, 0)
    mine = cases.open_case(stage)
    mine.settle(lambda found: "data_check" in found.done)
    assert "data_check" in mine.application.done
    (owed,) = stage.service.owed(Done.WAITING, actor=Actor.system())
    assert owed.record_id == other
    assert owed.failure == "registry.unavailable"


def test_two_cases_of_one_store_have_different_residents(stage) -> None:
    cases_ = [cases.open_case(stage) for _ in range(3)]
    assert len({one.phone.owner.nik for one in cases_}) == 3
    assert len({address for one in cases_ for address in one.phone.addresses}) == 6


def test_people_are_found_as_quickly_far_behind(stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ikd.cli.journey.people._met", lambda _service: 250_000)
    numbers = [number for number, _ in newcomers(stage.service, stage.office, limit=2)]
    assert numbers == [250_000, 250_001]


def test_residents_are_counted_over_pages(stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ikd.cli.journey.people._PAGE", 1)
    for _ in range(3):
        cases.open_case(stage)
    assert next(newcomers(stage.service, stage.office, limit=1))[0] == 3


def test_a_letter_that_does_not_come_is_told(stage) -> None:
    with pytest.raises(CannotError, match="tidak ada kabar"):
        cases.open_case(stage).wait_for_letter(0)


def given(stage, **changes) -> do.Register:
    """Return what a resident of the demo sends to an office that asks for something else."""
    office = attrs.evolve(stage.office, **changes)
    ((place, resident),) = newcomers(stage.service, office, limit=1)
    walk = cases._walk(stage, PlayedPhone(resident, place, system_entropy))
    walk.office = office
    sent = []
    walk.service = SimpleNamespace(handle=lambda command, **_: sent.append(command))
    walk.register()
    return sent[0]


def test_an_office_that_states_no_field_is_given_what_its_messages_need(stage) -> None:
    silent = attrs.evolve(stage.office.registration, fields=())
    sent = given(stage, registration=silent, requirements=None)
    kinds = (*stage.office.pin.media_kinds, *stage.office.rejection.media_kinds)
    needed = {FIELD_OF[kind] for kind in kinds if kind in FIELD_OF}
    assert (sent.email is not None, sent.phone is not None) == (
        "email" in needed,
        "phone" in needed,
    )


def test_a_requirement_alone_makes_the_resident_give_a_contact(stage) -> None:
    silent = attrs.evolve(stage.office.registration, fields=())
    sent = given(stage, registration=silent)  # W4 speaks of both
    assert sent.email is not None
    assert sent.phone is not None


def test_a_passcode_is_no_row_and_no_part_of_what_is_known(stage) -> None:
    opened = cases.open_case(stage)
    draws = iter([b"\0" * 8, int("123456").to_bytes(8, "big"), int("444555").to_bytes(8, "big")])
    more = iter([int("840275").to_bytes(8, "big")])
    opened.phone._entropy = lambda _size: next(draws, None) or next(more)
    assert opened.phone.passcode("444555") == "840275"


def test_a_face_that_is_another_ends_in_words(stage) -> None:
    opened = cases.open_case(stage)
    owner = opened.phone.owner
    stage.siak.add(attrs.evolve(owner, match={"face": 3}))
    data_check, biometric = stage.office.steps[1:3]
    list(acts.perform(opened, data_check))
    with pytest.raises(CannotError, match="langkah ini tidak selesai: biometric"):
        list(acts.perform(opened, biometric))


def come_to_the_pin(stage) -> tuple[cases.PlayedCase, str]:
    opened = cases.open_case(stage)
    for step in stage.office.steps:
        list(acts.perform(opened, step))
    return opened, acts.pin_of(opened.wait_for_letter(0).letter)


def test_a_pin_that_is_refused_activates_nothing(stage, tmp_path) -> None:
    opened, pin = come_to_the_pin(stage)
    with pytest.raises(CannotError, match="ditolak"):
        acts.enter_right(opened, f"{(int(pin) + 1) % 1_000_000:06d}")
    assert opened.application.status is ApplicationStatus.PIN_SENT


def test_the_captcha_is_a_real_one(stage, tmp_path) -> None:
    opened, pin = come_to_the_pin(stage)
    puzzle = stage.service.captcha(opened.id)
    assert puzzle.picture.startswith(b"\x89PNG")
    wrong = do.Captcha(token=puzzle.token, text=f"{stage.captcha.answer[1:]}A")
    command = do.EnterPin(
        application_id=opened.id,
        pin=pin,
        proof=opened.walk.proof(opened.id, "enter_pin", opened.application.transcript),
        captcha=wrong,
    )
    with pytest.raises(RefusedError, match="captcha"):
        opened.walk.ask(command, opened.walk.resident, "wrong")
    assert acts.enter_right(opened, pin)
    assert (tmp_path / "captcha.png").read_bytes().startswith(b"\x89PNG")

"""A further kind of record goes every way that ikd's own go, and patches nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ikd import Actor
from ikd.core.errors import InputError, RefusedError
from ikd.core.ports import Done
from ikd.core.resident.contact import Email
from ikd.core.resident.nik import Nik
from ikd.testing.mailbox import Mailbox
from model.appointments import APPOINTMENT, LIFE, Book, Booked, Lapsed

RESIDENT = Actor.resident("ayu")
EMAIL = "ayu@example.org"


@pytest.fixture
def service(world):
    world.resident(1)
    return world.open(kinds=[APPOINTMENT])


@pytest.fixture
def book():
    nik = Nik.parse("1376015708909901")
    return Book(office="payakumbuh", nik=nik, email=Email.parse(EMAIL))


def test_its_command_is_handled_and_what_follows_is_delivered(world, service, book):
    booked = service.handle(book, actor=RESIDENT, key="1")
    assert (booked.kind, booked.status) == ("appointment", "ASKED")
    assert booked.public == service._parts.answers["accepted"]
    assert service.get(booked.id, "appointment", actor=Actor.system()).status.value == "BOOKED"
    (mail,) = Mailbox(world.folder / "mails").messages(EMAIL)
    assert "Payakumbuh" in mail.as_string()
    assert {item.record_kind for item in service.owed(Done.SENT, actor=Actor.system())} == {
        "appointment"
    }


def test_a_repeat_is_answered_from_its_journal(service, book):
    first = service.handle(book, actor=RESIDENT, key="1")
    again = service.handle(book, actor=RESIDENT, key="1")
    assert again.events == first.events
    assert again.status == "BOOKED"
    assert len(service.find("appointment", actor=Actor.system())) == 1


def test_its_journal_replays_to_the_record(service, book):
    made = service.handle(book, actor=RESIDENT, key="1")
    history = service.history(made.id, "appointment", actor=Actor.system())
    replayed = service._parts.kinds.replay("appointment", (entry.event for entry in history))
    assert replayed == service.get(made.id, "appointment", actor=Actor.system())
    assert [type(entry.event) for entry in history][1:] == [Booked]


def test_time_passes_for_it_by_its_own_command(world, service, book):
    made = service.handle(book, actor=RESIDENT, key="1")
    world.clock.advance(LIFE)
    assert service.deliver_due().expired == 1
    assert isinstance(
        service.history(made.id, "appointment", actor=Actor.system())[-1].event, Lapsed
    )
    assert service.deliver_due().moved == 0
    assert service.refusals(actor=Actor.system()) == ()


def test_it_is_found_by_office_and_status(service, book):
    made = service.handle(book, actor=RESIDENT, key="1")
    found = service.find("appointment", office="payakumbuh", status="BOOKED", actor=Actor.system())
    assert [one.id for one in found] == [made.id]
    assert service.find("appointment", office="wakatobi", actor=Actor.system()) == ()


def test_what_was_typed_is_sealed_under_its_own_key(service, book, contents):
    made = service.handle(book, actor=RESIDENT, key="1")
    assert service.get(made.id, "appointment", actor=Actor.system()).sealed.email is not None
    assert EMAIL not in repr(contents(service))
    assert "1376015708909901" not in repr(contents(service))


def test_who_may_not_ask_is_refused(service, book):
    with pytest.raises(RefusedError) as refused:
        service.handle(book, actor=Actor.ministry(), key="1")
    assert refused.value.code == "actor.not_permitted"
    assert [refusal.code for refusal in service.refusals(actor=Actor.system())] == [
        "actor.not_permitted"
    ]
    assert service.find("appointment", actor=Actor.system()) == ()


def test_a_service_without_it_knows_neither_its_command_nor_its_word(world, book):
    service = world.open()
    with pytest.raises(InputError, match=r"command\.unknown"):
        service.handle(book, actor=RESIDENT, key="1")
    with pytest.raises(InputError, match=r"record\.kind"):
        service.find("appointment", actor=Actor.system())


def test_a_record_of_a_kind_that_is_no_longer_there_is_swept_by_nobody(world, book):
    """No other kind's command is asked of it, and no refusal is added each round."""
    service = world.open(kinds=[APPOINTMENT])
    service.handle(book, actor=RESIDENT, key="1")
    older = world.open(store=service._parts.store, keys=service._parts.keys)
    world.clock.advance(LIFE + timedelta(days=1))
    for _ in range(3):
        older.deliver_due()
    assert older.refusals(actor=Actor.system()) == ()


def test_two_kinds_of_one_word_are_refused(world):
    with pytest.raises(InputError, match=r"kinds\.twice"):
        world.open(kinds=[APPOINTMENT, APPOINTMENT])

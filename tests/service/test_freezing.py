"""A record that isn't what was written is frozen, is seen, and comes back by two officers."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

import ikd
from ikd import commands as do
from ikd import events
from ikd.cli import main
from ikd.core.errors import IkdError
from ikd.core.house.house import HOUSE_ID

SYSTEM = ikd.Actor.system()
CHANGE = "UPDATE records SET office = 'wakatobi' WHERE kind = 'application' AND id = ?"
BACK = "UPDATE records SET office = 'payakumbuh' WHERE kind = 'application' AND id = ?"


def code_of(act):
    with pytest.raises(IkdError) as met:
        act()
    return met.value.code


def house(service):
    return service.get(HOUSE_ID, "house", actor=SYSTEM)


@pytest.fixture
def damaged(world, database):
    """A walk whose case was changed past the service, and met."""
    walk = world.walk(world.open())
    number = walk.register().id
    journal = walk.service._parts.store.entries("application", number)
    then = (len(journal), journal[-1].hash)
    database(walk.service, CHANGE, number)
    assert code_of(lambda: walk.service.get(number, actor=SYSTEM)) == "store.damaged"
    return walk, number, then


def test_it_is_noted_and_stays_frozen_though_the_right_row_is_put_back(damaged, database):
    walk, number, _ = damaged
    database(walk.service, BACK, number)
    assert code_of(lambda: walk.service.get(number, actor=SYSTEM)) == "store.frozen"
    withdraw = do.Withdraw(application_id=number)
    assert code_of(lambda: walk.ask(withdraw, walk.operator, "w")) == "store.frozen"
    assert walk.service.find(actor=SYSTEM) == ()
    assert [one.id for one in house(walk.service).frozen] == [number]
    history = walk.service.history(HOUSE_ID, "house", actor=SYSTEM)
    assert [type(entry.event) for entry in history][-1] is events.RecordFrozen


def test_it_is_frozen_once_however_often_it_is_met(damaged, world):
    walk, number, _ = damaged
    other = world.open()
    for _ in range(3):
        with suppress(IkdError):
            other.get(number, actor=SYSTEM)
    assert house(walk.service).version == 2


def test_it_stands_in_the_worklist_and_holds_up_no_other_entry(damaged, world):
    walk, number, _ = damaged
    other = world.walk(walk.service, number=2).register().id
    listed = {one.id: one for one in walk.service.worklist(actor=SYSTEM, limit=100)}
    assert listed[number].why == {"frozen"}
    assert listed[number].status == "FROZEN"
    assert "kantor" in listed[number].words.id
    role = walk.service.where(other, actor=SYSTEM).waits.role
    waits = walk.service.worklist(actor=SYSTEM, role=role, limit=100)
    assert other in {one.id for one in waits}


def test_time_passes_for_the_others(damaged, world):
    walk, _, _ = damaged
    other = world.walk(walk.service, number=2).register().id
    world.clock.set(walk.service.get(other, actor=SYSTEM).due)
    while walk.service.deliver_due().moved:
        pass
    assert walk.service.get(other, actor=SYSTEM).status.value == "EXPIRED"


def anew(number, then, **changes):
    version, head = then
    asked = {"office": "payakumbuh", "kind": "application", "record_id": number}
    return do.MakeAnew(**{**asked, "version": version, "head": head, "reason": "disk", **changes})


def officer(name, office="payakumbuh"):
    return ikd.Actor.operator(name, office=office)


def test_two_officers_make_it_anew_from_its_journal(damaged):
    walk, number, then = damaged
    command = anew(number, then)
    first = walk.service.handle(command, actor=officer("one"), key="1")
    assert [type(one) for one in first.events] == [events.MakingAnewAsked]
    assert code_of(lambda: walk.service.get(number, actor=SYSTEM)) == "store.frozen"
    second = walk.service.handle(command, actor=officer("two"), key="2")
    assert [type(one) for one in second.events] == [events.RecordMadeAnew]
    assert walk.service.get(number, actor=SYSTEM).office == "payakumbuh"
    assert house(walk.service).frozen == ()
    rejected = do.Reject(application_id=number, reason="documents")
    walk.ask(rejected, walk.officer(walk.office.decision.by), "goes on")


def test_one_officer_alone_does_not(damaged):
    walk, number, then = damaged
    walk.service.handle(anew(number, then), actor=officer("one"), key="1")
    again = lambda: walk.service.handle(anew(number, then), actor=officer("one"), key="2")  # noqa: E731
    assert code_of(again) == "record.second_person"


@pytest.mark.parametrize(
    ("changes", "who", "code"),
    [
        ({"record_id": "f" * 32}, officer("one"), "record.not_frozen"),
        ({"head": b"x" * 32}, officer("one"), "record.journal_differs"),
        ({"version": 99}, officer("one"), "record.journal_differs"),
        ({"office": "wakatobi"}, officer("one"), "actor.other_office"),
        ({}, ikd.Actor.resident("r"), "actor.not_permitted"),
        ({}, SYSTEM, "actor.not_permitted"),
    ],
)
def test_it_takes_the_right_record_journal_and_officer(damaged, changes, who, code):
    walk, number, then = damaged
    command = anew(number, then, **changes)
    assert code_of(lambda: walk.service.handle(command, actor=who, key="1")) == code


def test_a_journal_that_was_cut_makes_nothing_anew(damaged, database):
    walk, number, then = damaged
    database(walk.service, "DELETE FROM journal WHERE id = ? AND seq = ?", number, then[0])
    command = anew(number, then)
    refused = lambda: walk.service.handle(command, actor=officer("one"), key="1")  # noqa: E731
    assert code_of(refused) == "record.journal_differs"


def test_a_record_whose_row_is_gone_comes_back_too(damaged, database):
    walk, number, then = damaged
    database(walk.service, "DELETE FROM records WHERE id = ?", number)
    for name in ("one", "two"):
        walk.service.handle(anew(number, then), actor=officer(name), key=name)
    assert walk.service.get(number, actor=SYSTEM).id == number


def test_the_commands_do_it_with_a_checkpoint(on_disk, database, capsys):
    walk = on_disk.walk(on_disk.open())
    number = walk.register().id
    kept = Path(on_disk.folder / "kept.ikd")
    kept.write_bytes(walk.service.checkpoint())
    database(walk.service, CHANGE, number)
    with suppress(IkdError):
        walk.service.get(number, actor=SYSTEM)
    walk.service.close()
    asked = ["store", "mend", on_disk.store, "--record", f"application/{number}", "--lang", "en"]
    asked += ["--checkpoint", str(kept), "--office", "payakumbuh", "--reason", "a disk"]
    assert main(["audit", "verify", "--store", on_disk.store, "--checkpoint", str(kept)]) == 1
    assert main([*asked, "--officer", "op-1"]) == 0
    assert main([*asked, "--officer", "op-1"]) == 1
    assert main([*asked, "--officer", "op-2"]) == 0
    said = capsys.readouterr()
    assert "used again" in said.out
    assert "record.second_person" in said.err
    assert main(["audit", "verify", "--store", on_disk.store, "--checkpoint", str(kept)]) == 0


def close(number, **changes):
    asked = {"office": "payakumbuh", "kind": "application", "record_id": number}
    return do.CloseDamaged(**{**asked, "reason": "told at the counter", **changes})


def test_two_officers_close_what_cannot_be_made_anew_and_the_resident_begins_anew(world, database):
    walk = world.walk(world.open())
    number = walk.to_pin()
    database(walk.service, "DELETE FROM journal WHERE kind = 'application' AND seq > 1")
    assert code_of(lambda: walk.service.get(number, actor=SYSTEM)) == "store.damaged"
    ministry = [ikd.Actor.ministry(name) for name in ("one", "two")]
    first = walk.service.handle(close(number), actor=ministry[0], key="1")
    assert [type(one) for one in first.events] == [events.ClosingAsked]
    alone = lambda: walk.service.handle(close(number), actor=ministry[0], key="2")  # noqa: E731
    assert code_of(alone) == "record.second_person"
    second = walk.service.handle(close(number), actor=ministry[1], key="3")
    assert [type(one) for one in second.events] == [events.RecordClosed]
    assert code_of(lambda: walk.service.get(number, actor=SYSTEM)) == "record.unknown"
    assert number not in {one.id for one in walk.service.worklist(actor=SYSTEM, limit=100)}
    again = lambda: walk.service.handle(close(number), actor=ministry[0], key="4")  # noqa: E731
    assert code_of(again) == "record.not_frozen"
    world.clock.advance(timedelta(hours=1))
    identity = world.walk(walk.service, phone=2).to_activation()
    assert walk.service.get(identity, "identity", actor=SYSTEM).status.value == "ACTIVE"


def test_an_officer_who_asked_for_one_way_has_not_asked_for_the_other(damaged):
    walk, number, then = damaged
    walk.service.handle(anew(number, then), actor=officer("one"), key="1")
    other = walk.service.handle(close(number), actor=officer("two"), key="2")
    assert [type(one) for one in other.events] == [events.ClosingAsked]


def test_a_pin_whose_verifier_was_deleted_is_damage_and_no_busy_store(world, database):
    walk = world.walk(world.open(), "wakatobi")
    number = walk.to_pin()
    database(walk.service, "DELETE FROM secrets WHERE kind = 'pin'")
    assert code_of(lambda: walk.enter_pin(number)) == "store.damaged"

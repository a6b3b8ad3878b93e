"""Whatever opens a sealed field for somebody stands in the books before they see it."""

from __future__ import annotations

import tomllib
from datetime import timedelta

import pytest

import ikd
from ikd import commands as do
from ikd.core.errors import InputError, RefusedError, StoreError
from ikd.plugins.offices import load_office
from ikd.testing import FaultyStore

SYSTEM = ikd.Actor.system()


def test_a_credential_is_written_down_before_it_is_shown(world, office):
    walk = world.walk(world.open(), office)
    identity_id = walk.to_passcode()
    for actor in (walk.resident, walk.operator):
        world.clock.advance(timedelta(seconds=1))
        walk.service.credential(identity_id, actor=actor)
    by_operator, by_resident = walk.service.looks(actor=SYSTEM)
    assert (by_operator.actor, by_operator.office) == ("operator-1", office)
    assert (by_operator.kind, by_operator.record) == ("identity", identity_id)
    assert (by_operator.purpose, by_operator.time) == ("credential", world.clock.now())
    assert by_operator.fields == "name sex nik_tail birth_year"
    assert by_resident.office is None
    assert walk.walker.name not in by_resident.actor  # a pseudonym


def test_a_credential_that_cannot_be_written_down_is_not_shown(on_disk):
    walk = on_disk.walk(on_disk.open())
    identity_id = walk.to_passcode()
    store = walk.service._parts.store
    counting = FaultyStore(store, fail_at=0)
    object.__setattr__(walk.service._parts, "store", counting)
    walk.service.credential(identity_id, actor=walk.resident)
    for call in range(1, counting.calls + 1):
        object.__setattr__(walk.service._parts, "store", FaultyStore(store, fail_at=call))
        with pytest.raises(StoreError):
            walk.service.credential(identity_id, actor=walk.resident)
    assert len(store.looks()) == 1


def test_nothing_is_written_down_of_what_was_not_shown(in_memory):
    walk = in_memory.walk(in_memory.open())
    identity_id = walk.to_passcode()
    with pytest.raises(RefusedError):
        walk.service.credential(identity_id, "photo", actor=walk.resident)  # none was told
    assert walk.service.looks(actor=SYSTEM) == ()


def by_hand():
    """Payakumbuh, where an officer hands over every PIN."""
    text = tomllib.loads(load_office("payakumbuh").text)
    text["pin"]["media"] = [{"kind": "officer", "source": "default", "why": "contoh"}]
    return load_office(text)


def test_the_pin_on_a_slip_is_written_down_in_the_commit_that_hands_it_over(in_memory):
    service = in_memory.open(offices=[by_hand()], channels=[])
    walk = in_memory.walk(service)
    walk.office = by_hand()
    application_id = walk.to_pin()
    handing = do.HandOverPin(application_id=application_id)
    slip = walk.ask(handing, walk.operator, "slip").slip
    assert slip is not None
    (look,) = service.looks(actor=SYSTEM)
    assert (look.actor, look.purpose, look.fields) == ("operator-1", "slip", "pin")
    assert (look.kind, look.record) == ("application", application_id)
    assert walk.ask(handing, walk.operator, "slip").slip is None  # a repeat shows nothing
    assert len(service.looks(actor=SYSTEM)) == 1


def test_looks_are_found_by_who_of_whom_and_when(in_memory):
    walk = in_memory.walk(in_memory.open())
    identity_id = walk.to_passcode()
    at = in_memory.clock.now()
    walk.service.credential(identity_id, actor=walk.operator)
    in_memory.clock.advance(timedelta(hours=1))
    walk.service.credential(identity_id, actor=walk.resident)

    def found(**asked):
        return [one.office for one in walk.service.looks(actor=ikd.Actor.ministry(), **asked)]

    assert found() == [None, "payakumbuh"]
    assert found(by="operator-1") == ["payakumbuh"]
    assert found(of=identity_id, kind="identity", limit=1) == [None]
    assert found(of=identity_id) == []  # no application has that id
    assert found(since=at + timedelta(seconds=1)) == [None]
    assert found(until=at + timedelta(seconds=1)) == ["payakumbuh"]
    with pytest.raises(InputError, match=r"looks\.between"):
        found(since=at, until=at)


@pytest.mark.parametrize("actor", ["resident", "operator"])
def test_looks_are_for_whoever_answers_for_the_house(in_memory, actor):
    walk = in_memory.walk(in_memory.open())
    with pytest.raises(RefusedError, match=r"actor\.not_permitted"):
        walk.service.looks(actor=getattr(walk, actor))


def test_looks_are_kept_for_as_long_as_the_settings_say(in_memory):
    service = in_memory.open(settings={"keep_looks_days": 10})
    walk = in_memory.walk(service)
    identity_id = walk.to_passcode()
    service.credential(identity_id, actor=walk.resident)
    in_memory.clock.advance(timedelta(days=9))
    service.deliver_due()
    assert len(service.looks(actor=SYSTEM)) == 1
    in_memory.clock.advance(timedelta(days=1, hours=2))
    service.deliver_due()
    assert service.looks(actor=SYSTEM) == ()

"""A wrong clock expires nothing and locks nobody out, and an operator can say that it is right."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from ikd import Actor, events
from ikd import commands as do
from ikd.adapters import system
from ikd.bootstrap.clock_acceptance import accept_clock
from ikd.core.errors import IkdError
from ikd.core.house.house import HOUSE_ID

DAY = timedelta(days=1)
TEN_YEARS = timedelta(days=3652)
SYSTEM = Actor.system()


@pytest.fixture
def machine(on_disk, monkeypatch):
    """A world whose services go by the machine's own clock, which the test sets."""
    monkeypatch.setattr(system, "_system_wall", on_disk.clock.now)
    monkeypatch.setattr(system, "_system_boot", lambda: timedelta(days=1))
    on_disk.options["clock"] = None
    return on_disk


def drafted(world: Any, number: int = 1) -> str:
    """Open a service, register a resident and close it again; return the application."""
    with world.open() as service:
        application: str = world.walk(service, number=number).register().id
    return application


def start(world: Any) -> str:
    """Start a service; return why it doesn't."""
    try:
        world.open().close()
    except IkdError as error:
        return error.code
    return ""


def accepted(world: Any, **more: Any) -> datetime:
    return accept_clock(
        world.store, office="payakumbuh", officer="op-7", reason="jam sudah disetel", **more
    )


def set_clock(world: Any, at: datetime) -> None:
    world.clock.set(at)


def test_a_start_ten_years_ahead_expires_nothing_and_says_what_to_do(machine):
    number, right = drafted(machine), machine.clock.now()
    set_clock(machine, right + TEN_YEARS)
    assert start(machine) == "clock.far"
    set_clock(machine, right)
    with machine.open() as service:
        assert service.get(number, actor=SYSTEM).status.value == "OPEN"


def test_a_clock_that_is_right_after_a_long_rest_is_accepted_while_no_service_starts(machine):
    drafted(machine)
    set_clock(machine, machine.clock.now() + 60 * DAY)
    assert start(machine) == "clock.far"
    assert accepted(machine) == machine.clock.now()
    with machine.open() as service:
        house = service.get(HOUSE_ID, "house", actor=SYSTEM)
        assert (house.accepted, house.ahead) == (machine.clock.now(), ())
        entry = service.history(HOUSE_ID, "house", actor=SYSTEM)[-1]
        assert isinstance(entry.event, events.ClockAccepted)
        assert (entry.event.officer, entry.event.reason) == ("op-7", "jam sudah disetel")
        assert (entry.by.role.value, entry.by.id) == ("operator", "op-7")


def spoilt(world: Any) -> datetime:
    """Write with the clock ten years ahead, in spite of all, and set it right; return now."""
    right = world.clock.now()
    drafted(world, 1)
    set_clock(world, right + TEN_YEARS)
    accepted(world)
    drafted(world, 2)
    set_clock(world, right + DAY)
    return right + DAY


def test_a_store_whose_newest_entry_lies_ahead_opens_again_once_the_clock_is_accepted(machine):
    spoilt(machine)
    assert start(machine) == "clock.behind"
    accepted(machine)
    assert start(machine) == ""
    machine.clock.advance(30 * DAY)
    drafted(machine, 3)
    machine.clock.advance(30 * DAY)
    assert start(machine) == ""


def test_what_is_written_after_the_acceptance_counts_as_newest_again(machine):
    now = spoilt(machine)
    accepted(machine)
    machine.clock.advance(10 * DAY)
    drafted(machine, 3)
    set_clock(machine, now + DAY)
    assert start(machine) == "clock.behind"


def test_a_case_from_the_wrong_time_goes_on_in_the_right_one(machine):
    now = spoilt(machine)
    accepted(machine)
    with machine.open() as service:
        walk = machine.walk(service, number=2)
        identity = walk.to_activation()
        opened = service.get(identity, "identity", actor=SYSTEM)
        assert opened.changed_at == now


def test_only_an_operator_accepts_the_clock(in_memory):
    service = in_memory.open()
    asked = do.AcceptClock(office="payakumbuh", reason="benar")
    for actor in (Actor.ministry(), Actor.resident(), Actor.operator("op", office="wakatobi")):
        with pytest.raises(IkdError) as caught:
            service.handle(asked, actor=actor, key="clock")
        assert caught.value.code in ("actor.not_permitted", "actor.other_office")
    operator = Actor.operator("op", office="payakumbuh")
    first = service.handle(asked, actor=operator, key="clock").events
    assert [type(one) for one in first] == [events.HouseOpened, events.ClockAccepted]
    (second,) = service.handle(asked, actor=operator, key="clock-2").events
    assert isinstance(second, events.ClockAccepted)


# --- a day without any change ------------------------------------------------------------


def test_after_a_day_without_changes_nothing_is_swept_for_ten_minutes(on_disk):
    number = drafted(on_disk)
    on_disk.clock.advance(8 * DAY)
    service = on_disk.open()
    assert service.deliver_due().expired == 0
    on_disk.clock.advance(timedelta(minutes=10))
    assert service.deliver_due().expired == 1
    assert service.get(number, actor=SYSTEM).status.value == "EXPIRED"


def test_a_start_within_a_day_sweeps_at_once(on_disk):
    service = on_disk.open()
    number = on_disk.walk(service).register().id
    on_disk.clock.advance(6 * DAY + timedelta(hours=12))
    on_disk.walk(service, number=2).register()
    on_disk.clock.advance(timedelta(hours=12))
    service.close()
    again = on_disk.open()
    assert again.deliver_due().expired == 1
    assert again.get(number, actor=SYSTEM).status.value == "EXPIRED"


def test_phones_learn_the_servers_time(in_memory):
    assert in_memory.open().now() == in_memory.clock.now()


def round_of(world: Any, number: str) -> str:
    """Let a process of its own deliver once, as a timer does; return how the case stands then."""
    with world.open(deliver="worker") as service:
        service.deliver_due()
        return str(service.get(number, actor=SYSTEM).status.value)


def test_rounds_that_a_timer_starts_wait_the_ten_minutes_together(machine):
    number = drafted(machine)
    machine.clock.advance(10 * DAY)
    assert [round_of(machine, number) for _ in range(3)] == ["OPEN"] * 3
    machine.clock.advance(timedelta(minutes=9))
    assert round_of(machine, number) == "OPEN"
    machine.clock.advance(timedelta(minutes=2))
    assert round_of(machine, number) == "EXPIRED"


def test_a_wait_that_a_wrong_clock_noted_holds_nobody_up(machine):
    number = drafted(machine)
    right = machine.clock.now()
    machine.clock.advance(40 * DAY)
    assert round_of(machine, number) == "OPEN"  # the wait is noted, forty days ahead
    set_clock(machine, right + 11 * DAY)
    accepted(machine)  # an operator says that this one is right
    assert round_of(machine, number) == "EXPIRED"

"""A new decree holds for who registers from its day on; whoever began before keeps the old one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

import ikd
from ikd.core.errors import RefusedError
from model.offices import said, text_of

OLD, NEW = text_of("payakumbuh"), text_of("payakumbuh")
OLD["format"] = NEW["format"] = 2
NEW["decree"]["effective_from"] = {"value": "2026-12-01", "source": "P8", "quote": "2024"}
NEW["pin"]["life"] = said("20 min")


def test_each_is_served_from_its_day_and_a_case_keeps_its_own(world: Any) -> None:
    service = world.open(offices=[NEW, OLD])
    first = world.walk(service, office=OLD).to_pin()
    world.clock.advance(timedelta(days=8))
    second = world.walk(service, office=NEW, number=2).to_pin()
    found = [service.get(one, actor=ikd.Actor.system()) for one in (first, second)]
    assert [one.standard for one in found] == [ikd.load_office(one).digest for one in (OLD, NEW)]
    assert found[1].pin.until - found[1].pin_at == timedelta(minutes=20)


def test_before_its_day_nobody_registers_under_it(world: Any) -> None:
    service = world.open(offices=[NEW])
    with pytest.raises(RefusedError) as caught:
        world.walk(service, office=NEW).to_pin()
    assert (caught.value.code, caught.value.clause) == ("registration.not_begun", "P8")

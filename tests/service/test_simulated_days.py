"""Two simulated days of two offices while everything around them fails a fifth of the time."""

from __future__ import annotations

import os
import random
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

from ikd import commands as do
from ikd.adapters.registry.resident import SimulatedResident
from ikd.core.ports import Done
from ikd.plugins.offices import load_office
from ikd.testing.clock import FixedClock
from ikd.testing.device import SoftDevice
from ikd.testing.entropy import seeded_entropy
from model.town import SAMPLES, Person, Town
from model.weather import SPELL, FailingClock, FailingRegistry, Post, Weather

PEOPLE = 10_000 if os.environ.get("IKD_PROFILE") == "nightly" else 1_000
TURN, DAYS = timedelta(minutes=10), timedelta(days=2)


def everybody(world: Any) -> list[Person]:
    """Return residents of both offices, whom the registry knows."""
    offices, people = [load_office("payakumbuh"), load_office("wakatobi")], []
    for number in range(PEOPLE):
        month, day, serial = number // 2000 + 1, number // 100 % 20 + 1, 9900 + number % 100
        resident = SimulatedResident(
            nik=f"137601{40 + day}{month:02d}90{serial}",
            name="Ayu Lestari",
            birth_date=date(1990, month, day),
            recorded=SAMPLES,
        )
        world.registry.add(resident)
        people.append(
            Person(
                name=f"resident-{number}",
                office=offices[number % 2],
                nik=resident.nik.digits,
                email=f"resident{number}@example.org",
                phone=SoftDevice(seeded_entropy(f"phone/{number}")),
            )
        )
    return people


@pytest.mark.slow
def test_a_thousand_residents_come_through_two_days_of_failures(in_memory: Any):
    clock, chance = FixedClock(in_memory.clock.now()), random.Random(9)
    weather, used = Weather(chance, 0.2), iter(range(10**9))
    post = Post(weather, clock.now)
    people = everybody(in_memory)
    service = in_memory.open(
        registry=FailingRegistry(in_memory.registry, weather),
        channels=[post],
        clock=FailingClock(clock.now, weather),
    )
    town = Town(
        service=service,
        now=clock.now,
        read_pin=post.pin,
        solve=lambda record: do.Captcha(token=f"{record}/{next(used)}".encode(), text="ok"),
    )
    waiting, busy = list(people), []
    end = clock.now() + DAYS
    arrive = len(people) * TURN // (DAYS / 2)
    while clock.now() < end:
        if (clock.now() - in_memory.clock.now()) % SPELL == timedelta():
            weather.change()
        busy, waiting = busy + waiting[: arrive + 1], waiting[arrive + 1 :]
        for person in busy:
            town.goes_on(person)
        try:
            while service.deliver_due().moved:
                pass
        except Exception as e:
            town.refused[f"deliver {e!r}"[:60]] += 1
        busy = [person for person in busy if not town.settled(person)]
        clock.advance(TURN)
    print(weather.spells)
    print(town.refused)
    print(len(busy), "busy", len(waiting), "waiting")
    print(Counter(service.get(p.case).status.name if p.case else "none" for p in people))
    print("doubled", post.doubled())
    print(Counter(str(i.failure) for i in service.owed(Done.PARKED, limit=1000)))
    assert 0

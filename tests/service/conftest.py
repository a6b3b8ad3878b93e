"""Services over memory and SQLite, and residents to walk through them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest

import ikd
from ikd import commands as do
from ikd.adapters.keys.files import new_keys
from ikd.adapters.notification.file import FileChannel
from ikd.adapters.registry.resident import SimulatedResident
from ikd.adapters.registry.simulator import Simulator
from ikd.core.ports import Solved
from ikd.plugins.offices import load_office
from ikd.testing.clock import FixedClock
from ikd.testing.device import SoftDevice
from ikd.testing.entropy import seeded_entropy
from ikd.testing.kdf import quick_kdf
from ikd.testing.mailbox import Mailbox
from ikd.testing.walk import Walk, Walker

T0 = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)  # Monday 10:00 WIB
SAMPLES = {"face": b"face of one", "iris": b"iris of one", "fingerprint": b"finger of one"}


class TypedCaptcha:
    """A puzzle whose answer is the word "ok"; each token counts once, as a real one's does."""

    def puzzle(self, *_: object, **__: object) -> Any:
        raise NotImplementedError

    def check(self, subject: str, token: bytes, text: str, *, now: datetime) -> Solved:
        return Solved(puzzle_id=token, expires_at=now + timedelta(minutes=5), ok=text == "ok")


@attrs.define
class World:
    """A service with everything around it, in one folder."""

    folder: Path
    store: str
    clock: FixedClock = attrs.field(factory=lambda: FixedClock(T0))
    seed: int = 1
    options: dict[str, Any] = attrs.field(factory=dict)
    registry: Simulator = attrs.field(factory=Simulator)
    services: list[Any] = attrs.field(factory=list)

    def close(self) -> None:
        for service in self.services:
            service.close()

    def open(self, **options: Any) -> ikd.Service:
        chosen = {
            "offices": ["payakumbuh", "wakatobi"],
            "store": self.store,
            "registry": self.registry,
            "channels": [FileChannel(self.folder / "mails")],
            "captcha": TypedCaptcha(),
            "deliver": "inline",
            "clock": self.clock,
            "entropy": seeded_entropy(f"{self.seed}/{len(self.services)}"),
            "kdf": quick_kdf,
            **self.options,
            **options,
        }
        service = ikd.open_service(**chosen)
        self.services.append(service)
        return service

    def resident(self, number: int = 1, **changes: Any) -> SimulatedResident:
        """Return a resident the registry knows; numbers 1 to 99."""
        resident = SimulatedResident(
            nik=f"13760157089099{number:02d}",
            name="Ayu Lestari",
            birth_date=date(1990, 8, 17),
            recorded=SAMPLES,
            **changes,
        )
        self.registry.add(resident)
        return resident

    def walk(
        self, service: ikd.Service, office: str = "payakumbuh", number: int = 1, phone: int = 1
    ) -> Walk:
        """Return a walk of resident *number* with phone number *phone* of theirs."""
        resident = self.resident(number)
        address = f"resident{number}.{phone}@example.org"
        mails = Mailbox(self.folder / "mails")
        used = iter(range(1, 10_000))
        return Walk(
            service=service,
            office=load_office(office),
            walker=Walker(
                name=f"resident-{number}-{phone}",
                nik=resident.nik.digits,
                email=address,
                device=SoftDevice(seeded_entropy(f"phone/{number}/{phone}")),
                samples=SAMPLES,
            ),
            read_pin=lambda: (mails.pins(address) or [None])[-1],
            solve=lambda record: do.Captcha(token=f"{record}/{next(used)}".encode(), text="ok"),
            now=self.clock.now,
        )


@pytest.fixture(params=["memory", "sqlite"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """A world over each store."""
    if request.param == "sqlite":
        yield request.getfixturevalue("on_disk")
        return
    made = World(folder=tmp_path, store="memory://")
    yield made
    made.close()


@pytest.fixture
def on_disk(tmp_path: Path) -> Iterator[World]:
    """A world over SQLite, with a key for each station."""
    places = [("payakumbuh", "loket-1"), ("wakatobi", "loket-1")]
    new_keys(tmp_path / "ikd.db.keys", now=T0, entropy=seeded_entropy("keys"), stations=places)
    made = World(folder=tmp_path, store=f"sqlite:///{tmp_path}/ikd.db")
    yield made
    made.close()


@pytest.fixture(params=["payakumbuh", "wakatobi"])
def office(request: pytest.FixtureRequest) -> str:
    """Each shipped office."""
    return str(request.param)

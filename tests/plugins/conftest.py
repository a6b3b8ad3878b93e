"""Distributions that pip could have installed, and a service to plug them into."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import attrs
import pytest

import ikd
from ikd.adapters.notification.file import FileChannel
from ikd.adapters.registry.simulated_resident import SimulatedResident
from ikd.adapters.registry.simulator import Simulator
from ikd.testing.entropy import seeded_entropy
from ikd.testing.fixed_clock import FixedClock
from ikd.testing.kdf import quick_kdf
from ikd.testing.mailbox import Mailbox
from ikd.testing.soft_device import SoftDevice
from ikd.testing.walk import Walk, Walker

T0 = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
SAMPLES = {"face": b"face of one"}
RESIDENTS = [
    SimulatedResident(nik=nik, name="Ayu Lestari", birth_date=date(1990, 8, 17), recorded=SAMPLES)
    for nik in ("1376015708909901", "1376015708909902")
]
Install = Callable[..., Any]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Installs a distribution of one module: what importlib.metadata sees is what pip leaves."""
    modules = set()

    def installed(
        name: str,
        source: str = "",
        *,
        distribution: str | None = None,
        value: str | None = None,
        version: str = "1.0",
    ) -> None:
        distribution = distribution or name
        module = distribution.replace("-", "_")
        modules.add(module)
        site = tmp_path / "site" / distribution
        info = site / f"{module}-{version}.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n"
        )
        (info / "entry_points.txt").write_text(f"[ikd]\n{name} = {value or module}\n")
        head = "import threading, time\nfrom ikd.plugins import hookimpl\n"
        (site / f"{module}.py").write_text(head + textwrap.dedent(source))
        monkeypatch.syspath_prepend(site)

    yield installed
    for module in modules:
        sys.modules.pop(module, None)


@attrs.define
class World:
    """A service and two residents; Payakumbuh's PIN comes by mail."""

    folder: Path
    clock: FixedClock = attrs.field(factory=lambda: FixedClock(T0))
    services: list[ikd.Service] = attrs.field(factory=list)

    def open(self, *plugins: str, **options: Any) -> ikd.Service:
        """Open a service with *plugins*; *options* replace what it is opened with."""
        chosen = {
            "offices": ["payakumbuh"],
            "registry": Simulator(RESIDENTS),
            "channels": [FileChannel(self.folder / "mails")],
            "plugins": plugins,
            "settings": {"plugin_seconds": 10},
            "deliver": "inline",
            "clock": self.clock,
            "entropy": seeded_entropy(f"plugins/{len(self.services)}"),
            "kdf": quick_kdf,
            **options,
        }
        service = ikd.open_service(**chosen)
        self.services.append(service)
        return service

    def walk(self, service: ikd.Service, office: str = "payakumbuh", number: int = 0) -> Walk:
        """Return a resident's walk through an office."""
        email = f"warga{number}@example.org"
        return Walk(
            service=service,
            office=service._parts.office(office),
            walker=Walker(
                name=f"warga-{number}",
                nik=RESIDENTS[number].nik.digits,
                email=email,
                device=SoftDevice(seeded_entropy(f"phone/{number}")),
                samples=SAMPLES,
            ),
            read_pin=lambda: ([None, *Mailbox(self.folder / "mails").pins(email)])[-1],
            solve=lambda _record: pytest.fail("neither office publishes a captcha"),
            now=self.clock.now,
        )


@pytest.fixture
def resident() -> SimulatedResident:
    """Whom the registry knows."""
    return RESIDENTS[0]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A world that closes behind itself."""
    made = World(tmp_path)
    yield made
    for service in made.services:
        service.close()

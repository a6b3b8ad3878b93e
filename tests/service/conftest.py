"""Services over memory and SQLite, and residents to walk through them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest

import ikd
from ikd import commands as do
from ikd import events
from ikd.adapters.keys.keys_in_folder import new_keys
from ikd.adapters.notification.file import FileChannel
from ikd.adapters.registry.simulated_resident import SimulatedResident
from ikd.adapters.registry.simulator import Simulator
from ikd.core.decide import KINDS
from ikd.core.ports import Done, Solved
from ikd.plugins.offices import load_office
from ikd.testing.entropy import seeded_entropy
from ikd.testing.fixed_clock import FixedClock
from ikd.testing.kdf import quick_kdf
from ikd.testing.mailbox import Mailbox
from ikd.testing.soft_device import SoftDevice
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


STORES = {"memory": "in_memory", "sqlite": "on_disk", "postgres": "on_postgres"}


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def world(request: pytest.FixtureRequest) -> World:
    """A world over each store."""
    name = STORES[request.param]
    made: World = request.getfixturevalue(name)
    return made


def _on_disk(folder: Path) -> World:
    places = [("payakumbuh", "loket-1"), ("wakatobi", "loket-1")]
    new_keys(folder / "ikd.db.keys", now=T0, entropy=seeded_entropy("keys"), stations=places)
    return World(folder=folder, store=f"sqlite:///{folder}/ikd.db")


def _on_postgres(folder: Path, url: str) -> World:
    places = [("payakumbuh", "loket-1"), ("wakatobi", "loket-1")]
    new_keys(folder / "keys", now=T0, entropy=seeded_entropy("keys"), stations=places)
    return World(folder=folder, store=url, options={"keys": folder / "keys"})


@pytest.fixture
def make_world() -> Callable[[Path, str], World]:
    """Makes a world in a folder, over ``memory`` or ``sqlite``."""
    return lambda folder, store: (
        _on_disk(folder) if store == "sqlite" else World(folder=folder, store="memory://")
    )


@pytest.fixture
def in_memory(tmp_path: Path) -> Iterator[World]:
    """A world over the memory store."""
    made = World(folder=tmp_path, store="memory://")
    yield made
    made.close()


@pytest.fixture
def on_disk(tmp_path: Path) -> Iterator[World]:
    """A world over SQLite, with a key for each station."""
    made = _on_disk(tmp_path)
    yield made
    made.close()


@pytest.fixture
def on_postgres(tmp_path: Path, postgres_url: str) -> Iterator[World]:
    """A world over PostgreSQL, with a key for each station."""
    made = _on_postgres(tmp_path, postgres_url)
    yield made
    made.close()


@pytest.fixture(params=["payakumbuh", "wakatobi"])
def office(request: pytest.FixtureRequest) -> str:
    """Each shipped office."""
    return str(request.param)


# --- what must hold, whatever happens -----------------------------------------------------


_TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table'",
    "postgresql": "SELECT table_name FROM information_schema.tables"
    " WHERE table_schema = current_schema()",
}


def everything(service: ikd.Service) -> dict[str, list[Any]]:
    """Return all that a store holds but its refusals, to compare before and after."""
    tables = sql(service, _TABLES[service._parts.store.store._session.dialect.name])
    return {
        name: sorted(sql(service, f"SELECT * FROM {name}"), key=repr)
        for (name,) in tables
        if name != "refusals"
    }


_TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table'",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
}


def sql(service: ikd.Service, statement: str, *values: Any) -> list[Any]:
    """Do *statement* in the database behind a service, past everything that guards it."""
    with service._parts.store.store._session.writing() as execute:
        done = execute(statement, values)
        return list(done.fetchall()) if statement.startswith("SELECT") else []


def claims_of(service: ikd.Service) -> dict[tuple[str, bytes], str]:
    """Return every claim and used token in a store, with its owner."""
    held = sql(service, "SELECT space, key, owner FROM claims")
    return {(space, bytes(key)): owner for space, key, owner in held}


def check_laws(service: ikd.Service) -> None:
    """Check every law that holds between two calls, whatever happened before."""
    records = {kind: _records(service, kind) for kind in ("application", "identity", "resident")}
    _check_claims(service, records)
    _check_activations(records)
    owed = {
        item.subject
        for done in Done
        for item in service.owed(done, limit=10_000, actor=ikd.Actor.system())
    }
    for application in records["application"].values():
        _check_pins(service, application, owed)


def _records(service: ikd.Service, kind: str) -> dict[str, Any]:
    """Return every record of *kind*; each is its journal replayed, without a gap."""
    found = {}
    for row in service.find(kind, limit=1000, actor=ikd.Actor.system()):
        history = service.history(row.id, kind, actor=ikd.Actor.system())  # checks the chain
        record = service.get(row.id, kind, actor=ikd.Actor.system())
        assert KINDS.replay(kind, tuple(entry.event for entry in history)) == record
        assert [entry.seq for entry in history] == list(range(1, record.version + 1))
        times = [entry.at for entry in history]
        assert times == sorted(times)
        found[row.id] = record
    return found


def _check_activations(records: dict[str, dict[str, Any]]) -> None:
    owners = [one.resident_id for one in records["identity"].values() if one.status.value == ACTIVE]
    assert len(owners) == len(set(owners))
    for identity in records["identity"].values():
        application = records["application"][identity.application_id]
        assert application.status.value == "ACTIVATED"
        assert application.presence_at is not None
        assert application.device_key == identity.device_key
    activated = [a for a in records["application"].values() if a.status.value == "ACTIVATED"]
    assert {a.identity_id for a in activated} == set(records["identity"])


def _check_claims(service: ikd.Service, records: dict[str, dict[str, Any]]) -> None:
    """Each phone that is claimed belongs to a running case or an active identity, and back."""
    running = {
        (records["application"][one.running].thumbprint, one.id)
        for one in records["resident"].values()
        if one.running is not None
    }
    active = {
        (one.thumbprint, one.resident_id)
        for one in records["identity"].values()
        if one.status.value == ACTIVE
    }
    claims = claims_of(service)
    phones = {(key, owner) for (space, key), owner in claims.items() if space == "device"}
    assert phones == running | active
    residents = [owner for (space, _), owner in claims.items() if space == "nik"]
    assert sorted(residents) == sorted(records["resident"])
    places = {owner for (space, _), owner in claims.items() if space == "status"}
    assert places == set(records["identity"])


def _check_pins(service: ikd.Service, application: Any, owed: set[Any]) -> None:
    """At most four comparisons an application; each PIN that was issued was owed to somebody."""
    happened = [entry.event for entry in service.history(application.id, actor=ikd.Actor.system())]
    compared = [one for one in happened if isinstance(one, events.PinRefused)]
    issued = [one for one in happened if isinstance(one, events.PinIssued)]
    assert len(compared) == application.pin_tries <= 4
    assert len(issued) == application.pins
    store = service._parts.store
    kept = store.newest() - timedelta(days=service._parts.settings.keep_sent_days)
    assert {one.pin_id for one in issued if one.at > kept} <= owed
    dead = [one.pin_id for one in issued if not _counts(service, application, one.pin_id)]
    assert [pin_id for pin_id in dead if store.secret(pin_id) is not None] == []


def _counts(service: ikd.Service, application: Any, pin_id: str) -> bool:
    alive = [application.pin]
    if application.identity_id is not None:
        alive.append(service.get(application.identity_id, "identity", actor=ikd.Actor.system()).pin)
    return pin_id in [one.id for one in alive if one is not None]


ACTIVE = "ACTIVE"


@pytest.fixture
def laws():
    """Checks every law over a service's store."""
    return check_laws


@pytest.fixture
def contents():
    """Returns all that a service's store holds but its refusals."""
    return everything


@pytest.fixture
def database():
    """Does a statement in the database behind a service."""
    return sql

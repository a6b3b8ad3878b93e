"""Who owns the database: every column of every table changed, swapped, put back, deleted.

Each cell of the page about it is tried on both databases: what is refused when it is read, what
the audit finds while work goes on, and what it finds only against a checkpoint of a store that
stood still since. None may be used, and none may go unfound.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import ikd
from ikd import commands as do
from ikd.adapters.storage.tables import WHOLE
from ikd.core.decide import KINDS
from ikd.core.errors import IkdError
from ikd.core.ports import Done, Row
from ikd.service.row_binder import TABLES
from ikd.service.store_audit import Audit
from ikd.service.store_scan import checkpoint_of, sum_of
from tests import postgres
from tests.service.conftest import World, _on_disk, _on_postgres

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "who-owns-the-database.md"
SYSTEM = ikd.Actor.system()
TAMPERED = ("changed", "swapped", "older copy", "deleted")
GROUPS = {
    "records": "kind",
    "journal": "kind",
    "claims": "space",
    "secrets": "kind",
    "outbox": "done",
}


class Owned:
    """A store with something of everything in it, and the means to write past its service."""

    def __init__(self, world: World) -> None:
        self.world, self.service = world, world.open()
        self.bound = self.service._parts.store
        self.store = self.bound.store
        self._live()
        self.early = self.contents()
        self._live_on()
        if self.store._session.dialect.name == "sqlite":  # a thousand commits of a test
            with self.store._session._lent(self.store._session._writer) as connection:
                connection.execute("PRAGMA synchronous = OFF").fetchall()
        self.bound.damaged = lambda _: None  # each cell is put back: nothing is to be noted
        made, lines = checkpoint_of(self.store, world.clock.now())
        self.sums = made.tables
        self.listed = {(kind, named): (version, head) for kind, named, version, head in lines}

    def _live(self) -> None:
        walk = self.world.walk(self.service, "wakatobi")
        walk.to_passcode()
        self.pin = self.world.walk(self.service, "wakatobi", number=2)
        self.number = self.pin.to_pin()
        self.draft = self.world.walk(self.service, number=3)
        self.drafted = self.draft.register().id
        self.service._parts.store.store.rebind(
            Row, lambda _: None, step="a step", report=lambda *_: None
        )
        frozen = self.world.walk(self.service, number=5).register().id
        ((at,),) = self.execute("SELECT at FROM records WHERE id = ?", frozen)
        self.execute("UPDATE records SET at = 1 WHERE id = ?", frozen)
        with suppress(IkdError):
            self.service.get(frozen, actor=SYSTEM)
        self.execute("UPDATE records SET at = ? WHERE id = ?", at, frozen)
        with suppress(IkdError):
            self.service.get("0" * 32, actor=SYSTEM)
        with suppress(IkdError):
            self.service.get("1" * 32, actor=SYSTEM)
        waits = self.world.walk(self.world.open(deliver="worker"), number=4)
        command = do.Reject(application_id=waits.register().id, reason="documents")
        waits.ask(command, waits.officer(waits.office.decision.by), "reject")

    def _live_on(self) -> None:
        self.world.clock.advance(timedelta(minutes=2))
        self.service.deliver_due()
        self.pin.ask(
            do.EnterPin(
                application_id=self.number,
                pin="000000" if self.pin.read_pin() != "000000" else "000001",
                captcha=self.pin.solve(self.number),
                proof=self.pin.proof(
                    self.number,
                    "enter_pin",
                    self.service.get(self.number, actor=SYSTEM).transcript,
                ),
            ),
            self.pin.resident,
            "wrong",
        )
        while self.service.get(self.drafted, actor=SYSTEM).presence_at is None:
            self.draft.next(self.drafted)
        officer = self.draft.operator
        for purpose in ("visit", "visit"):
            with suppress(IkdError):
                self.service.person(self.drafted, actor=officer, purpose=purpose)
        self.world.walk(self.service, "wakatobi", phone=2).to_activation()

    def execute(self, statement: str, *values: Any) -> list[Any]:
        with self.store._session.writing() as execute:
            cursor = execute(statement, values)
            return list(cursor.fetchall()) if statement.startswith("SELECT") else []

    def contents(self) -> dict[str, dict[tuple[Any, ...], tuple[Any, ...]]]:
        store = self.service._parts.store.store
        return {
            table: {_key(table, row): tuple(row) for row in store.scan(table)} for table in WHOLE
        }

    # --- writing past the service --------------------------------------------------------------

    def put(self, table: str, row: Sequence[Any]) -> None:
        columns = WHOLE[table][0]
        marks = ", ".join("?" * len(columns))
        self.execute(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", *row)

    def drop(self, table: str, row: Sequence[Any]) -> None:
        named = " AND ".join(f"{name} = ?" for name in WHOLE[table][1])
        self.execute(f"DELETE FROM {table} WHERE {named}", *_key(table, row))

    # --- what becomes of it -----------------------------------------------------------------------

    def met(self, table: str, news: Sequence[Sequence[Any]]) -> str:
        """Return where what was written past the service is met: at use, alive, or still."""
        if news and table in READ and all(self._is_refused(table, row) for row in news):
            return "refused"
        if list(Audit(self.store, self.bound, KINDS).faults(self.listed)):
            return "audit"
        moved = sum_of(self.store, table) != self.sums[table]
        return "still" if moved else "UNFOUND"

    def _is_refused(self, table: str, row: Sequence[Any]) -> bool:
        named = dict(zip(WHOLE[table][0], row, strict=True))
        try:
            return not READ[table](self.bound, named)
        except IkdError:
            return True


def _key(table: str, row: Sequence[Any]) -> tuple[Any, ...]:
    columns, key = WHOLE[table]
    return tuple(row[columns.index(name)] for name in key)


def _listed(found: Sequence[Any], named: dict[str, Any]) -> bool:
    return named["id"] in [one.id for one in found]


READ: dict[str, Callable[[Any, dict[str, Any]], Any]] = {
    "records": lambda s, n: s.get(n["kind"], n["id"]),
    "claims": lambda s, n: s.claim(n["space"], n["key"]),
    "idempotency": lambda s, n: s.remembered(n["scope"], n["key"]),
    "outbox": lambda s, n: s.item(n["id"]),
    "refusals": lambda s, n: _listed(s.refusals(limit=1000), n),
    "looks": lambda s, n: _listed(s.looks(limit=1000), n),
}
"""How a service meets a row of a bound table."""


@pytest.fixture(scope="module", params=["sqlite", pytest.param("pg", marks=pytest.mark.slow)])
def owned(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Owned]:
    """A store of each database, once for all cells; each puts back what it wrote."""
    folder = tmp_path_factory.mktemp("owned")
    if request.param == "sqlite":
        world = _on_disk(folder)
    else:
        world = _on_postgres(folder, request.getfixturevalue("module_url"))
    yield Owned(world)
    world.close()


@pytest.fixture(scope="module")
def module_url(postgres_server: str) -> Iterator[str]:
    """An empty database for the whole module."""
    with postgres.database(postgres_server) as url:
        yield url


def other(value: Any) -> Any:
    """Return another value of the same type, or one where there was none."""
    match value:
        case None:
            return None
        case int():
            return value + 1
        case bytes():
            return bytes([value[0] ^ 1]) + value[1:] if value else b"x"
        case _:
            return "0" * 32 if re.fullmatch("[0-9a-f]{32}", value) else f"{value}x"


def chosen(owned: Owned, table: str) -> list[tuple[Any, ...]]:
    """Return one row of each group of a table."""
    columns, _ = WHOLE[table]
    groups: dict[Any, tuple[Any, ...]] = {}
    for row in owned.store.scan(table):
        group = row[columns.index(GROUPS[table])] if table in GROUPS else None
        groups.setdefault(group, tuple(row))
    return list(groups.values())


def changed(owned: Owned, table: str) -> set[str]:
    """Give each column another value, and none, where the database takes it."""
    met = set()
    for row in chosen(owned, table):
        for place, value in enumerate(row):
            for new in {other(value), None, *((1, "x", b"x") if value is None else ())} - {value}:
                written = (*row[:place], new, *row[place + 1 :])
                met.add(_written(owned, table, [row], [written]))
    return met - {""}


def swapped(owned: Owned, table: str) -> set[str]:
    """Exchange each column of two rows, and all columns beside the key."""
    met, (columns, key) = set(), WHOLE[table]
    rows = [tuple(row) for row in owned.store.scan(table)]
    for one in chosen(owned, table):
        for two in [row for row in rows if row != one][:2]:
            for name in [n for n in columns if n not in key]:
                place = columns.index(name)
                if one[place] != two[place]:
                    news = [
                        (*a[:place], b[place], *a[place + 1 :]) for a, b in ((one, two), (two, one))
                    ]
                    met.add(_written(owned, table, [one, two], news))
            names = [columns.index(n) for n in key]
            whole = [
                tuple(a[i] if i in names else b[i] for i in range(len(columns)))
                for a, b in ((one, two), (two, one))
            ]
            if whole != [one, two]:
                met.add(_written(owned, table, [one, two], whole))
    return met - {""}


def older(owned: Owned, table: str) -> set[str]:
    """Put each row back that was another one a while ago."""
    met = set()
    now = {_key(table, row): tuple(row) for row in owned.store.scan(table)}
    for key, then in owned.early[table].items():
        if then != now.get(key):
            met.add(_written(owned, table, [now[key]] if key in now else [], [then]))
    return met


def deleted(owned: Owned, table: str) -> set[str]:
    return {_written(owned, table, [row], []) for row in chosen(owned, table)}


def _written(
    owned: Owned, table: str, olds: Sequence[Sequence[Any]], news: Sequence[Sequence[Any]]
) -> str:
    """Write *news* for *olds*, say where that is met, and put everything back."""
    for old in olds:
        owned.drop(table, old)
    put = []
    try:
        for new in news:
            owned.put(table, new)
            put.append(new)
        return owned.met(table, news)
    except IkdError:  # what the database itself refuses can't be written
        return ""
    finally:
        for new in put:
            owned.drop(table, new)
        for old in olds:
            owned.put(table, old)


ACTS = {"changed": changed, "swapped": swapped, "older copy": older, "deleted": deleted}


def page() -> dict[str, dict[str, str]]:
    """Return the table of the page: the worst that is said of each cell."""
    rows = re.findall(r"^\| `(\w+)` \| (.*) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    return {name: dict(zip(TAMPERED, cells.split(" | "), strict=True)) for name, cells in rows}


def test_the_page_names_every_table():
    assert set(page()) == set(WHOLE)


def test_every_column_that_there_is_is_known(owned):
    for table, (columns, _) in WHOLE.items():
        if owned.store._session.dialect.name == "sqlite":
            there = {row[1] for row in owned.store._rows(f"PRAGMA table_info({table})")}
        else:
            asked = "SELECT column_name FROM information_schema.columns WHERE table_name = ?"
            there = {row[0] for row in owned.store._rows(asked, table)}
        assert there == set(columns), table


def test_a_store_that_nobody_wrote_past_has_no_fault(owned):
    assert list(Audit(owned.store, owned.bound, KINDS).faults(owned.listed)) == []
    assert all(sum_of(owned.store, table) == owned.sums[table] for table in WHOLE)


def test_there_is_something_of_everything(owned):
    empty = [table for table in WHOLE if not list(owned.store.scan(table))]
    assert set(empty) <= {"status"}
    assert {done.value for done in (Done.SENT,)} <= {
        row[0] for row in owned.store._rows("SELECT DISTINCT done FROM outbox")
    }


@pytest.mark.parametrize("tampered", TAMPERED)
@pytest.mark.parametrize("table", WHOLE)
def test_each_cell_is_as_the_page_says(owned, table, tampered):
    """A cell names every way in which its rows are met, and no other; none goes unfound."""
    met = ACTS[tampered](owned, table)
    said = set(page()[table][tampered].split(", ")) - {"—"}
    assert met == said


def test_whoever_puts_record_and_journal_back_is_found_against_the_checkpoint(owned):
    """Both agree, and the mac holds: only the numbers kept outside tell."""
    early = owned.early["records"]
    now = {_key("records", row): tuple(row) for row in owned.store.scan("records")}
    for key, then in early.items():
        if then == now[key]:
            continue
        later = [
            tuple(row)
            for row in owned.store.scan("journal")
            if tuple(row[:0]) == ()
            and _key("journal", row)[:2] == key
            and _key("journal", row) not in owned.early["journal"]
        ]
        owned.drop("records", now[key])
        owned.put("records", then)
        for row in later:
            owned.drop("journal", row)
        assert owned.bound.get(*key) is not None  # no mac tells
        faults = list(Audit(owned.store, owned.bound, KINDS).faults(owned.listed))
        assert (key[0] + "/" + key[1], "older") in [(one.row, one.kind) for one in faults]
        owned.drop("records", then)
        owned.put("records", now[key])
        for row in later:
            owned.put("journal", row)


def test_a_bound_table_has_no_column_that_is_left_out_unsaid():
    """What isn't bound is what happens to a row later, and the times of a purge."""
    left = {
        table.name: set(WHOLE[table.name][0]) - set(table.columns.split()) - {"mac"}
        for table in TABLES.values()
    }
    assert left == {
        "records": set(),
        "claims": set(),
        "idempotency": {"at"},
        "refusals": set(),
        "looks": set(),
        "outbox": {
            *("payload", "not_before", "attempts", "lease", "holder", "leased_until", "failure"),
            *("channel", "reference", "handed_at", "done", "ended"),
        },
    }

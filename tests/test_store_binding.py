"""An old store is bound when somebody asks, page by page, and anew under a newer key."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

import ikd
from ikd.adapters.keys.keys_in_folder import FileKeys, rotate_secret
from ikd.bootstrap.store_binding import bind_store
from ikd.cli import main
from ikd.core.errors import StoreError
from ikd.service.row_binder import TABLES
from ikd.testing import seeded_entropy
from tests.test_old_store import CASES, Left

SYSTEM = ikd.Actor.system()
NAMES = [table.name for table in TABLES.values()]


@pytest.fixture
def left(tmp_path: Path) -> Left:
    """What 0.1.0 left, migrated and not bound yet."""
    made = Left.copied(tmp_path)
    assert made.migrate() == 0
    return made


def sql(left: Left, statement: str, *values: object) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(left.folder / "ikd.db", isolation_level=None)) as database:
        return database.execute(statement, values).fetchall()


def unbound(left: Left) -> int:
    asked = (f"SELECT count(*) FROM {name} WHERE mac IS NULL" for name in NAMES)
    return sum(int(str(sql(left, one)[0][0])) for one in asked)


def test_every_row_of_an_old_store_is_bound_and_its_cases_go_on(left):
    assert unbound(left) > 0
    assert not FileKeys(left.folder / "keys").bound()
    assert main(["store", "bind", left.url, "--keys", str(left.folder / "keys")]) == 0
    assert unbound(left) == 0
    assert FileKeys(left.folder / "keys").bound()
    with left.open() as service:
        for case in CASES.values():
            assert service.get(case["application"], actor=SYSTEM).status.value == case["status"]


def test_what_is_written_before_is_bound_from_the_start_and_read_without(left):
    number = CASES["asked"]["application"]
    with left.open() as service:
        walk = left.walk(service, "asked")
        before = unbound(left)
        walk.next(number)
        assert unbound(left) < before
        assert service.get(number, actor=SYSTEM).version > 0


def test_once_bound_a_row_without_a_mac_is_used_by_nothing(left):
    bind_store(left.url, left.folder / "keys")
    number = CASES["asked"]["application"]
    sql(left, "UPDATE records SET mac = NULL WHERE id = ?", number)
    with left.open() as service, pytest.raises(StoreError, match=r"store\.damaged"):
        service.get(number, actor=SYSTEM)


def test_it_is_taken_up_where_it_was_cut_off(left, monkeypatch):
    monkeypatch.setattr("ikd.adapters.storage.sql_store._PAGE", 5)
    told: list[tuple[str, int]] = []

    def cut(table: str, met: int) -> None:
        told.append((table, met))
        if len(told) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bind_store(left.url, left.folder / "keys", report=cut)
    assert not FileKeys(left.folder / "keys").bound()
    again: list[tuple[str, int]] = []
    bind_store(left.url, left.folder / "keys", report=lambda *said: again.append(said))
    assert unbound(left) == 0
    whole = int(str(sql(left, "SELECT count(*) FROM records")[0][0]))
    assert max(met for table, met in again if table == "records") == whole - 10


def test_a_record_that_its_journal_does_not_tell_of_is_left_and_counted(left, capsys):
    number = CASES["asked"]["application"]
    other = sql(left, "SELECT state FROM records WHERE id = ?", CASES["paired"]["application"])
    sql(left, "UPDATE records SET state = ? WHERE id = ?", other[0][0], number)
    asked = ["store", "bind", left.url, "--keys", str(left.folder / "keys"), "--lang", "en"]
    assert main(asked) == 1
    assert "save 1 rows" in capsys.readouterr().out
    with left.open() as service, pytest.raises(StoreError, match=r"store\.damaged"):
        service.get(number, actor=SYSTEM)


def test_a_newer_key_binds_all_anew_while_a_service_goes_on(left):
    folder = left.folder / "keys"
    bind_store(left.url, folder)
    with left.open() as service:
        old = FileKeys(folder).secrets("row")[0].kid
        rotate_secret(folder, "row", entropy=seeded_entropy("newer"))
        bind_store(left.url, folder)
        kids = {
            bytes(str(row[0]), "latin-1") if isinstance(row[0], str) else row[0]
            for name in NAMES
            for row in sql(left, f"SELECT DISTINCT substr(mac, 1, 8) FROM {name}")
        }
        assert len(kids) == 1
        assert old not in kids
        for case in CASES.values():
            service.get(case["application"], actor=SYSTEM)
        left.walk(service, "asked").next(CASES["asked"]["application"])
    with left.open() as service:
        service.get(CASES["asked"]["application"], actor=SYSTEM)


def test_migrating_a_bound_store_again_leaves_its_rows_bound(left):
    bind_store(left.url, left.folder / "keys")
    sql(left, "DELETE FROM steps WHERE name LIKE 'columns%'")
    assert main(["store", "migrate", left.url]) == 0
    assert unbound(left) == 0

"""Numbered migrations, each once and in order, and never unasked."""

from __future__ import annotations

import sqlite3

import pytest

from ikd.adapters.storage import migrate as migrating
from ikd.adapters.storage.migrate import Migration, check, migrate, migrations, statements
from ikd.adapters.storage.sql_store import SqlStore
from ikd.adapters.storage.sqlite import sqlite_session, sqlite_store
from ikd.core.errors import StoreError
from ikd.core.ports import Commit
from ikd.testing.store_samples import NOW, fault, put

NEWEST = len(migrations())


def test_numbers_run_from_one_without_a_gap():
    numbers = [migration.number for migration in migrations()]
    assert numbers == list(range(1, len(numbers) + 1))
    assert numbers


def test_statements_are_cut_at_semicolons_and_lose_their_comments():
    text = "-- one; two\nCREATE TABLE a (\n  b TEXT -- why\n);\n\nDROP TABLE a;\n"
    assert statements(text) == ("CREATE TABLE a (\n  b TEXT \n)", "DROP TABLE a")


def test_only_two_words_must_change_for_postgresql():
    words = " ".join(statement for one in migrations() for statement in one.statements)
    words = words.replace(" BLOB", " BYTEA").replace(" WITHOUT ROWID", "")
    for foreign in ("ROWID", "AUTOINCREMENT", "PRAGMA", "STRICT", "BLOB", " INTEGER", "REPLACE"):
        assert foreign not in words


def test_every_schema_but_the_newest_is_refused():
    check(NEWEST)
    with pytest.raises(StoreError, match=r"store\.newer"):
        check(NEWEST + 1)
    with pytest.raises(StoreError, match=r"store\.older.*ikd store migrate"):
        check(NEWEST - 1)


def _later(*texts):
    return Migration(number=NEWEST + 1, name="later", statements=texts)


def _learn(monkeypatch, later):
    known = (*migrations(), later)
    monkeypatch.setattr(migrating, "migrations", lambda: known)


def _version(path):
    with sqlite3.connect(path) as connection:
        ((version,),) = connection.execute("SELECT version FROM schema_version").fetchall()
    connection.close()
    return version


def test_an_older_database_is_migrated_only_when_asked(path, wal, monkeypatch):
    sqlite_store(path).close()
    later = _later("CREATE TABLE later (x TEXT)", "CREATE TABLE last (x TEXT)")
    _learn(monkeypatch, later)
    assert fault(sqlite_store, path) == "store.older"
    assert _version(path) == NEWEST
    told = []
    for _ in range(2):
        session = sqlite_session(path)
        migrate(session, report=lambda *said: told.append(said))
        session.close()
    assert told == [("later", 2)]
    store = sqlite_store(path)
    assert store._session.read(lambda execute: execute("SELECT * FROM last", ()).fetchall()) == []
    store.close()
    assert _version(path) == NEWEST + 1


def test_a_store_that_was_open_while_somebody_migrated_writes_no_more(path, wal, monkeypatch):
    store = sqlite_store(path)
    store.commit(Commit(at=NOW, puts=(put(),)))
    with monkeypatch.context() as newer:
        _learn(newer, _later("CREATE TABLE later (x TEXT)"))
        session = sqlite_session(path)
        migrate(session)
        session.close()
    assert fault(store.commit, Commit(at=NOW)) == "store.newer"
    store.close()


def test_a_migration_that_fails_leaves_the_database_as_it_was(path, monkeypatch):
    sqlite_store(path).close()
    with monkeypatch.context() as broken:
        _learn(broken, _later("CREATE TABLE later (x TEXT)", "CREATE TABLE later (x TEXT)"))
        session = sqlite_session(path)
        assert fault(migrate, session) == "store.failed"
        session.close()
    sqlite_store(path).close()
    with sqlite3.connect(path) as connection:
        names = connection.execute("SELECT name FROM sqlite_master").fetchall()
    connection.close()
    assert ("later",) not in names


def test_a_migration_that_was_cut_off_goes_on_where_it_was(path, monkeypatch):
    sqlite_store(path).close()
    first = _later("CREATE TABLE later (x TEXT)")
    broken = Migration(number=NEWEST + 2, name="broken", statements=("CREATE nothing",))
    whole = Migration(number=NEWEST + 2, name="whole", statements=("CREATE TABLE last (x TEXT)",))
    known = migrations()
    session = sqlite_session(path)
    told = []
    for second in (broken, whole):
        monkeypatch.setattr(migrating, "migrations", lambda last=second: (*known, first, last))
        fault(migrate, session, report=lambda name, _: told.append(name))
    assert told == ["later", "whole"]
    SqlStore(session).close()

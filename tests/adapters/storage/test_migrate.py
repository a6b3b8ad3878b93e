"""Numbered migrations, each once and in order."""

from __future__ import annotations

import sqlite3

import pytest

from ikd.adapters.storage import sqlite_schema
from ikd.adapters.storage.migrate import Migration, migrations, missing, statements
from ikd.adapters.storage.sqlite import sqlite_store
from ikd.core.errors import StoreError
from ikd.testing.store_samples import fault


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


def test_what_is_missing_is_what_stands_behind_the_applied_version():
    known = tuple(Migration(number=number, statements=()) for number in (1, 2, 3))
    assert missing(known, 0) == known
    assert missing(known, 2) == known[2:]
    assert missing(known, 3) == ()
    with pytest.raises(StoreError, match=r"store\.newer"):
        missing(known, 4)


def test_a_later_migration_is_applied_to_an_older_database(path, monkeypatch):
    sqlite_store(path).close()
    second = Migration(number=len(migrations()) + 1, statements=("CREATE TABLE later (x TEXT)",))
    monkeypatch.setattr(sqlite_schema, "migrations", lambda: (*migrations(), second))
    for _ in range(2):
        store = sqlite_store(path)
        with store._session._lent(store._session._reader) as connection:
            assert connection.execute("SELECT * FROM later").fetchall() == []
            versions = connection.execute("SELECT version FROM schema_version").fetchall()
        assert versions == [(number,) for number in range(1, second.number + 1)]
        store.close()


def test_a_migration_that_fails_leaves_the_database_as_it_was(path, monkeypatch):
    sqlite_store(path).close()
    broken = Migration(
        number=len(migrations()) + 1,
        statements=("CREATE TABLE later (x TEXT)", "CREATE TABLE later (x TEXT)"),
    )
    monkeypatch.setattr(sqlite_schema, "migrations", lambda: (*migrations(), broken))
    assert fault(sqlite_store, path) == "store.failed"
    monkeypatch.undo()
    sqlite_store(path).close()
    with sqlite3.connect(path) as connection:
        names = connection.execute("SELECT name FROM sqlite_master").fetchall()
    connection.close()
    assert ("later",) not in names

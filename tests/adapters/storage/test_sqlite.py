"""The SQLite store keeps the store contract, with either journal."""

from __future__ import annotations

import pytest

from ikd.adapters.storage.sqlite import SqliteStore
from ikd.core.ports import Commit
from ikd.testing.store import StoreContract
from ikd.testing.store_samples import NOW, an_id, entry, fault, put, row


class TestSqliteStore(StoreContract):
    @pytest.fixture
    def store(self, path, wal):
        store = SqliteStore(path)
        yield store
        store.close()


def test_what_was_committed_is_there_after_reopening(path, wal):
    store = SqliteStore(path)
    store.commit(Commit(at=NOW, puts=(put(),), entries=(entry(),)))
    store.close()
    again = SqliteStore(path)
    assert again.get("application", an_id(1)) == row()
    assert again.entries("application", an_id(1)) == (entry(),)
    again.close()


def test_a_database_written_with_one_journal_opens_with_the_other(path, monkeypatch):
    for version, wal in enumerate([True, False, True, False]):
        monkeypatch.setattr("ikd.adapters.storage.sqlite.wal_is_safe", lambda _, wal=wal: wal)
        store = SqliteStore(path)
        store.commit(Commit(at=NOW, puts=(put(row(version=version + 1), expected=version),)))
        store.close()


@pytest.mark.parametrize("text", ["\ud800", "\udfff"])
def test_a_text_that_is_no_text_is_a_store_error(store, text):
    assert fault(store.get, text, an_id(1)) == "store.value"
    assert fault(store.commit, Commit(at=NOW, standards=((text, "x"),))) == "store.value"


def test_a_number_that_no_column_holds_leaves_nothing_behind(store):
    huge = put(row(2, version=1, status="OPEN"))
    huge = type(huge)(row=type(huge.row)(**{**_fields(huge.row), "version": 2**63}), expected=0)
    assert fault(store.commit, Commit(at=NOW, puts=(put(), huge))) == "store.value"
    assert store.find("application") == ()


def _fields(one):
    return {name: getattr(one, name) for name in one.__slots__ if name != "__weakref__"}


def test_a_damaged_column_is_a_store_error(store):
    from ikd.core.ports import Done
    from ikd.testing.store_samples import item, owe

    owe(store, item())
    with store._session.writing() as connection:
        connection.execute("UPDATE outbox SET kind = 'pigeon'")
    assert fault(store.outbox, Done.WAITING) == "store.value"


def test_every_connection_is_set_as_it_must_be(path, wal):
    store = SqliteStore(path)
    wanted = {
        "secure_delete": 1,
        "foreign_keys": 1,
        "trusted_schema": 0,
        "cell_size_check": 1,
        "temp_store": 2,
        "journal_mode": "wal" if wal else "delete",
        "synchronous": 2 if wal else 3,  # FULL, EXTRA
        "busy_timeout": 30_000,
    }
    for lent in (store._session.reading, store._session.writing):
        with lent() as connection:
            for name, value in wanted.items():
                assert connection.execute(f"PRAGMA {name}").fetchall() == [(value,)], name
    store.close()


def test_searches_and_polls_use_an_index(store):
    queries = {
        "SELECT id FROM records WHERE kind = ? AND id > ? AND office = ? ORDER BY id LIMIT 9": 3,
        "SELECT id FROM records WHERE kind = ? AND id > ? AND status = ? ORDER BY id LIMIT 9": 3,
        "SELECT id FROM records WHERE due IS NOT NULL AND due <= ? ORDER BY due, kind, id": 1,
        "SELECT id FROM outbox WHERE done = 'waiting' AND not_before <= ? ORDER BY not_before, id": 1,
        "SELECT id FROM outbox WHERE done = ? ORDER BY created_at, id LIMIT 9": 1,
        "UPDATE outbox SET done = 'void' WHERE subject = ?": 1,
        "DELETE FROM claims WHERE until IS NOT NULL AND until < ?": 1,
        "SELECT max(at) FROM journal": 0,
        "SELECT id FROM refusals ORDER BY at DESC, id DESC LIMIT 9": 0,
    }
    with store._session.reading() as connection:
        for query, values in queries.items():
            plan = connection.execute(f"EXPLAIN QUERY PLAN {query}", (1,) * values).fetchall()
            steps = " ".join(step[-1] for step in plan)
            assert "INDEX" in steps, query
            assert "TEMP B-TREE" not in steps, query

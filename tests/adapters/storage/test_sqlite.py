"""The SQLite store keeps the store contract, with either journal."""

from __future__ import annotations

import attrs
import pytest

from ikd.adapters.storage.sqlite import sqlite_store
from ikd.core.ports import Commit, Done, Late, Read
from ikd.testing.store_contract import StoreContract
from ikd.testing.store_samples import (
    NOW,
    SECOND,
    an_id,
    entry,
    fault,
    horizon,
    item,
    lease,
    owe,
    put,
    row,
    settle,
    token,
)


class TestSqliteStore(StoreContract):
    @pytest.fixture
    def store(self, path, wal):
        store = sqlite_store(path)
        yield store
        store.close()


def test_what_was_committed_is_there_after_reopening(path, wal):
    store = sqlite_store(path)
    store.commit(Commit(at=NOW, puts=(put(),), entries=(entry(),)))
    store.close()
    again = sqlite_store(path)
    assert again.get("application", an_id(1)) == row()
    assert again.entries("application", an_id(1)) == (entry(),)
    again.close()


def test_a_database_written_with_one_journal_opens_with_the_other(path, monkeypatch):
    for version, wal in enumerate([True, False, True, False]):
        monkeypatch.setattr("ikd.adapters.storage.sqlite.wal_is_safe", lambda _, wal=wal: wal)
        store = sqlite_store(path)
        store.commit(Commit(at=NOW, puts=(put(row(version=version + 1), expected=version),)))
        store.close()


def test_a_text_that_is_no_text_is_a_store_error(store):
    text = "\ud800"
    assert fault(store.get, text, an_id(1)) == "store.value"
    assert fault(store.commit, Commit(at=NOW, standards=((text, "x"),))) == "store.value"


def test_a_number_that_no_column_holds_leaves_nothing_behind(store):
    huge = put(attrs.evolve(row(2), version=2**63))
    assert fault(store.commit, Commit(at=NOW, puts=(put(), huge))) == "store.value"
    assert store.find("application") == ()


def test_a_damaged_column_is_a_store_error(store):
    owe(store, item())
    with store._session.writing() as execute:
        execute("UPDATE outbox SET created_at = 'yesterday'", ())
    assert fault(store.item, an_id(1)) == "store.damaged"
    assert store.outbox(Done.WAITING) == ()


def test_every_connection_is_set_as_it_must_be(path, wal):
    store = sqlite_store(path)
    wanted = {
        "secure_delete": 1,
        "foreign_keys": 1,
        "trusted_schema": 0,
        "cell_size_check": 1,
        "temp_store": 2,
        "journal_mode": "wal" if wal else "delete",
        "synchronous": 2 if wal else 3,  # FULL, EXTRA
        "busy_timeout": 0,
    }
    for lent in (store._session._reader, store._session._writer):
        with store._session._lent(lent) as connection:
            for name, value in wanted.items():
                assert connection.execute(f"PRAGMA {name}").fetchall() == [(value,)], name
    store.close()


def test_every_statement_finds_its_rows_by_an_index_and_sorts_none(store):
    owe(store, item())
    said = []
    with store._session._lent(store._session._reader) as connection:
        connection.set_trace_callback(said.append)
    for office in (None, "payakumbuh"):
        for status in (None, "OPEN"):
            store.find("application", office=office, status=status, after=an_id(1))
    store.commit(Commit(at=NOW, puts=(put(row(3, due=NOW)),)))
    (late,) = store.overdue(NOW)
    store.overdue(NOW, after=late)
    late = Late(since=NOW, limit_at=NOW)
    for after in (None, (NOW, an_id(1)), (None, an_id(1))):
        store.waiting("operator", "payakumbuh", after=after)
        store.waiting("operator", "payakumbuh", after=after, late=late)
    store.outbox(Done.SENT, subject=an_id(1))
    store.newest(outside=[(NOW, NOW)])
    store.ahead(NOW)
    lease(store, NOW, until=NOW, limit=9)
    store.renew("worker", {an_id(1): 1}, until=NOW)
    store.lanes()
    settle(store, an_id(1), Done.WAITING, lease=1, now=NOW)
    store.unpark(an_id(1), now=NOW)
    store.outbox(Done.SENT)
    store.newest()
    store.refusals()
    store.looks()
    store.looks(actor="op-1")
    store.looks(record=("application", an_id(1)))
    store.entries("application", an_id(1))
    store.commit(Commit(at=NOW, voids=(an_id(7),), deletes=(an_id(9),), uses=(token(until=NOW),)))
    later = NOW + SECOND
    store.purge(horizon(tokens=later, answers=later, refusals=later, ended=later))
    statements = {one for one in said if one.startswith(("SELECT", "UPDATE", "DELETE"))}
    statements.remove("SELECT version FROM schema_version")  # of one row
    assert len(statements) > 15
    with store._session._lent(store._session._reader) as connection:
        connection.set_trace_callback(None)
        for statement in statements:
            plan = connection.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall()
            steps = " ".join(step[-1] for step in plan)
            assert "INDEX" in steps or "PRIMARY KEY" in steps, statement
            counts_what_waits = " GROUP BY lane " in statement  # by three names, not by rows
            assert "TEMP B-TREE" not in steps or counts_what_waits, statement


def test_a_search_reads_nothing_but_what_it_returns(store):
    office = {"office": "payakumbuh"}
    assert _plan_of(store, **office, status="OPEN") == (
        "INDEX records_office_status (kind=? AND office=? AND status=? AND id>?)"
    )
    assert _plan_of(store, **office) == "INDEX records_office (kind=? AND office=? AND id>?)"
    assert _plan_of(store, status="OPEN") == "INDEX records_status (kind=? AND status=? AND id>?)"


def _plan_of(store, **wanted):
    said = _said_by(store, lambda: store.find("application", **wanted))
    (query,) = [one for one in said if "FROM records" in one]
    asked = f"EXPLAIN QUERY PLAN {query}"
    ((*_, step), *_beside) = store._session.read(lambda execute: execute(asked, ()).fetchall())
    return step.removeprefix("SEARCH records USING ")


def test_rows_are_compared_and_written_in_the_order_of_their_names(store):
    three = [put(row(number)) for number in (1, 2, 3)]
    store.commit(Commit(at=NOW, puts=tuple(three)))
    moved = tuple(put(row(number, version=2), expected=1) for number in (3, 1))
    read = Read(kind="application", id=an_id(2), version=1)
    said = _said_by(store, lambda: store.commit(Commit(at=NOW, puts=moved, reads=(read,))))
    met = [one for one in said if "records" in one]
    numbers = [next(n for n in (1, 2, 3) if f"'{an_id(n)}'" in one) for one in met]
    assert numbers == [1, 2, 3]


def _said_by(store, act):
    """Return the statements of *act*, with their values."""
    said = []
    with store._session._lent(store._session._writer) as connection:
        connection.set_trace_callback(said.append)
        act()
        connection.set_trace_callback(None)
    return said


def test_room_that_is_freed_is_given_back(tmp_path):
    """A file doesn't stay as large as it was on its fullest day."""
    place = tmp_path / "ikd.db"
    store = sqlite_store(place)
    store.commit(Commit(at=NOW, standards=(("a", "x" * 1_000_000),)))
    with store._session.writing() as execute:
        execute("DELETE FROM standards", ())
    full = place.stat().st_size
    store.purge(horizon())
    assert place.stat().st_size < full / 4
    store.close()

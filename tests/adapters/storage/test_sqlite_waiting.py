"""A call waits for other programs and threads, and only so long."""

from __future__ import annotations

import sqlite3
from threading import Thread

import pytest

from ikd.adapters.storage.sqlite import sqlite_store
from ikd.adapters.storage.sqlite_session import SqliteSession
from ikd.core.ports import Commit
from ikd.testing.store_samples import NOW, an_id, fault, put, row


def _step(version):
    """The commit that moves record 1 on to *version*."""
    return Commit(at=NOW, puts=(put(row(version=version), expected=version - 1),))


def test_a_foreign_connection_that_holds_the_database_is_waited_for_only_so_long(path):
    store = sqlite_store(path, timeout=0.2)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    assert fault(store.get, "application", an_id(1)) == "store.busy"
    assert fault(store.commit, _step(1)) == "store.busy"
    other.execute("ROLLBACK")
    other.close()
    store.commit(_step(1))
    store.close()


def test_a_reader_that_stays_lets_no_commit_be_half_done(path):
    store = sqlite_store(path, timeout=0.2)
    store.commit(_step(1))
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM records").fetchall()
    assert fault(store.commit, _step(2)) == "store.busy"
    assert reader.execute("SELECT version FROM records").fetchall() == [(1,)]
    reader.close()
    assert store.get("application", an_id(1)) == row()
    store.commit(_step(2))
    store.close()


def test_a_thread_waits_for_another_only_so_long(path):
    store = sqlite_store(path, timeout=0.05)
    with store._session.writing():
        codes = []
        thread = Thread(target=lambda: codes.append(fault(store.commit, _step(1))))
        thread.start()
        thread.join()
    assert codes == ["store.busy"]
    store.close()


class Closing:
    """A connection to a database whose log another process is just closing, *times* over."""

    def __init__(self, times: int) -> None:
        self.times = times

    def execute(self, statement: str) -> Closing:
        if statement.startswith("PRAGMA journal_mode"):
            self.times -= 1
            if self.times >= 0:
                error = sqlite3.OperationalError("database is locked")
                error.sqlite_errorcode = sqlite3.SQLITE_BUSY
                raise error
        return self

    def fetchall(self) -> list[tuple[str]]:
        return [("wal",)]


def test_a_log_that_another_process_is_closing_is_waited_for_only_so_long(path):
    session = SqliteSession(path, wal=True, timeout=5)
    session._choose_journal(Closing(3))
    hasty = SqliteSession(path, wal=True, timeout=0)
    with pytest.raises(sqlite3.OperationalError):
        hasty._choose_journal(Closing(1_000_000))

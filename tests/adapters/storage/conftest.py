"""What the tests of the SQL stores share."""

from __future__ import annotations

import os
import signal
import sys
import traceback
import warnings

import pytest

from ikd.adapters.storage import sqlite
from ikd.adapters.storage.postgres import postgres_store
from ikd.adapters.storage.sqlite import sqlite_store

pytest.register_assert_rewrite("ikd.testing")


@pytest.fixture(params=["rollback journal", "write-ahead log"])
def wal(request, monkeypatch):
    """Each journal in turn, whatever this SQLite's version would choose."""
    chosen = request.param == "write-ahead log"
    monkeypatch.setattr(sqlite, "wal_is_safe", lambda _: chosen)
    return chosen


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "ikd.db"


@pytest.fixture
def store(path):
    store = sqlite_store(path, timeout=10)
    yield store
    store.close()


def open_and_close(path):
    """Open the database and close it again."""
    sqlite_store(path).close()


class Child:
    """A forked process that runs *act* and can be killed."""

    def __init__(self, act, *args):
        with warnings.catch_warnings():  # a process that forks has threads; what is tested
            warnings.simplefilter("ignore", DeprecationWarning)
            self.pid = os.fork()
        if self.pid == 0:
            code = 1
            signal.alarm(60)  # a child that waits for a dead one ends too
            try:
                act(*args)
                code = 0
            except BaseException:
                traceback.print_exc()
            finally:
                sys.stderr.flush()
                os._exit(code)

    def kill(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)

    def wait(self):
        _, status = os.waitpid(self.pid, 0)
        return os.waitstatus_to_exitcode(status)


@pytest.fixture
def child():
    if not hasattr(os, "fork"):
        pytest.skip("no fork on this system")
    return Child


@pytest.fixture
def opening():
    return open_and_close


@pytest.fixture(params=["read-committed", "serializable"])
def isolated(request, postgres_url):
    """The URL of an empty PostgreSQL database, at each level of isolation in turn."""
    return f"{postgres_url}?isolation={request.param}"


@pytest.fixture
def pg(isolated):
    """A store on PostgreSQL that waits for a connection only so long."""
    store = postgres_store(isolated, timeout=10)
    yield store
    store.close()

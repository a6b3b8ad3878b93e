"""The store in memory: a SQLite database without a file; all is gone when it closes."""

from __future__ import annotations

from ikd.adapters.storage.sql_store import SqlStore
from ikd.adapters.storage.sqlite_session import SqliteSession


def memory_store() -> SqlStore:
    """Return a new and empty store; after a fork each side goes on with a copy of its own."""
    return SqlStore(SqliteSession(None))

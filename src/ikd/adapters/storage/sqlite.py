"""The store on SQLite: one file, one machine, any number of processes on it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from ikd.adapters.storage.sql_store import SqlStore
from ikd.adapters.storage.sqlite_errors import wrapped
from ikd.adapters.storage.sqlite_file import prepare, sqlite_path, wal_is_safe
from ikd.adapters.storage.sqlite_session import SqliteSession

__all__ = ["sqlite_path", "sqlite_session", "sqlite_store"]


def sqlite_store(place: Path | str, *, timeout: float = 30) -> SqlStore:
    """Open a database, making the file (0600), its folder (0700) and tables if missing.

    It must lie on a local disk: locks of network file systems can't be trusted.

    Args:
        place: The file, or a ``sqlite:///`` URL.
        timeout: Seconds that a call waits for other threads and processes.

    Raises:
        StoreError: It can't be used; the code says why. An older one is ``store.older``.
    """
    return SqlStore(sqlite_session(place, timeout=timeout))


def sqlite_session(place: Path | str, *, timeout: float = 30) -> SqliteSession:
    """Return the connections to a database as ``sqlite_store`` has them, whatever its schema.

    Raises:
        StoreError: The file can't be used.
    """
    path = place if isinstance(place, Path) else sqlite_path(place)
    with wrapped():
        prepare(path)
    return SqliteSession(path, wal=wal_is_safe(sqlite3.sqlite_version_info), timeout=timeout)

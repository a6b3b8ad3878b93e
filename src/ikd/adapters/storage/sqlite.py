"""The store on SQLite: one file, one machine, any number of processes on it."""

from __future__ import annotations

import os
import sqlite3
import stat
from pathlib import Path

from ikd.adapters.storage.sql_store import SqlStore
from ikd.adapters.storage.sqlite_errors import wrapped
from ikd.adapters.storage.sqlite_session import SqliteSession
from ikd.core.errors import StoreError

_SCHEME = "sqlite:///"


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
        _prepare(path)
    return SqliteSession(path, wal=wal_is_safe(sqlite3.sqlite_version_info), timeout=timeout)


def sqlite_path(url: str) -> Path:
    """Return the file that *url* names.

    ``sqlite:///x.db`` is relative to the working folder, ``sqlite:////srv/x.db`` absolute.

    Raises:
        StoreError: *url* names no file (``store.url``).
    """
    name = url.removeprefix(_SCHEME) if isinstance(url, str) else ""
    if name == url or not name or name.endswith(("/", "\\")):
        raise StoreError("store.url", "write sqlite:///relative.db or sqlite:////absolute.db")
    if name == ":memory:" or "?" in name or "\0" in name:
        raise StoreError("store.url", "a file's name only; a store in memory is memory://")
    return Path(name)


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Whether that SQLite is free of the WAL-reset bug, which could lose commits.

    It stood from 3.7.0 to 3.51.2 and was fixed in 3.51.3, 3.50.7 and 3.44.6
    (https://sqlite.org/wal.html#walresetbug).
    """
    line, patch = version[:2], version[2]
    fixed: dict[tuple[int, ...], int] = {(3, 44): 6, (3, 50): 7, (3, 51): 3}
    return line > (3, 51) or patch >= fixed.get(line, patch + 1)


def _prepare(path: Path) -> None:
    """Create the file (0600) and its folder (0700) where they are missing."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    try:
        _check_others(path, os.fstat(file).st_mode)
    finally:
        os.close(file)


def _check_others(path: Path, mode: int) -> None:
    """Refuse a file that others may write, and a folder in which they may put another there."""
    if os.name != "posix":
        return
    folder = path.parent.stat().st_mode
    if mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise StoreError("store.mode", "others may write the database; chmod 0600")
    if folder & stat.S_IWOTH and not folder & stat.S_ISVTX:
        raise StoreError("store.mode", "anybody may write the database's folder; chmod 0700")

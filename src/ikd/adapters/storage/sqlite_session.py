"""The connections of one process to one SQLite database.

One connection writes, behind a lock in the process and a lock between processes. With a
write-ahead log a second one reads beside it; with a rollback journal, where a reader would
only stand in the writer's way, both are the same. In memory the one connection is the
database: it is never opened again, and a fork copies it.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import TypeVar

from ikd.adapters.storage.filelock import FileLock
from ikd.adapters.storage.session import Dialect, Execute
from ikd.adapters.storage.sqlite_errors import is_busy, wrapped
from ikd.core.errors import IkdError, StoreError

T = TypeVar("T")
_FREED = 4096  # pages that are given back at a time, so that nobody waits long
_PAUSE = 0.001  # seconds between tries while another process closes the database

SQLITE = Dialect(name="sqlite", share="", skip="", blob="BLOB", tail="WITHOUT ROWID")
GIVING_BACK = "PRAGMA auto_vacuum = INCREMENTAL"  # what is freed can be; for a file made anew
SETTINGS = (
    "PRAGMA secure_delete = ON",  # deleted secrets are overwritten, not only unlinked
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA temp_store = MEMORY",
)


class _Slot:
    """One connection and the lock that whoever uses it holds."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.connection: sqlite3.Connection | None = None

    def drop(self) -> None:
        connection, self.connection = self.connection, None
        if connection is not None:
            connection.close()

    def __del__(self) -> None:
        """Close what nobody holds any more: from Python 3.13 on a warning says it else."""
        self.drop()


class SqliteSession:
    """Opens connections when they are needed; safe to share between threads and over a fork.

    ``path`` is where the database lies, and ``None`` for one in memory.
    """

    dialect = SQLITE

    def __init__(self, path: Path | None, *, wal: bool = False, timeout: float = 30) -> None:
        self._path = path and path.absolute()
        self._wal = wal
        self._timeout = timeout
        self._turn = threading.RLock()  # held by the one thread that may use the file lock
        self._file_lock = self._path and FileLock(self._path)
        self._writer = _Slot()
        self._reader = _Slot() if wal else self._writer
        self._closed = False
        _sessions.add(self)

    def read(self, act: Callable[[Execute], T]) -> T:
        """Return what *act* reads; it sees what is committed, and may be called twice."""
        with wrapped():
            with self._lent(self._reader) as connection:
                try:
                    return act(connection.execute)
                except sqlite3.OperationalError as error:
                    if not is_busy(error):
                        raise
            # Another process writes. SQLite would sleep and try again, for seconds where
            # writers follow each other closely; in the queue a reader's turn comes soon.
            with self._turn_to_write() as connection:
                return act(connection.execute)

    @contextmanager
    def writing(self) -> Iterator[Execute]:
        """Lend one transaction: committed at the end, undone by any error."""
        with wrapped(), self._turn_to_write() as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield connection.execute
            connection.execute("COMMIT")

    def tidy(self, *, whole: bool = False) -> None:
        """Give freed pages back, and empty a write-ahead log: no old bytes stay there."""
        freed = "VACUUM" if whole else f"PRAGMA incremental_vacuum({_FREED})"
        with wrapped(), self._turn_to_write() as connection:
            if whole:
                connection.execute(GIVING_BACK).fetchall()
            connection.executescript(freed)  # to its end: a single step frees a single page
            if self._wal:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Close for good; calling it twice is fine."""
        with wrapped(), self._still():
            self._closed = True
            self.release()

    def release(self) -> None:
        """Close connections and lock files for now; what comes next opens them again."""
        if self._closed or self._file_lock:
            self._reader.drop()
            self._writer.drop()
        if self._file_lock:
            self._file_lock.close()

    @contextmanager
    def _turn_to_write(self) -> Iterator[sqlite3.Connection]:
        with (
            self._held(self._turn),
            self._file_lock.held(self._timeout) if self._file_lock else nullcontext(),
            self._lent(self._writer) as connection,
        ):
            try:
                _wait_for_others(connection, self._timeout)
                yield connection
                _wait_for_others(connection, 0)
            except BaseException as error:
                self._undo(connection, keep=isinstance(error, IkdError))
                raise

    @contextmanager
    def _held(self, lock: threading.RLock) -> Iterator[None]:
        self._take(lock)
        try:
            yield
        finally:
            lock.release()

    def _take(self, lock: threading.RLock) -> None:
        if not lock.acquire(timeout=self._timeout):
            raise StoreError("store.busy", "too many threads wait for the database")
        if self._closed:
            lock.release()
            raise StoreError("store.closed", "the store is closed")

    @contextmanager
    def _lent(self, slot: _Slot) -> Iterator[sqlite3.Connection]:
        self._take(slot.lock)
        try:
            if slot.connection is None:
                slot.connection = self._connect()
            yield slot.connection
        finally:
            slot.lock.release()

    @contextmanager
    def _still(self) -> Iterator[None]:
        with ExitStack() as locks:
            for lock in (self._turn, self._writer.lock, self._reader.lock):
                locks.enter_context(lock)
            yield

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            # never creates: the file's mode is ours to set
            f"{self._path.as_uri()}?mode=rw" if self._path else ":memory:",
            uri=True,
            timeout=self._timeout,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            new = self._path is None or not self._path.stat().st_size
            for setting in (*SETTINGS, *((GIVING_BACK,) if new else ())):
                connection.execute(setting).fetchall()
            if self._path:
                self._choose_journal(connection)
            _wait_for_others(connection, 0)
        except BaseException:
            connection.close()
            raise
        return connection

    def _choose_journal(self, connection: sqlite3.Connection) -> None:
        journal, synced = ("wal", "FULL") if self._wal else ("delete", "EXTRA")
        chosen = self._asked_for(connection, journal)
        if chosen != journal:
            raise StoreError("store.journal", f"the journal is {chosen}, not {journal}")
        connection.execute(f"PRAGMA synchronous = {synced}").fetchall()

    def _asked_for(self, connection: sqlite3.Connection, journal: str) -> str:
        """Ask for that journal and return which one it is.

        While another process closes the last connection to a write-ahead log, SQLite answers
        "busy" at once, without the wait that it was told (sqlite.org/wal.html, section 8).
        """
        deadline = time.monotonic() + self._timeout
        while True:
            try:
                ((chosen,),) = connection.execute(f"PRAGMA journal_mode = {journal}").fetchall()
            except sqlite3.OperationalError as error:
                if not is_busy(error) or time.monotonic() >= deadline:
                    raise
                time.sleep(_PAUSE)
            else:
                return str(chosen)

    def _undo(self, connection: sqlite3.Connection, *, keep: bool) -> None:
        """Roll back; unless *keep* and all is well, the next call starts with a new connection."""
        undone = False
        try:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            _wait_for_others(connection, 0)
            undone = True
        except sqlite3.Error:
            pass  # what went wrong first is what the caller must hear
        finally:
            if self._path and not (undone and keep):
                self._writer.drop()


def _wait_for_others(connection: sqlite3.Connection, seconds: float) -> None:
    """Let statements wait that long for who reads, or for a program that isn't ikd."""
    connection.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}").fetchall()


# SQLite's locks and memory don't survive a fork, and a child that closes its parent's
# connection breaks the parent's locks. So nothing is open while a process forks.
_sessions: weakref.WeakSet[SqliteSession] = weakref.WeakSet()
_forking = ExitStack()


def _before_fork() -> None:
    for session in tuple(_sessions):
        _forking.enter_context(session._still())  # noqa: SLF001 - same module
        session.release()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_before_fork, after_in_parent=_forking.close, after_in_child=_forking.close
    )

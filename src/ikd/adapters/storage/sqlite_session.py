"""The connections of one process to one SQLite database.

One connection writes, behind a lock in the process and a lock between processes. With a
write-ahead log a second one reads beside it; with a rollback journal, where a reader would
only stand in the writer's way, both are the same.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import weakref
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from ikd.adapters.storage.filelock import FileLock
from ikd.adapters.storage.sqlite_errors import wrapped
from ikd.core.errors import StoreError

_SETTINGS = (
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


class Session:
    """Opens connections when they are needed; safe to share between threads and over a fork."""

    def __init__(self, path: Path, *, wal: bool, timeout: float) -> None:
        self._path = path.absolute()
        self._wal = wal
        self._timeout = timeout
        self._turn = threading.RLock()  # held by the one thread that may use the file lock
        self._file_lock = FileLock(self._path)
        self._writer = _Slot()
        self._reader = _Slot() if wal else self._writer
        self._closed = False
        _guard_forks(self)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection for one read, which sees what is committed."""
        with wrapped(), self._lent(self._reader) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Lend the writer for one transaction: committed at the end, undone by any error."""
        with (
            wrapped(),
            self._held(self._turn),
            self._file_lock.held(self._timeout),
            self._lent(self._writer) as connection,
        ):
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                self._undo(connection)
                raise

    def truncate_log(self) -> None:
        """Move a write-ahead log into the database and empty it: no old bytes stay there."""
        if self._wal:
            with wrapped(), self._lent(self._writer) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Close for good; calling it twice is fine."""
        with wrapped(), self._all_locks():
            self._closed = True
            self.release()

    def release(self) -> None:
        """Close connections and lock files for now; what comes next opens them again."""
        self._reader.drop()
        self._writer.drop()
        self._file_lock.close()

    @contextmanager
    def _held(self, lock: threading.RLock) -> Iterator[None]:
        if not lock.acquire(timeout=self._timeout):
            raise StoreError("store.busy", "too many threads wait for the database")
        try:
            if self._closed:
                raise StoreError("store.closed", "the store is closed")
            yield
        finally:
            lock.release()

    @contextmanager
    def _lent(self, slot: _Slot) -> Iterator[sqlite3.Connection]:
        with self._held(slot.lock):
            if slot.connection is None:
                slot.connection = self._connect()
            yield slot.connection

    @contextmanager
    def _all_locks(self) -> Iterator[None]:
        with ExitStack() as locks:
            for lock in (self._turn, self._writer.lock, self._reader.lock):
                locks.enter_context(lock)
            yield

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"{self._path.as_uri()}?mode=rw",  # never creates: the file's mode is ours to set
            uri=True,
            timeout=self._timeout,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            for setting in _SETTINGS:
                connection.execute(setting).fetchall()
            self._choose_journal(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _choose_journal(self, connection: sqlite3.Connection) -> None:
        journal, synced = ("wal", "FULL") if self._wal else ("delete", "EXTRA")
        ((chosen,),) = connection.execute(f"PRAGMA journal_mode = {journal}").fetchall()
        if chosen != journal:
            raise StoreError("store.journal", f"the journal is {chosen}, not {journal}")
        connection.execute(f"PRAGMA synchronous = {synced}").fetchall()

    def _undo(self, connection: sqlite3.Connection) -> None:
        """Roll back; a connection that can't is dropped, and the next one recovers."""
        try:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        except sqlite3.Error:
            self._writer.drop()


# SQLite's locks and memory don't survive a fork, and a child that closes its parent's
# connection breaks the parent's locks. So nothing is open while a process forks.
_sessions: weakref.WeakSet[Session] = weakref.WeakSet()
_forking = ExitStack()
_guarded = threading.Event()


def _guard_forks(session: Session) -> None:
    _sessions.add(session)
    if hasattr(os, "register_at_fork") and not _guarded.is_set():
        _guarded.set()
        os.register_at_fork(
            before=_before_fork, after_in_parent=_forking.close, after_in_child=_forking.close
        )


def _before_fork() -> None:
    for session in tuple(_sessions):
        _forking.enter_context(session._all_locks())  # noqa: SLF001 - same module
        session.release()

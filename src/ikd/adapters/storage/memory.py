"""The store in memory: a SQLite database without a file; all is gone when it closes."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from ikd.adapters.storage.forks import guard_forks
from ikd.adapters.storage.session import Execute
from ikd.adapters.storage.sql_store import SqlStore
from ikd.adapters.storage.sqlite_errors import wrapped
from ikd.adapters.storage.sqlite_session import SETTINGS, SQLITE
from ikd.core.errors import StoreError

T = TypeVar("T")


def memory_store() -> SqlStore:
    """Return a new and empty store; after a fork each side goes on with a copy of its own."""
    return SqlStore(MemorySession())


class MemorySession:
    """One connection behind one lock, which is never opened again: it is the database."""

    dialect = SQLITE

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._closed = False
        self._connection = sqlite3.connect(
            ":memory:", isolation_level=None, check_same_thread=False
        )
        for setting in SETTINGS:
            self._connection.execute(setting).fetchall()
        guard_forks(self)

    def read(self, act: Callable[[Execute], T]) -> T:
        """Return what *act* reads."""
        with self._lent() as execute:
            return act(execute)

    @contextmanager
    def writing(self) -> Iterator[Execute]:
        """Lend one transaction: committed at the end, undone by any error."""
        with self._lent() as execute:
            execute("BEGIN", ())
            try:
                yield execute
                execute("COMMIT", ())
            except BaseException:
                if self._connection.in_transaction:
                    execute("ROLLBACK", ())
                raise

    def tidy(self) -> None:
        """Do nothing: no byte of it lies anywhere else."""

    def close(self) -> None:
        """Forget everything; calling it twice is fine."""
        with self._lock:
            self._closed = True
            self._connection.close()

    @contextmanager
    def still(self) -> Iterator[None]:
        """Let nobody else use it meanwhile."""
        with self._lock:
            yield

    def release(self) -> None:
        """Do nothing: a fork copies the whole database."""

    @contextmanager
    def _lent(self) -> Iterator[Execute]:
        with wrapped(), self._lock:
            if self._closed:
                raise StoreError("store.closed", "the store is closed")
            yield self._connection.execute

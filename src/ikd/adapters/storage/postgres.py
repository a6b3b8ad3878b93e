"""The connections of one process to one PostgreSQL database.

Nothing here outlives a transaction on the server (no session locks, no LISTEN, no sequences),
so that a distributed PostgreSQL can stand behind it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from typing import TypeVar

import psycopg
from psycopg.errors import Diagnostic
from psycopg_pool import ConnectionPool, PoolClosed, PoolTimeout

from ikd.adapters.storage.postgres_errors import as_store_error, wrapped
from ikd.adapters.storage.postgres_url import target
from ikd.adapters.storage.session import Cursor, Dialect, Execute, Value
from ikd.adapters.storage.sql_store import SqlStore
from ikd.core.errors import StoreError

T = TypeVar("T")
Connection = psycopg.Connection[tuple[Value, ...]]

_AGAIN = frozenset({"store.conflict", "store.unreachable"})  # a read may go well the second time
_DIALECT = Dialect(
    name="postgresql",
    share=" FOR SHARE",
    skip=" FOR UPDATE SKIP LOCKED",
    blob="BYTEA",
    tail="",
)


def postgres_store(url: str, *, timeout: float = 10) -> SqlStore:
    """Open a database, making its tables if it is empty.

    Args:
        url: See ``postgres_url.target``.
        timeout: Seconds that a call waits for a connection.

    Raises:
        StoreError: It can't be used; the code says why. An older one is ``store.older``.
    """
    return SqlStore(PostgresSession(url, timeout=timeout))


class PostgresSession:
    """Opens connections when they are needed; safe to share between threads and over a fork."""

    dialect = _DIALECT

    def __init__(self, url: str, *, timeout: float = 10) -> None:
        """Connect once, so that what is wrong is told at once.

        Raises:
            StoreError: The URL can't be used, or nobody answers there.
        """
        self._target = target(url)
        self._timeout = timeout
        self._begin = f"BEGIN ISOLATION LEVEL {self._target.isolation.name.replace('_', ' ')}"
        self._pools: dict[int, ConnectionPool[Connection]] = {}
        self._closed = False
        if (fault := self._knock()) is not None:
            raise fault

    def read(self, act: Callable[[Execute], T]) -> T:
        """Return what *act* reads; it sees what is committed, and may be called twice."""
        try:
            with wrapped(), self._lent() as connection:
                return act(partial(_execute, connection))
        except StoreError as error:
            if error.code not in _AGAIN:
                raise
        with wrapped(), self._lent(again=True) as connection:
            return act(partial(_execute, connection))

    @contextmanager
    def writing(self) -> Iterator[Execute]:
        """Lend one transaction: committed at the end, undone by any error."""
        with wrapped(), ExitStack() as stack:
            connection = self._begun(stack)
            try:
                yield partial(_execute, connection)
                _commit(connection)
            except BaseException:
                with suppress(psycopg.Error):
                    connection.rollback()
                raise

    def _begun(self, stack: ExitStack) -> Connection:
        connection = stack.enter_context(self._lent())
        try:
            connection.execute(self._begin)
        except psycopg.OperationalError:  # nothing has happened yet
            stack.close()
            connection = stack.enter_context(self._lent(again=True))
            connection.execute(self._begin)
        return connection

    def tidy(self, *, whole: bool = False) -> None:
        """Do nothing: the server keeps its own house."""

    def close(self) -> None:
        """Close for good; calling it twice is fine."""
        self._closed = True
        if (pool := self._pools.pop(os.getpid(), None)) is not None:
            pool.close()

    @contextmanager
    def _lent(self, *, again: bool = False) -> Iterator[Connection]:
        pool = self._pool()
        if again:
            pool.check()  # what broke one may have broken all: the others aren't met one by one
        try:
            connection = pool.getconn()
        except PoolClosed:
            raise StoreError("store.closed", "the store is closed") from None
        except PoolTimeout:
            busy = StoreError("store.busy", "too many threads wait for the database")
            raise self._knock() or busy from None
        try:
            yield connection
        finally:
            pool.putconn(connection)

    def _pool(self) -> ConnectionPool[Connection]:
        """Return this process's own pool: another's connections don't survive a fork.

        The parent's stays where it is and is never used: to close it would end its sessions.
        """
        if self._closed:
            raise StoreError("store.closed", "the store is closed")
        pool = self._pools.get(os.getpid())
        if pool is None:
            pool = self._pools.setdefault(os.getpid(), self._new_pool())
            pool.open()
        return pool

    def _new_pool(self) -> ConnectionPool[Connection]:
        return ConnectionPool(
            self._target.conninfo,
            kwargs={"autocommit": True},
            min_size=1,
            max_size=self._target.connections,
            timeout=self._timeout,
            reconnect_timeout=self._timeout,
            open=False,
        )

    def _knock(self) -> StoreError | None:
        """Return why there is no way to the server, if there is none."""
        try:
            psycopg.connect(self._target.conninfo).close()
        except psycopg.Error as error:
            return as_store_error(error)
        return None


def _execute(connection: Connection, statement: str, values: Sequence[Value]) -> Cursor:
    return connection.execute(statement.replace("?", "%s").encode(), values)


def _commit(connection: Connection) -> None:
    """Commit; when no clear answer comes, nobody here knows what the server did.

    It warns, and calls it committed, where a wait for the synchronous replica was cut short.
    """
    warned: list[Diagnostic] = []
    connection.add_notice_handler(warned.append)
    try:
        connection.execute("COMMIT")
    except psycopg.OperationalError:
        if not connection.closed:
            raise
        warned.append(Diagnostic(None))
    finally:
        connection.remove_notice_handler(warned.append)
    if warned:
        raise StoreError("store.unknown_outcome", "no clear answer came to a commit")

"""What SQLite says, in the words of the port; no message holds a value."""

from __future__ import annotations

import sqlite3

from ikd.core.errors import IkdError, StoreError

# by primary result code, https://sqlite.org/rescode.html
_CODES = {
    sqlite3.SQLITE_BUSY: ("store.busy", "another process holds the database"),
    sqlite3.SQLITE_LOCKED: ("store.busy", "another connection holds the database"),
    sqlite3.SQLITE_FULL: ("store.full", "no room left; nothing was written"),
    sqlite3.SQLITE_CORRUPT: ("store.corrupt", "the database is damaged"),
    sqlite3.SQLITE_NOTADB: ("store.corrupt", "the file is no database"),
    sqlite3.SQLITE_READONLY: ("store.readonly", "the database can't be written"),
    sqlite3.SQLITE_PERM: ("store.readonly", "the database can't be written"),
    sqlite3.SQLITE_CANTOPEN: ("store.path", "the database or its journal can't be opened"),
    sqlite3.SQLITE_CONSTRAINT: ("store.duplicate", "a row of that name exists"),
}


class _Wrapped:
    """Turns what SQLite, its driver or the file system raises into ``StoreError``."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if isinstance(error, sqlite3.Error):
            raise as_store_error(error) from error
        if isinstance(error, IkdError):
            return  # InputError is a ValueError too, and already ours
        if isinstance(error, OverflowError | TypeError | ValueError):
            raise StoreError("store.value", "a value that no column can hold") from error
        if isinstance(error, OSError):
            told = f"the database can't be used: {error.strerror}"
            raise StoreError("store.path", told) from error


WRAPPED = _Wrapped()
"""To be entered around whatever may raise; it keeps nothing, so one serves all."""


def is_busy(error: sqlite3.Error) -> bool:
    """Whether *error* says that somebody else holds the database."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY


def as_store_error(error: sqlite3.Error) -> StoreError:
    """Return *error* in the words of the port."""
    number = getattr(error, "sqlite_errorcode", 0)
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    code, message = _CODES.get(number & 0xFF, ("store.failed", "SQLite failed"))
    return StoreError(code, f"{message} ({name})")

"""What SQLite says, in the words of the port; no message holds a value."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

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


@contextmanager
def wrapped() -> Iterator[None]:
    """Turn what SQLite, its driver or the file system raises into ``StoreError``."""
    try:
        yield
    except sqlite3.Error as error:
        raise as_store_error(error) from error
    except IkdError:
        raise  # InputError is a ValueError too, and already ours
    except (OverflowError, TypeError, ValueError) as error:
        raise StoreError("store.value", "a value that no column can hold") from error
    except OSError as error:
        raise StoreError("store.path", f"the database can't be used: {error.strerror}") from error


def is_busy(error: sqlite3.Error) -> bool:
    """Whether *error* says that somebody else holds the database."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY


def as_store_error(error: sqlite3.Error) -> StoreError:
    """Return *error* in the words of the port."""
    number = getattr(error, "sqlite_errorcode", 0)
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    code, message = _CODES.get(number & 0xFF, ("store.failed", "SQLite failed"))
    return StoreError(code, f"{message} ({name})")

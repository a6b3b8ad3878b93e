"""What PostgreSQL says, in the words of the port; no message holds a value, a name or a URL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from ikd.adapters.storage.session import GivenUpError
from ikd.core.errors import IkdError, StoreError

_AWAY = ("store.unreachable", "the server is away, or the connection to it was lost")
_DENIED = ("store.denied", "the server refuses this role, password or database")
# by SQLSTATE or its class, https://www.postgresql.org/docs/current/errcodes-appendix.html
_CODES = {
    "08": _AWAY,
    "22": ("store.value", "a value that no column can hold"),
    "23": ("store.value", "a value that its column doesn't take"),
    "23505": ("store.duplicate", "a row of that name exists"),
    "25006": ("store.readonly", "the database can't be written"),
    "25P03": _AWAY,
    "28": _DENIED,
    "3D000": _DENIED,
    "40003": ("store.unknown_outcome", "whether it was committed isn't known"),
    "42501": _DENIED,
    "53100": ("store.full", "no room left; nothing was written"),
    "53300": ("store.busy", "the server has no connection left"),
    "55P03": ("store.busy", "another transaction holds a row too long"),
    "57": _AWAY,
    "57014": ("store.busy", "a statement took too long"),
    "XX001": ("store.corrupt", "the database is damaged"),
    "XX002": ("store.corrupt", "an index of the database is damaged"),
}


@contextmanager
def wrapped() -> Iterator[None]:
    """Turn what PostgreSQL or its driver raises into ``StoreError``.

    The cause is hidden, since a server's message may quote the row.
    """
    try:
        yield
    except psycopg.Error as error:
        raise as_store_error(error) from None
    except IkdError:
        raise  # InputError is a ValueError too, and already ours
    except (OverflowError, TypeError, ValueError) as error:
        raise StoreError("store.value", "a value that no column can hold") from error


def as_store_error(error: psycopg.Error) -> StoreError:
    """Return *error* in the words of the port."""
    state = error.sqlstate or ""
    if state in {"40001", "40P01"}:  # serialization failure, deadlock
        return GivenUpError()
    code, message = _CODES.get(state) or _CODES.get(state[:2]) or _unnamed(error)
    name = type(error).__name__
    return StoreError(code, f"{message} ({f'{state} {name}'.strip()})")


def _unnamed(error: psycopg.Error) -> tuple[str, str]:
    if isinstance(error, psycopg.DataError):
        return _CODES["22"]
    if isinstance(error, psycopg.OperationalError) and not error.sqlstate:
        # the server's reason to refuse a connection isn't passed on, only that it asked
        asked = error.pgconn is not None and error.pgconn.used_password
        return _DENIED if asked else _AWAY
    return ("store.failed", "PostgreSQL failed; its log says why")

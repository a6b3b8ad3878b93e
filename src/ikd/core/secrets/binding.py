"""Binding rows to a key outside the database: a changed or a swapped one is seen when it is read.

``kid || HMAC-SHA256(key, domain, table, canonical CBOR of the columns)``, and behind it, where the
row carries something that is erased when it is done, an HMAC over both: so the row stays bound
once that is gone. An earlier copy of a row is as bound as it was; a row that is gone is not there
to be checked. Both are found by the audit alone.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime
from functools import cache

from ikd.core import cbor
from ikd.core.secrets.framing import framed
from ikd.core.secrets.sealing import SecretKey
from ikd.core.timing import to_micros

Column = str | bytes | int | datetime | None


def bind(key: SecretKey, table: str, columns: Iterable[Column], payload: bytes = b"") -> bytes:
    """Return what binds *columns* of a row of *table*, and *payload* as long as it is there."""
    plain = [to_micros(one) if isinstance(one, datetime) else one for one in columns]
    row = _mac(key, _domain(table) + framed(cbor.encode_ordered(plain)))
    whole = _mac(key, framed("ikd/payload/v1", row, payload)) if payload else b""
    return key.kid + row + whole


def is_bound(
    key: SecretKey, mac: bytes, table: str, columns: Iterable[Column], payload: bytes = b""
) -> bool:
    """Say whether *mac* binds that row under *key*."""
    made = bind(key, table, columns, payload)
    # without its payload the row alone is compared: what bound the payload stays behind it
    return hmac.compare_digest(made, mac if payload else mac[: len(made)])


@cache
def _domain(table: str) -> bytes:
    return framed("ikd/row/v1", table)


def _mac(key: SecretKey, data: bytes) -> bytes:
    return hmac.digest(key.key, data, hashlib.sha256)

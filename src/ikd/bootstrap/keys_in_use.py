"""Which of the older symmetric keys a store still needs: one that nothing needs can go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from ikd.bootstrap.migration import session_of
from ikd.core.secrets.framing import framed
from ikd.core.secrets.passcode import SCHEME as PASSCODE
from ikd.core.secrets.pin import SCHEME as PIN
from ikd.core.secrets.secret_verifier import SALT_BYTES
from ikd.service.row_binder import TABLES

if TYPE_CHECKING:
    from ikd.adapters.storage.session import Execute
    from ikd.core.secrets.sealing import SecretKey

_LASTS = {
    "challenge": timedelta(days=1),
    "captcha": timedelta(days=1),
    "fingerprint": timedelta(days=31),
    "pseudonym": timedelta(),
}
"""Keys of which nothing in the store tells: for how long after its successor was drawn one may
still be met. An answer to a repeat is kept for thirty days unless the settings say otherwise."""


def keys_in_use(
    url: str, purpose: str, keys: Sequence[SecretKey], drawn: datetime, now: datetime
) -> int:
    """Return how many rows of the store at *url* still need one of *keys* but the newest.

    Args:
        url: ``sqlite:///…`` or ``postgresql://…``.
        purpose: What the keys are for.
        keys: All keys of that purpose, newest first.
        drawn: When the newest was drawn.
        now: The present.

    Raises:
        StoreError: The store can't be used.
    """
    if purpose in _LASTS:
        return int(now.astimezone(UTC) < drawn + _LASTS[purpose])
    session = session_of(url)
    try:
        return session.read(partial(_COUNTS[purpose], keys=keys))
    finally:
        session.close()


def _wrapped(execute: Execute, keys: Sequence[SecretKey]) -> int:
    asked = "FROM secrets WHERE kind = 'data_key' AND substr(value, 2, 8) = ?"
    return sum(_count(execute, asked, key.kid) for key in keys[1:])


def _peppered(execute: Execute, keys: Sequence[SecretKey]) -> int:
    found = 0
    for kind, scheme in (("pin", PIN), ("passcode", PASSCODE)):
        at = len(framed(scheme, bytes(SALT_BYTES), b"")) + 1  # where the pepper's name begins
        asked = f"FROM secrets WHERE kind = ? AND substr(value, {at}, 8) = ?"
        found += sum(_count(execute, asked, kind, key.kid) for key in keys[1:])
    return found


def _owed(execute: Execute, keys: Sequence[SecretKey]) -> int:
    """Count what waits with a PIN that was sealed under an older key; it names that key."""
    rows = execute("SELECT payload FROM outbox WHERE ended IS NULL", ()).fetchall()
    payloads = [row[0] for row in rows if isinstance(row[0], bytes)]
    return sum(any(key.kid in payload for key in keys[1:]) for payload in payloads)


def _bound(execute: Execute, keys: Sequence[SecretKey]) -> int:
    names = [table.name for table in TABLES.values()]
    asked = [f"FROM {name} WHERE mac IS NOT NULL AND substr(mac, 1, 8) = ?" for name in names]
    return sum(_count(execute, one, key.kid) for one in asked for key in keys[1:])


def _indexed(execute: Execute, keys: Sequence[SecretKey]) -> int:
    """Count the residents who aren't known under every key; the others are under the newest."""
    owners = "SELECT owner FROM claims WHERE space = 'nik' GROUP BY owner HAVING count(*) < ?"
    return _count(execute, f"FROM ({owners}) AS known", len(keys))


def _count(execute: Execute, asked: str, *values: str | bytes | int) -> int:
    return int(execute(f"SELECT count(*) {asked}", values).fetchall()[0][0] or 0)


_COUNTS: dict[str, Callable[..., int]] = {
    "wrap": _wrapped,
    "pepper": _peppered,
    "outbox": _owed,
    "row": _bound,
    "index": _indexed,
}

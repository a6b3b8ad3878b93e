"""A file of other issuers' keys, kept by whoever verifies."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime

from ikd.core.errors import IkdError, InputError
from ikd.core.tokens.foreignkeys import ForeignKey
from ikd.core.tokens.publickey import PublicKey

_NEEDED = frozenset({"issuer", "name", "pem"})
_ALLOWED = _NEEDED | {"kid", "not_before", "not_after"}


def parse_foreign_keys(data: bytes) -> tuple[ForeignKey, ...]:
    """Return the keys in a TOML file of ``[[key]]`` tables.

    Raises:
        InputError: It isn't TOML or holds something else (``foreign.form``), or an entry isn't
            one (``foreign.key``, with its place).
    """
    try:
        found = tomllib.loads(data.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError("foreign.form", "not TOML") from error
    entries = found.get("key")
    if found.keys() != {"key"} or not isinstance(entries, list):
        raise InputError("foreign.form", "tables [[key]] and nothing else")
    return tuple(_key(f"key[{number}]", entry) for number, entry in enumerate(entries))


def _key(place: str, entry: object) -> ForeignKey:
    if not isinstance(entry, Mapping) or not _NEEDED <= entry.keys() <= _ALLOWED:
        raise InputError("foreign.key", f"{place}: issuer, name, pem; may have {_OPTIONAL}")
    try:
        return ForeignKey(
            kid=bytes.fromhex(_text(entry.get("kid", ""))),
            key=PublicKey.from_pem(_text(entry["pem"]).encode()),
            issuer=_text(entry["issuer"]),
            name=_text(entry["name"]),
            not_before=_time(entry.get("not_before")),
            not_after=_time(entry.get("not_after")),
        )
    except (IkdError, ValueError) as error:
        why = f"{error}" if isinstance(error, IkdError) else "kid is hexadecimal, the rest text"
        raise InputError("foreign.key", f"{place}: {why}") from error


_OPTIONAL = ", ".join(sorted(_ALLOWED - _NEEDED))


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    raise ValueError


def _time(value: object) -> datetime | None:
    if value is None or isinstance(value, datetime):
        return value
    raise InputError("time.naive", "a time must carry its zone")

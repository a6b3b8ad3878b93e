"""A verifier's files: keyring, status lists and policy, read once, and remembered."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from ikd.core.errors import InputError, PortError
from ikd.core.tokens.keyring import Keyring
from ikd.core.tokens.lookups import TrustMemory
from ikd.core.tokens.policy import Policy
from ikd.core.tokens.publickey import PublicKey
from ikd.core.tokens.status import StatusList, read_list

MOST = 16 * 2**20  # bytes of any file here; a list of sixteen million places has fewer

File = bytes | str | Path
"""What is in a file, or the path of one."""


def read_keyring(
    given: File, root: PublicKey, *, now: datetime, memory: TrustMemory | None = None
) -> Keyring:
    """Return a keyring, not older than *memory* knows, and remember it.

    Raises:
        TokenError: It isn't one, isn't signed by the root, or is older (``rollback``).
        PortError: The file can't be read (``trust.file``), or the memory failed.
    """
    highest = 0 if memory is None else memory.newest_keyring()
    ring = Keyring.read(read_file(given), [root], now=now, highest_version=highest)
    if memory is not None:
        memory.saw_keyring(ring.version)
    return ring


def read_lists(
    given: Iterable[File], ring: Keyring, *, now: datetime, memory: TrustMemory | None = None
) -> tuple[StatusList, ...]:
    """Return status lists, none older than *memory* knows, and remember them.

    A file is believed by its signature, and by the address that it says of itself: only
    credentials that name that address ask it.

    Raises:
        TokenError: One isn't a list, isn't signed by a key for lists, or is older.
        PortError: As ``read_keyring``.
    """
    found = []
    for one in given:
        data = read_file(one)
        uri = read_list(data, ring, now=now).uri
        newest = None if memory is None else memory.newest_list(uri)
        listed = read_list(data, ring, uri=uri, now=now, newest=newest)
        if memory is not None:
            memory.saw_list(uri, listed.issued_at)
        found.append(listed)
    return tuple(found)


def read_policy(given: File | Mapping[str, Any] | Policy | None) -> Policy:
    """Return a policy from data or a TOML file; the usual one for None.

    Raises:
        InputError: It isn't TOML (``policy.toml``), or holds something else than a policy.
        PortError: The file can't be read (``trust.file``).
    """
    if given is None or isinstance(given, Policy):
        return given or Policy()
    if isinstance(given, Mapping):
        return Policy.of(given)
    try:
        return Policy.of(tomllib.loads(read_file(given).decode()))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError("policy.toml", "bukan TOML / not TOML") from error


def read_file(given: File) -> bytes:
    """Return what is in a file of reasonable size.

    Raises:
        InputError: It is larger (``trust.size``), or *given* is no file (``trust.form``).
        PortError: It can't be read (``trust.file``).
    """
    if isinstance(given, bytes):
        return given
    if not isinstance(given, str | Path):
        raise InputError("trust.form", "bytes, or the path of a file")
    path = Path(given)
    try:
        with path.open("rb") as file:
            data = file.read(MOST + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "no path"
        raise PortError("trust.file", f"{path.name}: {why}", port="trust") from error
    if len(data) > MOST:
        raise InputError("trust.size", f"{path.name}: terlalu besar / too large")
    return data

"""A verifier's files: keyring, status lists and policy, read once, and remembered."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from ikd.adapters.trust.foreign_key_file import parse_foreign_keys
from ikd.adapters.trust.regular import read_regular
from ikd.core.errors import NO_PATH, InputError, PortError, TokenError, shown_path
from ikd.core.tokens.foreignkeys import ForeignKey
from ikd.core.tokens.keyring import Keyring
from ikd.core.tokens.memories import TrustMemory
from ikd.core.tokens.policy import Policy
from ikd.core.tokens.publickey import PublicKey
from ikd.core.tokens.statuslist import StatusList

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
        TokenError: One isn't a list, isn't signed by a key for lists, or is older; of several
            the message names it.
        PortError: As ``read_keyring``.
    """
    files = tuple(given)
    found = []
    for number, one in enumerate(files):
        try:
            found.append(_read_list(one, ring, now=now, memory=memory))
        except TokenError as error:
            if len(files) == 1:
                raise
            name = f"status[{number}]" if isinstance(one, bytes) else _name(Path(one))
            raise TokenError(error.fault, name) from error
    return tuple(found)


def _read_list(
    given: File, ring: Keyring, *, now: datetime, memory: TrustMemory | None
) -> StatusList:
    data = read_file(given)
    uri = StatusList.read(data, ring, now=now).uri
    newest = None if memory is None else memory.newest_list(uri)
    listed = StatusList.read(data, ring, uri=uri, now=now, newest=newest)
    if memory is not None:
        memory.saw_list(uri, listed.issued_at)
    return listed


def read_policy(given: File | Mapping[str, object] | Policy | None) -> Policy:
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


def read_foreign_keys(given: File | Iterable[ForeignKey] | None) -> tuple[ForeignKey, ...]:
    """Return the keys of other issuers, from a TOML file or as they are.

    Raises:
        InputError: It isn't such a file (``foreign.form``, ``foreign.key``).
        PortError: The file can't be read (``trust.file``).
    """
    if given is None:
        return ()
    if isinstance(given, bytes | str | Path):
        return parse_foreign_keys(read_file(given))
    return tuple(given)


def read_file(given: File) -> bytes:
    """Return what is in a regular file of reasonable size.

    Raises:
        InputError: It is larger (``trust.size``), or *given* is no file (``trust.form``).
        PortError: It can't be read (``trust.file``).
    """
    if isinstance(given, bytes):
        return given
    if not isinstance(given, str | Path):
        raise InputError("trust.form", "bytes, or the path of a file")
    if shown_path(given) == NO_PATH:  # maybe a key: neither asked for nor told
        raise InputError("trust.form", "bukan nama berkas / no name of a file")
    path = Path(given)
    try:
        data = read_regular(path, MOST)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "no path"
        raise PortError("trust.file", f"{_name(path)}: {why}", port="trust") from error
    if data is None:
        raise InputError("trust.form", f"{_name(path)}: bukan berkas biasa / no regular file")
    if len(data) > MOST:
        raise InputError("trust.size", f"{_name(path)}: terlalu besar / too large")
    return data


def _name(path: Path) -> str:
    return shown_path(path).replace("\\", "/").rpartition("/")[2]

"""What a verifier starts from: root, keyring, status lists and policy, each a file."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ikd.cli.ending import CannotError, Exit

if TYPE_CHECKING:
    from ikd.core.tokens.keyring import Keyring
    from ikd.core.tokens.lookups import TrustMemory
    from ikd.core.tokens.policy import Policy
    from ikd.core.tokens.publickey import PublicKey
    from ikd.core.tokens.status import StatusList

PUBLIC = ("keyring.cbor", "root.pub.pem", "issuer.pub.pem")
_ROOTS = ("root.pub.pem", "root.pem")
MOST = 16 * 2**20  # bytes of any file here; a list of sixteen million places has fewer


def find_root(keyring: Path, given: Path | None) -> PublicKey:
    """Return the root key in *given*, or in the file beside the keyring.

    Whoever can write beside the keyring can choose its root too: a verifier that is used in
    earnest names its own copy.

    Raises:
        CannotError: There is no such file.
        KeySourceError: It holds no Ed25519 public key (``keys.corrupt``).
    """
    from ikd.adapters.keys.pair import read_public_pem

    beside = [keyring.with_name(name) for name in _ROOTS]
    found = given or next((path for path in beside if path.is_file()), None)
    if found is None:
        raise CannotError("--root: kunci akar tidak ada / no root key beside the keyring")
    return read_public_pem(read_file(found))


def read_keyring(
    path: Path, root: PublicKey, *, now: datetime, memory: TrustMemory | None = None
) -> Keyring:
    """Return the keyring in a file, not older than *memory* knows, and remember it.

    Raises:
        TokenError: It isn't one, isn't signed by the root, or is older (``rollback``).
    """
    from ikd.core.tokens.keyring import Keyring

    highest = memory.newest_keyring() if memory else 0
    ring = Keyring.read(read_file(path), [root], now=now, highest_version=highest)
    if memory:
        memory.saw_keyring(ring.version)
    return ring


def read_lists(
    paths: Iterable[Path], ring: Keyring, *, now: datetime, memory: TrustMemory | None = None
) -> tuple[StatusList, ...]:
    """Return the status lists in files, none older than *memory* knows, and remember them.

    A file is believed by its signature, and by the address that it says of itself: only
    credentials that name that address ask it.

    Raises:
        TokenError: One isn't a list, isn't signed by a key for lists, or is older.
    """
    from ikd.core.tokens.status import read_list

    found = []
    for path in paths:
        data = read_file(path)
        uri = read_list(data, ring, now=now).uri
        newest = memory.newest_list(uri) if memory else None
        one = read_list(data, ring, uri=uri, now=now, newest=newest)
        if memory:
            memory.saw_list(uri, one.issued_at)
        found.append(one)
    return tuple(found)


def read_policy(path: Path | None) -> Policy:
    """Return the policy in a TOML file, or the usual one.

    Raises:
        CannotError: The file isn't TOML, or holds something else than a policy.
    """
    from ikd.core.errors import InputError
    from ikd.core.tokens.policy import Policy

    if path is None:
        return Policy()
    try:
        return Policy.of(tomllib.loads(read_file(path).decode()))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CannotError(f"{path.name}: bukan / not TOML", Exit.USAGE) from error
    except InputError as error:
        raise CannotError(f"{path.name}: {error}", Exit.USAGE) from error


def read_file(path: Path) -> bytes:
    """Return what is in a file of reasonable size.

    Raises:
        CannotError: It is larger.
        OSError: It can't be read.
    """
    with path.open("rb") as file:
        data = file.read(MOST + 1)
    if len(data) > MOST:
        raise CannotError(f"{path.name}: terlalu besar / too large")
    return data

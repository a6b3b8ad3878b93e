"""What a verifier starts from, as the command line names it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ikd.cli.ending import CannotError, Exit

if TYPE_CHECKING:
    from ikd.core.tokens.foreignkeys import ForeignKey
    from ikd.core.tokens.keyring import Keyring
    from ikd.core.tokens.policy import Policy
    from ikd.core.tokens.publickey import PublicKey
    from ikd.core.tokens.statuslist import StatusList

PUBLIC = ("keyring.cbor", "root.pub.pem", "issuer.pub.pem")
_ROOTS = ("root.pub.pem", "root.pem")


def read_keyring(
    path: Path, root: Path | None, *, now: datetime, memory: Path | None = None
) -> Keyring:
    """Return the keyring in a file, signed by the *root* in a file or in the one beside it.

    Whoever can write beside the keyring can choose its root too: a verifier that is used in
    earnest names its own copy.

    Raises:
        CannotError: There is no root, or it is no public key.
        AtFileError: The keyring, the root or the memory is at fault.
    """
    from ikd.adapters.trust import FileTrust
    from ikd.adapters.trust.files import read_file, read_keyring
    from ikd.cli.faults import at

    with at(path, memory=memory, code=Exit.OUTSIDE):
        data = read_file(path)
    key = _read_root(path, root)
    with at(path, memory=memory, code=Exit.OUTSIDE):
        return read_keyring(data, key, now=now, memory=FileTrust(memory) if memory else None)


def read_lists(
    paths: Iterable[Path], ring: Keyring, *, now: datetime, memory: Path | None = None
) -> tuple[StatusList, ...]:
    """Return the status lists in files.

    Raises:
        AtFileError: A list or the memory is at fault.
    """
    from ikd.adapters.trust import FileTrust
    from ikd.adapters.trust.files import read_lists
    from ikd.cli.faults import at

    seen = FileTrust(memory) if memory else None
    found: list[StatusList] = []
    for path in paths:
        with at(path, memory=memory, code=Exit.OUTSIDE):
            found += read_lists([path], ring, now=now, memory=seen)
    return tuple(found)


def read_policy(path: Path | None) -> Policy:
    """Return the policy in a TOML file, or the usual one.

    Raises:
        AtFileError: The file can't be read, or holds something else than a policy.
    """
    from ikd.adapters.trust.files import read_file, read_policy
    from ikd.cli.faults import at

    with at(path or "--policy", code=Exit.OUTSIDE):
        data = None if path is None else read_file(path)
    with at(path or "--policy"):
        return read_policy(data)


def read_foreign_keys(path: Path | None) -> tuple[ForeignKey, ...]:
    """Return the keys of other issuers in a TOML file.

    Raises:
        AtFileError: The file can't be read, or holds something else.
    """
    from ikd.adapters.trust.files import read_foreign_keys
    from ikd.cli.faults import at

    with at(path or "--foreign", code=Exit.OUTSIDE):
        return read_foreign_keys(path)


def _read_root(keyring: Path, given: Path | None) -> PublicKey:
    from ikd.adapters.keys.pair import read_public_pem
    from ikd.adapters.trust.files import read_file
    from ikd.cli.faults import at
    from ikd.core.errors import KeySourceError

    beside = [keyring.with_name(name) for name in _ROOTS]
    found = given or next((path for path in beside if path.is_file()), None)
    if found is None:
        words = "kunci akar tidak ada di sampingnya; sebut dengan --root / no root key beside it"
        raise CannotError(f"{keyring}: {words}; name one with --root", Exit.OUTSIDE)
    with at(found, code=Exit.OUTSIDE):
        data = read_file(found)
    try:
        return read_public_pem(data)
    except KeySourceError as error:
        raise _no_root(found, data) from error


def _no_root(path: Path, data: bytes) -> CannotError:
    words = (
        "ini kunci pribadi, jangan dibagikan; pakai root.pub.pem / a private key, not to be "
        "shared; use root.pub.pem"
        if b"PRIVATE KEY-----" in data
        else "bukan kunci publik akar; pakai root.pub.pem / no public root key; use root.pub.pem"
    )
    return CannotError(f"{path}: {words} (keys.corrupt)", Exit.OUTSIDE)

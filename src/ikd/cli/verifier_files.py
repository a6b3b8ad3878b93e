"""What a verifier starts from, as the command line names it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from ikd.adapters.keys.pair import read_public_pem
from ikd.adapters.trust import FileTrust, files
from ikd.cli.failures import CannotError, Exit, at
from ikd.cli.language import text
from ikd.core.errors import KeySourceError
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
    with at(path, memory=memory, code=Exit.OUTSIDE):
        data = files.read_file(path)
    key = _read_root(path, root)
    with at(path, memory=memory, code=Exit.OUTSIDE):
        return files.read_keyring(data, key, now=now, memory=FileTrust(memory) if memory else None)


def read_lists(
    paths: Iterable[Path], ring: Keyring, *, now: datetime, memory: Path | None = None
) -> tuple[StatusList, ...]:
    """Return the status lists in files.

    Raises:
        AtFileError: A list or the memory is at fault.
    """
    seen = FileTrust(memory) if memory else None
    found: list[StatusList] = []
    for path in paths:
        with at(path, memory=memory, code=Exit.OUTSIDE):
            found += files.read_lists([path], ring, now=now, memory=seen)
    return tuple(found)


def read_policy(path: Path | None) -> Policy:
    """Return the policy in a TOML file, or the usual one.

    Raises:
        AtFileError: The file can't be read, or holds something else than a policy.
    """
    with at(path or "--policy", code=Exit.OUTSIDE):
        data = None if path is None else files.read_file(path)
    with at(path or "--policy"):
        return files.read_policy(data)


def read_foreign_keys(path: Path | None) -> tuple[ForeignKey, ...]:
    """Return the keys of other issuers in a TOML file.

    Raises:
        AtFileError: The file can't be read, or holds something else.
    """
    with at(path or "--foreign", code=Exit.OUTSIDE):
        return files.read_foreign_keys(path)


def _read_root(keyring: Path, given: Path | None) -> PublicKey:
    beside = [keyring.with_name(name) for name in _ROOTS]
    found = given or next((path for path in beside if path.is_file()), None)
    if found is None:
        raise CannotError(f"{keyring}: {text('verifier.no_root')}", Exit.OUTSIDE)
    with at(found, code=Exit.OUTSIDE):
        data = files.read_file(found)
    try:
        return read_public_pem(data)
    except KeySourceError as error:
        raise _no_root(found, data) from error


def _no_root(path: Path, data: bytes) -> CannotError:
    told = text("verifier.private" if b"PRIVATE KEY-----" in data else "verifier.not_public")
    return CannotError(f"{path}: {told} (keys.corrupt)", Exit.OUTSIDE)

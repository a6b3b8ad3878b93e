"""What a verifier starts from, as the command line names it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from ikd.adapters.keys.pair import read_public_pem
from ikd.adapters.trust import FileTrust, trust_files
from ikd.cli.failures import CannotError, Exit, at
from ikd.cli.language import text
from ikd.cli.output import check_place
from ikd.core.errors import KeySourceError
from ikd.core.tokens.keyring import Keyring
from ikd.core.tokens.publickey import PublicKey
from ikd.core.tokens.statuslist import StatusList
from ikd.core.tokens.verifier import Verifier

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
        data = trust_files.read_file(path)
    key = _read_root(path, root)
    with at(path, memory=memory, code=Exit.OUTSIDE):
        return trust_files.read_keyring(
            data, key, now=now, memory=FileTrust(memory) if memory else None
        )


def read_verifier(
    keyring: Path,
    root: Path | None,
    status: Iterable[Path],
    *,
    policy: Path | None,
    foreign: Path | None,
    memory: Path | None,
    now: datetime,
) -> Verifier:
    """Return a verifier that starts from files.

    Args:
        keyring: Whose signatures count.
        root: The key that signs keyrings; None for the one beside the keyring.
        status: Status lists.
        policy: What to make of doubt; None for the usual one.
        foreign: Keys of other issuers.
        memory: What was seen before, against rollback.
        now: The present.

    Raises:
        CannotError: There is no root, or it is no public key.
        AtFileError: A file is at fault.
    """
    if memory:
        check_place(memory)
    ring = read_keyring(keyring, root, now=now, memory=memory)
    seen, lists = FileTrust(memory) if memory else None, list[StatusList]()
    for path in status:
        with at(path, memory=memory, code=Exit.OUTSIDE):
            lists += trust_files.read_lists([path], ring, now=now, memory=seen)
    with at(policy or "--policy", code=Exit.OUTSIDE):
        rules = None if policy is None else trust_files.read_file(policy)
    with at(policy or "--policy"):
        chosen = trust_files.read_policy(rules)
    with at(foreign or "--foreign", code=Exit.OUTSIDE):
        others = trust_files.read_foreign_keys(foreign)
    return Verifier(ring, lists, chosen, foreign_keys=others)


def _read_root(keyring: Path, given: Path | None) -> PublicKey:
    beside = [keyring.with_name(name) for name in _ROOTS]
    found = given or next((path for path in beside if path.is_file()), None)
    if found is None:
        raise CannotError(f"{keyring}: {text('verifier.no_root')}", Exit.OUTSIDE)
    with at(found, code=Exit.OUTSIDE):
        data = trust_files.read_file(found)
    try:
        return read_public_pem(data)
    except KeySourceError as error:
        raise _no_root(found, data) from error


def _no_root(path: Path, data: bytes) -> CannotError:
    told = text("verifier.private" if b"PRIVATE KEY-----" in data else "verifier.not_public")
    return CannotError(f"{path}: {told} (keys.corrupt)", Exit.OUTSIDE)

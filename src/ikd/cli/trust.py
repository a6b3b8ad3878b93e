"""What a verifier starts from, as the command line names it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ikd.cli.ending import CannotError, Exit

if TYPE_CHECKING:
    from ikd.core.tokens.policy import Policy
    from ikd.core.tokens.publickey import PublicKey

PUBLIC = ("keyring.cbor", "root.pub.pem", "issuer.pub.pem")
_ROOTS = ("root.pub.pem", "root.pem")


def find_root(keyring: Path, given: Path | None) -> PublicKey:
    """Return the root key in *given*, or in the file beside the keyring.

    Whoever can write beside the keyring can choose its root too: a verifier that is used in
    earnest names its own copy.

    Raises:
        CannotError: There is no such file.
        KeySourceError: It holds no Ed25519 public key (``keys.corrupt``).
    """
    from ikd.adapters.keys.pair import read_public_pem
    from ikd.adapters.trust.files import read_file

    beside = [keyring.with_name(name) for name in _ROOTS]
    found = given or next((path for path in beside if path.is_file()), None)
    if found is None:
        raise CannotError("--root: kunci akar tidak ada / no root key beside the keyring")
    return read_public_pem(read_file(found))


def read_policy(path: Path | None) -> Policy:
    """Return the policy in a TOML file, or the usual one.

    Raises:
        CannotError: The file isn't TOML, or holds something else than a policy.
    """
    from ikd.adapters.trust.files import read_policy
    from ikd.core.errors import InputError

    try:
        return read_policy(path)
    except InputError as error:
        name = path.name if path else ""
        raise CannotError(f"{name}: {error}", Exit.USAGE) from error

"""A verifier from its files: root, keyring, status lists and policy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ikd.adapters.keys.pair import read_public_pem
from ikd.adapters.system import SystemClock
from ikd.adapters.trust import FileTrust, SeenTokens
from ikd.adapters.trust.trust_files import (
    File,
    read_file,
    read_foreign_keys,
    read_keyring,
    read_lists,
    read_policy,
)
from ikd.core.tokens.policy import Policy
from ikd.core.tokens.publickey import PublicKey
from ikd.core.tokens.verifier import Verifier

if TYPE_CHECKING:
    from ikd.core.tokens.foreignkeys import ForeignKey
    from ikd.core.tokens.memories import ReplayMemory, Resolver, TrustMemory


def open_verifier(  # noqa: PLR0913 - each is a thing that a verifier may be given
    keyring: File,
    *,
    root: File | PublicKey,
    status: File | Iterable[File] = (),
    policy: File | Mapping[str, object] | Policy | None = None,
    memory: TrustMemory | str | Path | None = None,
    replay: ReplayMemory | None = None,
    resolve: Resolver | None = None,
    foreign: File | Iterable[ForeignKey] | None = None,
    now: datetime | None = None,
) -> Verifier:
    """Open a verifier over files that somebody handed over; it needs no network.

    Each file is given by its path or as the bytes in it. Open a new one when newer files come;
    what was loaded grows old, and the verdicts say so.

    Args:
        keyring: Whose signatures count (``keyring.cbor``).
        root: The key that signs keyrings (PEM). Keep your own copy: whoever can exchange it can
            exchange everything.
        status: The status list or lists; without one every credential is in doubt.
        policy: What to make of doubt: a mapping, a TOML file, or the usual one.
        memory: A file that remembers the newest keyring and lists, so that nobody can hand over
            older ones in which a stolen key still counts.
        replay: Remembers presentations; in this process if not given.
        resolve: Finds credentials that are presented by hash.
        foreign: Keys of other issuers (a TOML file, or the keys); the policy decides whether
            what they signed is a warning or refused.
        now: The present; the system's if not given.

    Raises:
        TokenError: A file isn't what it should be, isn't signed by the root, or is older than
            what was seen before (``token.rollback``).
        KeySourceError: *root* is no Ed25519 public key (``keys.corrupt``).
        InputError: The policy or the foreign keys aren't any.
        PortError: A file or the memory can't be read.
    """
    moment = now or SystemClock().now()
    seen = FileTrust(memory) if isinstance(memory, str | Path) else memory
    trusted = root if isinstance(root, PublicKey) else read_public_pem(read_file(root))
    ring = read_keyring(keyring, trusted, now=moment, memory=seen)
    files = status if isinstance(status, Iterable) and not isinstance(status, File) else (status,)
    return Verifier(
        ring,
        read_lists(files, ring, now=moment, memory=seen),
        read_policy(policy),
        replay=SeenTokens() if replay is None else replay,
        resolve=resolve,
        foreign_keys=read_foreign_keys(foreign),
    )

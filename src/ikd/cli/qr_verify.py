"""``ikd qr verify`` before anything is printed: what it reads, checks and ends with."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import attrs

from ikd.adapters.system import SystemClock
from ikd.cli.failures import AtFileError, CannotError, Exit
from ikd.cli.output import check_place
from ikd.cli.qr_input import token_in
from ikd.cli.verifier_files import read_foreign_keys, read_keyring, read_lists, read_policy
from ikd.core.errors import IkdError
from ikd.core.tokens.verdict import Verdict
from ikd.core.tokens.verifier import Verifier

FAULTS = (AtFileError, CannotError, IkdError)
"""What ``check`` raises where there is no verdict."""


@attrs.frozen(kw_only=True)
class VerifierFiles:
    """The files that a verifier starts from.

    Attributes:
        keyring: Whose signatures count.
        root: The key that signs keyrings; None for the one beside the keyring.
        status: Status lists.
        policy: What to make of doubt; None for the usual one.
        foreign: Keys of other issuers.
        memory: What was seen before, against rollback.
    """

    keyring: Path
    root: Path | None = None
    status: Sequence[Path] = ()
    policy: Path | None = None
    foreign: Path | None = None
    memory: Path | None = None


@attrs.frozen(kw_only=True)
class Checked:
    """What came of a check.

    Attributes:
        verdict: What the verifier says.
        code: What the command ends with.
        beside: Whether the root key was taken from beside the keyring, unnamed.
    """

    verdict: Verdict
    code: Exit
    beside: bool


def check(
    given: str, files: VerifierFiles, *, challenge: bytes = b"", strict: bool = False
) -> Checked:
    """Return what is to be made of the token that *given* is or holds.

    Args:
        given: The text, a file or a picture with it, or ``-`` for standard input.
        files: What the verifier starts from.
        challenge: What the phone was given.
        strict: Whether a doubt ends as a refusal does.

    Raises:
        CannotError: There is no root, or *given* holds no token.
        AtFileError: A file is at fault; the verifier's own end with 3, a picture with 4.
    """
    now, memory, beside = SystemClock().now(), files.memory, files.root is None
    if memory:
        check_place(memory)
    ring = read_keyring(files.keyring, files.root, now=now, memory=memory)
    verifier = Verifier(
        ring,
        read_lists(files.status, ring, now=now, memory=memory),
        read_policy(files.policy),
        foreign_keys=read_foreign_keys(files.foreign),
    )
    verdict = verifier.check(token_in(given), now=now, challenge=challenge)
    doubtful = strict and (beside or verdict.outcome == "warn")
    refused = verdict.outcome == "refuse" or doubtful
    return Checked(verdict=verdict, code=Exit.REFUSED if refused else Exit.OK, beside=beside)

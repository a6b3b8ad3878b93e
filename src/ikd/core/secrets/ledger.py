"""The tries of a secret: one rule for the PIN, the sign-in by PIN and the passcode.

A try is a wrong comparison; a right one costs none, and neither does a guess at a secret that
no longer counts. A new secret never refills the whole (NIST SP 800-63B-4 3.2.2).
"""

from __future__ import annotations

from collections.abc import Callable

import attrs

from ikd.core.errors import RefusedError
from ikd.core.ids import RecordId

Matches = Callable[[bytes | None, bytes], bool]


@attrs.frozen(kw_only=True)
class Left:
    """What is left after a wrong guess.

    Attributes:
        here: Tries left for this secret; at 0 it is dead.
        whole: Tries left whatever secrets come.
    """

    here: int
    whole: int


@attrs.frozen(kw_only=True)
class Ledger:
    """What one secret has met so far, and what it may meet.

    Attributes:
        word: What its refusals are called after: ``pin``, ``passcode``.
        secret_id: The secret that counts now; ``None`` if it is dead or none was made.
        met: Wrong tries that this secret has met.
        limit: How many it may meet.
        met_whole: Wrong tries over all secrets that it stands in a row with.
        limit_whole: How many those may meet.
        matches: Compares a verifier with a candidate, in constant time.
    """

    word: str
    secret_id: RecordId | None
    met: int
    limit: int
    met_whole: int
    limit_whole: int
    matches: Matches

    def check(self, guessed_at: RecordId | None) -> None:
        """Refuse a guess that can't be at the secret that counts; it costs nothing.

        Raises:
            RefusedError: No secret counts (``pin.dead``), or the one that was guessed at was
                superseded meanwhile (``pin.superseded``).
        """
        if self.secret_id is None:
            raise RefusedError(f"{self.word}.dead", "it no longer counts; ask for a new one")
        if guessed_at != self.secret_id:
            raise RefusedError(f"{self.word}.superseded", "a newer one was made meanwhile")

    def compare(self, verifier: bytes | None, candidate: bytes) -> Left | None:
        """Return ``None`` for the right secret, or what is left after a wrong one."""
        if self.matches(verifier, candidate):
            return None
        whole = max(0, self.limit_whole - self.met_whole - 1)
        return Left(here=max(0, min(self.limit - self.met - 1, whole)), whole=whole)

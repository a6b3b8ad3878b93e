"""Randomness that repeats, for tests whose failures must repeat."""

from __future__ import annotations

import hashlib
import itertools

from ikd.core.ports import Entropy
from ikd.core.secrets.framing import framed


def seeded_entropy(seed: str | bytes | int = 0) -> Entropy:
    """Return entropy that gives the same bytes in the same order for the same *seed*.

    They look random and depend on the seed alone; **never** for real keys. Safe to share between
    threads: no two calls get the same bytes, but which thread gets which depends on who asks
    first.
    """
    calls, own = itertools.count(1), str(seed) if isinstance(seed, int) else seed

    def entropy(size: int) -> bytes:
        stream = framed("ikd/seeded-entropy, for tests only", own, str(next(calls)))
        return hashlib.shake_256(stream).digest(size)

    return entropy

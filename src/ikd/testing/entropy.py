"""Randomness that repeats, for tests whose failures must repeat."""

from __future__ import annotations

import hashlib
import threading

from ikd.core.secrets.framing import framed


class SeededEntropy:
    """Random-looking bytes that depend on the seed alone; **never** for real keys.

    Safe to share between threads: no two calls get the same bytes, but which thread gets
    which depends on who asks first.
    """

    def __init__(self, seed: str | bytes) -> None:
        self._seed = seed
        self._calls = 0
        self._lock = threading.Lock()

    def __call__(self, size: int) -> bytes:
        """Return the next *size* bytes."""
        with self._lock:
            self._calls += 1
            call = self._calls
        stream = framed("ikd/seeded-entropy, for tests only", self._seed, str(call))
        return hashlib.shake_256(stream).digest(size)


def seeded_entropy(seed: str | bytes | int = 0) -> SeededEntropy:
    """Return entropy that gives the same bytes in the same order for the same *seed*."""
    return SeededEntropy(str(seed) if isinstance(seed, int) else seed)

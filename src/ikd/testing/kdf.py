"""A KDF for tests that activate thousands of times a second."""

from __future__ import annotations

import hashlib

from ikd.core.secrets.framing import framed


def quick_kdf(secret: bytes, salt: bytes) -> bytes:
    """Return 32 bytes at once; **never** for real residents: it slows no search."""
    return hashlib.sha256(framed("ikd/quick-kdf, for tests only", salt, secret)).digest()

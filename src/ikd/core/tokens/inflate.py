"""Zlib with a cap: what comes out is bounded before it is there."""

from __future__ import annotations

import zlib

from ikd.core.errors import TokenError


def deflate(data: bytes) -> bytes:
    """Return *data* compressed at level 9, as claim 169 asks even where it doesn't help."""
    return zlib.compress(data, 9)


def inflate(data: bytes, *, max_bytes: int) -> bytes:
    """Return what *data* holds: one whole zlib stream, nothing after it.

    Raises:
        TokenError: Not zlib, cut short, with bytes after its end, or holding more than
            *max_bytes* (``zlib``).
    """
    machine = zlib.decompressobj()
    try:
        result = machine.decompress(data, max_bytes + 1)
    except zlib.error as error:
        raise TokenError("zlib") from error
    # At eof nothing is left in unconsumed_tail; a bomb stops at the cap and never gets there.
    if not machine.eof or machine.unused_data or len(result) > max_bytes:
        raise TokenError("zlib", "cut short, too long, or more after its end")
    return result

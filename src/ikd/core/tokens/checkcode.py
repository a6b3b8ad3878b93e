"""The short code that both screens show, so that people notice a swapped QR."""

from __future__ import annotations

import hashlib

from ikd.core.tokens.cwt import HASH_BYTES, exact_bytes


def check_code(transcript: bytes, device_thumbprint: bytes) -> str:
    """Return four digits that depend on the pairing token and on the device's key.

    A relayed picture ends in a different pair of values, so the screens differ but for
    one case in ten thousand, and each try costs a visit at the counter.

    Args:
        transcript: SHA-256 over the text of the pairing token.
        device_thumbprint: SHA-256 thumbprint of the device's key.

    Raises:
        TokenError: A value hasn't 32 bytes (``claims``).
    """
    both = exact_bytes(transcript, HASH_BYTES) + exact_bytes(device_thumbprint, HASH_BYTES)
    number = int.from_bytes(hashlib.sha256(b"ikd/check/1" + both).digest()[:8], "big")
    return f"{number % 10_000:04d}"

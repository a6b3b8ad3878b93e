"""Base45 (RFC 9285): bytes as the characters that QR symbols pack densest."""

from __future__ import annotations

import re
import struct

from ikd.core.errors import TokenError

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_TEXT = re.compile(r"[0-9A-Z $%*+./:-]*", re.ASCII)
_VALUE = bytes.maketrans(_ALPHABET.encode(), bytes(range(45)))
_PAIRS = tuple(low + high for high in _ALPHABET for low in _ALPHABET)


def encode(data: bytes) -> str:
    """Return *data* as base45; two bytes become three characters, a last one becomes two."""
    even = len(data) & ~1
    words = struct.unpack(f">{even // 2}H", data[:even])
    text = "".join([_PAIRS[word % 2025] + _ALPHABET[word // 2025] for word in words])
    return text + _PAIRS[data[-1]] if even < len(data) else text


def decode(text: str) -> bytes:
    """Return the bytes whose base45 form is exactly *text*.

    Raises:
        TokenError: A character outside the alphabet, a single one left over, or a group
            above what its bytes can hold (``base45``).
    """
    if type(text) is not str or _TEXT.fullmatch(text) is None or len(text) % 3 == 1:
        raise TokenError("base45")
    digits = text.encode().translate(_VALUE)
    whole = len(digits) // 3 * 3
    words = [
        low + 45 * middle + 2025 * high
        for low, middle, high in zip(
            digits[0:whole:3], digits[1:whole:3], digits[2:whole:3], strict=True
        )
    ]
    if max(words, default=0) > 0xFFFF:
        raise TokenError("base45")
    data = struct.pack(f">{len(words)}H", *words)
    if whole == len(digits):
        return data
    last = digits[-2] + 45 * digits[-1]
    if last > 0xFF:
        raise TokenError("base45")
    return data + bytes((last,))

"""Many small numbers in few bytes, lowest bits first (Token Status List, section 4.1)."""

from __future__ import annotations

from collections.abc import Mapping

from ikd.core.errors import TokenError


def pack(size: int, bits: int, values: Mapping[int, int]) -> bytes:
    """Return *size* numbers of *bits* bits, zero where *values* has none.

    Raises:
        TokenError: A place or number that isn't there (``list``).
    """
    data = bytearray((size * bits + 7) // 8)
    for index, value in values.items():
        if not 0 <= index < size or not 0 <= value < 1 << bits:
            raise TokenError("list", "no such place or number")
        byte, shift = divmod(index * bits, 8)
        data[byte] |= value << shift
    return bytes(data)


def at(data: bytes, bits: int, index: int) -> int | None:
    """Return the number at *index*, or None beyond the end."""
    byte, shift = divmod(index * bits, 8)
    if not 0 <= byte < len(data):
        return None
    return data[byte] >> shift & ((1 << bits) - 1)

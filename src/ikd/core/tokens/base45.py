"""Base45 (RFC 9285): bytes as the characters that QR symbols pack densest.

All groups are worked on at once, each in its own lane of one long integer: a loop over them
would cost more than everything else around a signature.
"""

from __future__ import annotations

import re

from ikd.core.errors import TokenError

_ALPHABET = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_TEXT = re.compile(r"[0-9A-Z $%*+./:-]*", re.ASCII)
_DIGITS = bytes(range(45))
_VALUE, _SIGN = bytes.maketrans(_ALPHABET, _DIGITS), bytes.maketrans(_DIGITS, _ALPHABET)

_LANE = 8  # bytes: a 16-bit number times a reciprocal below has at most 43 bits
# n // 2025 == n * 66281 >> 27 for all n below 2**16, n // 45 == n * 1457 >> 16 below 2025.
_BY_2025, _SHIFT_2025 = 66281, 27
_BY_45, _SHIFT_45 = 1457, 16


def encode(data: bytes) -> str:
    """Return *data* as base45; two bytes become three characters, a last one becomes two."""
    groups, odd = divmod(len(data), 2)
    spread = bytearray(groups * _LANE)
    spread[6::_LANE], spread[7::_LANE] = data[0 : 2 * groups : 2], data[1 : 2 * groups : 2]
    words = int.from_bytes(spread, "big")
    low_bits = int.from_bytes(b"\0\0\0\0\0\0\xff\xff" * groups, "big")
    high = words * _BY_2025 >> _SHIFT_2025 & low_bits
    rest = words - 2025 * high
    middle = rest * _BY_45 >> _SHIFT_45 & low_bits
    digits = bytearray(groups * 3)
    for place, lanes in enumerate((rest - 45 * middle, middle, high)):
        digits[place::3] = lanes.to_bytes(groups * _LANE, "big")[_LANE - 1 :: _LANE]
    if odd:
        digits += bytes((data[-1] % 45, data[-1] // 45))
    return digits.translate(_SIGN).decode("ascii")


def decode(text: str) -> bytes:
    """Return the bytes whose base45 form is exactly *text*.

    Raises:
        TokenError: A character outside the alphabet, a single one left over, or a group
            above what its bytes can hold (``base45``).
    """
    if type(text) is not str or _TEXT.fullmatch(text) is None or len(text) % 3 == 1:
        raise TokenError("base45")
    digits = text.encode().translate(_VALUE)
    groups, left = divmod(len(digits), 3)
    words = sum(
        weight * _lanes(digits[place : 3 * groups : 3])
        for place, weight in enumerate((1, 45, 2025))
    ).to_bytes(4 * groups, "big")
    if words[1::4].count(0) != groups:  # a group can be 91,124 at most, two bytes hold 65,535
        raise TokenError("base45")
    data = bytearray(2 * groups)
    data[0::2], data[1::2] = words[2::4], words[3::4]
    if left:
        last = digits[-2] + 45 * digits[-1]
        if last > 0xFF:
            raise TokenError("base45")
        data.append(last)
    return bytes(data)


def _lanes(digits: bytes) -> int:
    """Return one number in which each of *digits* has four bytes for itself."""
    spread = bytearray(4 * len(digits))
    spread[3::4] = digits
    return int.from_bytes(spread, "big")

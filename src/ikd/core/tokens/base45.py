"""Base45 (RFC 9285): bytes as the characters that QR symbols pack densest.

All groups are worked on at once, each in its own lane of one long integer: a loop over them
would cost more than everything else around a signature. A lane is wide enough that nothing
runs over into the next one, and what a shift brings in from there is masked away.
"""

from __future__ import annotations

from functools import lru_cache

from ikd.core.errors import TokenError

_ALPHABET = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_DIGITS = bytes(range(45))
_VALUE, _SIGN = bytes.maketrans(_ALPHABET, _DIGITS), bytes.maketrans(_DIGITS, _ALPHABET)

_WIDE = 5  # bytes of a lane while encoding: a 16-bit number times a reciprocal below has 33 bits
# n // 2025 == n * 66281 >> 27 for all n below 2**16, n // 45 == n * 1457 >> 16 below 2025.
_BY_2025, _SHIFT_2025 = 66281, 27
_BY_45, _SHIFT_45 = 1457, 16


def encode(data: bytes) -> str:
    """Return *data* as base45; two bytes become three characters, a last one becomes two."""
    groups, odd = divmod(len(data), 2)
    lanes = bytearray(_WIDE * groups)
    lanes[3::_WIDE], lanes[4::_WIDE] = data[0 : 2 * groups : 2], data[1::2]
    words, digit = int.from_bytes(lanes, "big"), _six_bits(_WIDE, groups)
    high = words * _BY_2025 >> _SHIFT_2025 & digit
    rest = words - 2025 * high
    middle = rest * _BY_45 >> _SHIFT_45 & digit
    spread = (rest - 45 * middle << 16 | middle << 8 | high).to_bytes(_WIDE * groups, "big")
    digits = bytearray(3 * groups)
    digits[0::3], digits[1::3], digits[2::3] = (spread[place::_WIDE] for place in (2, 3, 4))
    if odd:
        digits += bytes((data[-1] % 45, data[-1] // 45))
    return digits.translate(_SIGN).decode("ascii")


def decode(text: str) -> bytes:
    """Return the bytes whose base45 form is exactly *text*.

    Raises:
        TokenError: A character outside the alphabet, a single one left over, or a group
            above what its bytes can hold (``base45``).
    """
    if type(text) is not str or not text.isascii() or len(text) % 3 == 1:
        raise TokenError("base45")
    signs = text.encode()
    if signs.translate(None, _ALPHABET):
        raise TokenError("base45")
    groups, left = divmod(len(signs), 3)
    digits = signs.translate(_VALUE)
    words = _words(digits[: 3 * groups], groups)
    if words[0::3].count(0) != groups:  # a group can be 91,124 at most, two bytes hold 65,535
        raise TokenError("base45")
    data = bytearray(2 * groups)
    data[0::2], data[1::2] = words[1::3], words[2::3]
    if left:
        last = digits[-2] + 45 * digits[-1]
        if last > 0xFF:
            raise TokenError("base45")
        data.append(last)
    return bytes(data)


def _words(digits: bytes, groups: int) -> bytes:
    """Return three bytes for every three digits: as they stand, they already lie in lanes."""
    lanes, digit = int.from_bytes(digits, "big"), _six_bits(3, groups)
    low, middle, high = lanes >> 16 & digit, lanes >> 8 & digit, lanes & digit
    return (low + 45 * middle + 2025 * high).to_bytes(3 * groups, "big")


@lru_cache(maxsize=64)  # tokens of one kind are about equally long
def _six_bits(width: int, groups: int) -> int:
    """Return one number with the lowest six bits of every lane set: a digit is below 45."""
    return int.from_bytes((bytes(width - 1) + b"\x3f") * groups, "big")

"""A zlib stream of one block with fixed Huffman codes (RFC 1950, RFC 1951 section 3.2.6).

Where bytes hardly compress, zlib stores them as they are, and PixelPass, the reader of MOSIP's
wallets, can't open a stored block. The fixed codes take at most a sixtieth more for noise, and
nothing for photos, which compress enough not to be stored.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

_HEAD = b"\x78\xda"  # deflate, a window of 32 KiB, level 9
_LAST_FIXED = 0b011, 3  # the last block, and of which kind
_END, _LEAST, _MOST = 256, 3, 257
# First value and further bits of each code, for lengths from 257 on and for distances.
_LENGTHS = [(3 + n, 0) for n in range(8)] + [
    (3 + (4 + n << extra), extra) for extra in range(1, 6) for n in range(4)
]
_DISTANCES = [(1 + n, 0) for n in range(4)] + [
    (1 + (2 + n << extra), extra) for extra in range(1, 14) for n in range(2)
]


def pack(data: bytes) -> bytes:
    """Return *data* as a zlib stream without a stored block."""
    number, width = 0, 0
    for value, bits in (_LAST_FIXED, *_coded(data), _symbol(_END)):
        number |= value << width
        width += bits
    packed = number.to_bytes((width + 7) // 8, "little")
    return _HEAD + packed + zlib.adler32(data).to_bytes(4, "big")


def _coded(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield codes and their widths: what was there before by its place, the rest as it is."""
    seen: dict[bytes, int] = {}
    at = 0
    while at < len(data):
        before = seen.get(data[at : at + _LEAST])
        size = 1 if before is None else _alike(data, before, at)
        if before is None:
            yield _symbol(data[at])
        else:
            yield from _repeat(size, at - before)
        for place in range(at, at + size):
            seen[data[place : place + _LEAST]] = place
        at += size


def _alike(data: bytes, before: int, at: int) -> int:
    size = 0
    while size < _MOST and at + size < len(data) and data[before + size] == data[at + size]:
        size += 1
    return size


def _repeat(size: int, distance: int) -> Iterator[tuple[int, int]]:
    code, first, extra = _found(_LENGTHS, size)
    yield _symbol(_END + 1 + code)
    yield size - first, extra
    code, first, extra = _found(_DISTANCES, distance)
    yield _reversed(code, 5), 5
    yield distance - first, extra


def _found(table: list[tuple[int, int]], value: int) -> tuple[int, int, int]:
    code = max(number for number, (first, _) in enumerate(table) if first <= value)
    return code, *table[code]


def _symbol(number: int) -> tuple[int, int]:
    """Return the code of a literal, a length or the end; Huffman codes go highest bit first."""
    if number < 144:
        return _reversed(0x30 + number, 8), 8
    if number < _END:
        return _reversed(0x190 + number - 144, 9), 9
    if number < 280:
        return _reversed(number - _END, 7), 7
    return _reversed(0xC0 + number - 280, 8), 8


def _reversed(value: int, bits: int) -> int:
    return int(f"{value:0{bits}b}"[::-1], 2)

"""Takes out of PNG and JPEG what nobody sees: texts, colour profiles, previews, GPS.

Libraries read all of it before the picture, and it may be anything: sixty texts of a megabyte
that take no place in the file, a thousand segments that are added up again and again.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from ikd.core.errors import InputError

_PNG, _JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8"
_SEEN = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
_SCAN, _COMMENT, _APPLICATION = 0xDA, 0xFE, range(0xE0, 0xF0)
_NEXT_SCAN, _MAX_SCANS = b"\xff\xda", 64  # each goes over the whole picture; ten are usual
_KEPT = frozenset({0xE0, 0xEE})  # JFIF, and Adobe's: whether the colours are CMYK
_TABLES = range(0xDB, 0xE0)
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SEQUENTIAL = (0xC0, 0xC1)


def slim(data: bytes) -> bytes:
    """Return a PNG or JPEG without what isn't seen; anything else as it is.

    Raises:
        InputError: Its parts don't follow each other (``qr.picture``).
    """
    if data.startswith(_PNG):
        return _PNG + b"".join(_chunks(data))
    if not data.startswith(_JPEG):
        return data
    begin, kept = len(_JPEG), [_JPEG]
    for marker, start, end in _segments(data):
        if marker == _SCAN and data.count(_NEXT_SCAN, start) < _MAX_SCANS:
            return b"".join((*kept, data[start - 4 :]))
        if marker in _KEPT or not (marker in _APPLICATION or marker == _COMMENT):
            kept.append(data[start - 4 : end])
        begin = end
    raise InputError("qr.picture", f"no scan, or too many, behind byte {begin}")


def coefficients(data: bytes) -> int:
    """Return the bytes of coefficients that a JPEG of several scans keeps until its end.

    One scan that holds every component is worked off line by line; all else is kept, two bytes
    a sample (ITU-T T.81, annexes F and G).
    """
    parts, size = 0, 0
    for marker, start, end in _segments(data):
        segment = data[start:end]
        if marker in _FRAMES and len(segment) > 6:
            parts, size = segment[5], _samples(segment) * 2
            if marker not in _SEQUENTIAL:
                return size
        if marker == _SCAN:
            return 0 if segment[:1] == bytes((parts,)) else size
    return size


def _chunks(data: bytes) -> Iterator[bytes]:
    at = len(_PNG)
    while at + 12 <= len(data):
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        if data[at + 4 : at + 8] in _SEEN:
            yield data[at:end]
        at = end


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield marker, begin and end of what a segment holds, up to the first scan's.

    Raises:
        InputError: Something else stands between them (``qr.picture``).
    """
    at = len(_JPEG)
    while at + 4 <= len(data):
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        known = marker in _FRAMES or marker in _TABLES or marker in _APPLICATION
        known = known or marker in (0xC4, 0xCC, _SCAN, _COMMENT)
        if data[at] != 0xFF or not known or length < 2:
            raise InputError("qr.picture", f"no segment of a JPEG at byte {at}")
        yield marker, at + 4, at + 2 + length
        if marker == _SCAN:
            return
        at += 2 + length


def _samples(frame: bytes) -> int:
    height, width = int.from_bytes(frame[1:3], "big"), int.from_bytes(frame[3:5], "big")
    factors = [(byte >> 4, byte & 15) for byte in frame[7::3]]
    widest = max((across for across, _ in factors), default=1) or 1
    tallest = max((down for _, down in factors), default=1) or 1
    share = sum(across * down for across, down in factors) / (widest * tallest)
    return math.ceil(width * height * share)

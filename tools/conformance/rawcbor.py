"""Writes CBOR the way it was told to, right or wrong: a defect has to be spelled exactly."""

from __future__ import annotations

import struct
from typing import Any


class Raw(bytes):
    """Bytes that stand in the encoding as they are."""


class Pairs(list[tuple[Any, Any]]):
    """A map as a list of pairs, in this order and with doubled keys if there are any."""


def head(major: int, number: int) -> bytes:
    """Return the shortest head."""
    if number < 24:
        return bytes((major << 5 | number,))
    for width, code in enumerate("BHIQ"):
        if number < 1 << (8 << width):
            return bytes((major << 5 | 24 + width,)) + struct.pack(f">{code}", number)
    raise ValueError(number)


def encode(value: Any) -> bytes:  # noqa: ANN401, PLR0911 - whatever a token could hold
    """Return *value* encoded; maps keep their order."""
    if isinstance(value, Raw):
        return bytes(value)
    if value is None or isinstance(value, bool):
        return {None: b"\xf6", True: b"\xf5", False: b"\xf4"}[value]
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, float):
        return b"\xfb" + struct.pack(">d", value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        data = value.encode("utf-8", "surrogatepass")
        return head(3, len(data)) + data
    pairs = value if isinstance(value, Pairs) else None
    if isinstance(value, dict):
        pairs = Pairs(value.items())
    if pairs is not None:
        return head(5, len(pairs)) + b"".join(encode(item) for pair in pairs for item in pair)
    return head(4, len(value)) + b"".join(encode(item) for item in value)

"""Deterministic CBOR (RFC 8949 section 4.2.1), written canonically and read strictly.

A general decoder takes tags, floats, indefinite lengths, doubled keys and trailing bytes;
each of them gives one meaning several spellings, and tags make it compile patterns or
share references on a stranger's word. So the bytes are scanned first, item by item and
without recursion, and only what the scan let through is handed to the library.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import cbor2

from ikd.core.errors import TokenError

MAX_DEPTH = 4
MAX_BYTES = 4096
_UINT, _NEGATIVE, _BYTES, _TEXT, _ARRAY, _MAP, _TAG, _SIMPLE = range(8)
_KEYS = (_UINT, _NEGATIVE, _TEXT)
_CONTAINERS = (_ARRAY, _MAP)
_FALSE, _TRUE, _NULL = 0xF4, 0xF5, 0xF6


def encode(
    value: object, *, booleans: bool = False, nulls: bool = False, max_depth: int = 16
) -> bytes:
    """Return the one canonical encoding of *value*.

    Args:
        value: int (64 bits and sign), bytes, str, list, tuple or dict with int or str keys.
        booleans: Whether True and False may stand inside.
        nulls: Whether None may stand inside.
        max_depth: How many containers may lie in one another.

    Raises:
        TokenError: Something else is inside (``cbor``).
    """
    allowed = (bool,) * booleans + (type(None),) * nulls
    return encode_ordered(_ordered(value, max_depth, allowed))


def encode_ordered(value: object) -> bytes:
    """Return the encoding of a value whose maps are in canonical order as they stand.

    For structures whose order is fixed in code and held by a test: sorting each time costs
    more than encoding. Everything else takes ``encode``.

    Raises:
        TokenError: Something inside can't be encoded (``cbor``).
    """
    try:
        return cbor2.dumps(value)
    except Exception as error:
        raise TokenError("cbor", "the value can't be encoded") from error


def decode(
    data: bytes,
    *,
    max_depth: int = MAX_DEPTH,
    max_bytes: int = MAX_BYTES,
    booleans: bool = False,
    nulls: bool = False,
) -> Any:  # noqa: ANN401  (callers check the shape they expect)
    """Return the value whose canonical encoding is exactly *data*.

    Args:
        data: The whole encoding; a byte more or less is refused.
        max_depth: How many containers may lie in one another.
        max_bytes: How long *data* may be.
        booleans: Whether true and false may stand inside.
        nulls: Whether null may stand inside.

    Raises:
        TokenError: *data* is anything but a canonical encoding of allowed types (``cbor``).
    """
    if type(data) is not bytes or not 0 < len(data) <= max_bytes:
        raise TokenError("cbor", "not bytes of an allowed length")
    simple = ((_FALSE, _TRUE) if booleans else ()) + ((_NULL,) if nulls else ())
    _scan(data, max_depth, simple)
    value = decode_once(data)
    # A dict keeps the order of the wire, which the scan checked, and drops doubled keys.
    if encode_ordered(value) != data:
        raise TokenError("cbor", "not the canonical encoding")
    return value


def decode_once(data: bytes) -> Any:  # noqa: ANN401  (callers check the shape they expect)
    """Return what the library reads in *data*, whatever its spelling.

    Only for bytes of somebody trusted, e.g. behind a signature that holds, and for callers who
    write what they read again and compare: that alone settles the spelling, and costs less
    than a scan.

    Raises:
        TokenError: Nothing that the library reads (``cbor``).
    """
    try:
        return cbor2.loads(data)
    except Exception as error:
        raise TokenError("cbor", "not decodable") from error


def read_bytes(data: bytes, at: int) -> tuple[bytes, int]:
    """Return the byte string whose canonical encoding starts at *at*, and where it ends.

    Raises:
        TokenError: Something else is there, or it is cut short (``cbor``).
    """
    number = data[at] - (_BYTES << 5) if at < len(data) else -1
    start = at + 1
    if 24 <= number < 28:  # the length stands in 1, 2, 4 or 8 bytes of its own
        width = 1 << number - 24
        start += width
        number = int.from_bytes(data[at + 1 : start], "big")
        if number < (24 if width == 1 else 1 << 4 * width):
            raise TokenError("cbor", "a length isn't written as short as it can be")
    elif not 0 <= number < 24:
        raise TokenError("cbor", "not a byte string")
    end = start + number
    if end > len(data):
        raise TokenError("cbor", "claims more than is there")
    return data[start:end], end


def _ordered(value: object, depth: int, allowed: tuple[type, ...]) -> object:
    """Return *value* with the keys of every map in the order of their encodings.

    RFC 8949 compares encoded keys byte by byte. Libraries still order shorter keys first
    (RFC 7049), which differs as soon as ints of both signs or ints and texts meet.
    """
    kind = type(value)
    if kind is int:
        if not -(2**64) <= value < 2**64:  # type: ignore[operator]
            raise TokenError("cbor", "an integer is wider than 64 bits")
        return value
    if kind in (str, bytes) or kind in allowed:
        return value
    if depth < 1 or not isinstance(value, list | tuple | dict):
        raise TokenError("cbor", "a type that isn't encoded, or nested too deep")
    if isinstance(value, dict):
        keys = _order(*value)
        return {key: _ordered(value[key], depth - 1, allowed) for key in keys}
    return [_ordered(item, depth - 1, allowed) for item in value]


@lru_cache(maxsize=512, typed=True)  # a record's field names come again and again
def _order(*keys: object) -> tuple[object, ...]:
    return tuple(sorted(keys, key=_rank))


def _rank(key: object) -> tuple[int, int, bytes]:
    """Return what sorts keys as their encoded bytes would: major type, then length, then text."""
    if type(key) is int and -(2**64) <= key < 2**64:
        return (_UINT, key, b"") if key >= 0 else (_NEGATIVE, -1 - key, b"")
    if type(key) is str:
        try:
            text = key.encode()
        except UnicodeEncodeError as error:
            raise TokenError("cbor", "a key isn't text") from error
        return _TEXT, len(text), text
    raise TokenError("cbor", "a key is neither int nor str")


def _short_heads() -> tuple[tuple[int, int, int] | None, ...]:
    """Return, for each first byte that says everything, major type, items inside and length."""
    heads: list[tuple[int, int, int] | None] = [None] * 256
    for major in (_UINT, _NEGATIVE, _BYTES, _TEXT, _ARRAY, _MAP):
        for number in range(24):
            items = {_ARRAY: number, _MAP: number * 2}.get(major, -1)
            length = 1 + number if major in (_BYTES, _TEXT) else 1
            heads[major << 5 | number] = (major, items, length)
    for major in (_UINT, _NEGATIVE):  # wider numbers: their length is known too
        for width in range(4):
            heads[major << 5 | 24 + width] = (major, -1, 1 + (1 << width))
    return tuple(heads)


_SHORT = _short_heads()  # nine heads in ten are short, and this loop is most of a decode


def _scan(data: bytes, max_depth: int, simple: tuple[int, ...]) -> None:
    """Refuse everything outside the profile before any value is built.

    Iterative, so nesting can't exhaust the stack; a declared length is compared with what
    is there, so it can't reserve memory; keys must ascend, so none comes twice.
    """
    end, pos, short = len(data), 0, _SHORT
    owed, keyed, last = 1, False, b""  # owed: items the container we are in still lacks
    outer: list[tuple[int, bool, bytes]] = []
    while owed:
        start = pos
        head = short[data[pos]] if pos < end else None
        if head is None:
            major, items, pos = _head(data, start, simple)
        else:
            major, items, length = head
            pos += length
        owed -= 1
        if keyed and owed & 1:  # in a map an odd number is left after a key
            key = data[start:pos]
            if major not in _KEYS or key <= last:
                raise TokenError("cbor", "a key is neither int nor text, or keys don't ascend")
            last = key
        elif items >= 0:
            if len(outer) >= max_depth:
                raise TokenError("cbor", "nested too deep")
            outer.append((owed, keyed, last))
            owed, keyed, last = items, major == _MAP, b""
        while not owed and outer:
            owed, keyed, last = outer.pop()
    if pos != end:
        raise TokenError("cbor", "cut short, or bytes after the end")


def _head(data: bytes, pos: int, simple: tuple[int, ...]) -> tuple[int, int, int]:
    """Return major type, items inside (-1: no container) and where the next item starts."""
    end = len(data)
    if pos >= end:
        raise TokenError("cbor", "ends too early")
    first = data[pos]
    major, number = first >> 5, first & 31
    pos += 1
    if major >= _TAG and first not in simple:
        raise TokenError("cbor", "a tag, float or simple value that isn't allowed")
    if number >= 24:
        if number >= 28:
            raise TokenError("cbor", "indefinite length or reserved head")
        width = 1 << (number - 24)
        number = int.from_bytes(data[pos : pos + width], "big")
        pos += width
    if major in (_BYTES, _TEXT):
        pos += number
    if pos > end or (major in _CONTAINERS and number > end - pos):
        raise TokenError("cbor", "claims more than is there")
    if major == _ARRAY:
        return major, number, pos
    return major, number * 2 if major == _MAP else -1, pos

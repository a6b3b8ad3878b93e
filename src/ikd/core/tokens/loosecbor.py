"""CBOR as others may write it (RFC 8949 section 3), for the tolerant reader alone.

Floats, null, indefinite lengths, longer heads and maps in any order are read. Tags, doubled
keys and keys that are no int or text are not: they give one token two meanings.
"""

from __future__ import annotations

import struct
from typing import TypeAlias

from ikd.core.errors import TokenError

Item: TypeAlias = "int | float | bool | bytes | str | list[Item] | dict[int | str, Item] | None"
"""What one item may be."""

MAX_DEPTH = 6  # biometrics lie in a list of maps
_SIMPLE = {20: False, 21: True, 22: None}
_FLOATS = {25: ">e", 26: ">f", 27: ">d"}
_INDEFINITE, _BREAK = 31, b"\xff"


def decode(data: bytes, *, max_depth: int = MAX_DEPTH) -> Item:
    """Return the one value that *data* holds.

    Raises:
        TokenError: It isn't one value of the kinds above, or nested too deep (``cbor``).
    """
    reader = _Reader(data)
    value = reader.item(max_depth)
    if reader.at != len(data):
        raise TokenError("cbor", "bytes after the end")
    return value


class _Reader:
    """Reads item by item; nothing is reserved on a declared length's word."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def item(self, depth: int) -> Item:
        first = self._take(1)[0]
        major, short = first >> 5, first & 31
        if major == 7:
            return self._simple(short)
        size = self._number(short)
        if major < 2 and size is not None:
            return -1 - size if major else size
        if major in (2, 3):
            return self._string(major, size)
        if major in (4, 5) and depth:
            return (self._map if major == 5 else self._list)(size, depth - 1)
        raise TokenError("cbor", "a tag, a reserved head, or nested too deep")

    def _take(self, count: int) -> bytes:
        begin, self.at = self.at, self.at + count
        if self.at > len(self.data):
            raise TokenError("cbor", "cut short")
        return self.data[begin : self.at]

    def _number(self, short: int) -> int | None:
        """Return what a head says; None where it leaves the length open."""
        if short < 24:
            return short
        if short < 28:
            return int.from_bytes(self._take(1 << short - 24), "big")
        if short == _INDEFINITE:
            return None
        raise TokenError("cbor", "a reserved head")

    def _simple(self, short: int) -> float | bool | None:
        if short in _FLOATS:
            form = _FLOATS[short]
            return float(struct.unpack(form, self._take(struct.calcsize(form)))[0])
        if short not in _SIMPLE:
            raise TokenError("cbor", "a simple value without meaning here")
        return _SIMPLE[short]

    def _more(self, done: int, size: int | None) -> bool:
        """Return whether a container of *size* items goes on after *done* of them."""
        if size is not None:
            return done < size
        ends = self.data[self.at : self.at + 1] == _BREAK
        self.at += ends
        return not ends

    def _string(self, major: int, size: int | None) -> bytes | str:
        parts: list[bytes] = []
        while size is None and self._more(len(parts), None):
            head = self._take(1)[0]
            inner = self._number(head & 31)
            if head >> 5 != major or inner is None:
                raise TokenError("cbor", "a piece of another kind")
            parts.append(self._take(inner))
            if major == 3:
                self._text(parts[-1])  # each piece is a text by itself (RFC 8949 section 3.2.3)
        raw = b"".join(parts) if size is None else self._take(size)
        return self._text(raw) if major == 3 else raw

    @staticmethod
    def _text(raw: bytes) -> str:
        try:
            return raw.decode()
        except UnicodeDecodeError as error:
            raise TokenError("cbor", "not UTF-8") from error

    def _list(self, size: int | None, depth: int) -> list[Item]:
        found: list[Item] = []
        while self._more(len(found), size):
            found.append(self.item(depth))
        return found

    def _map(self, size: int | None, depth: int) -> dict[int | str, Item]:
        found: dict[int | str, Item] = {}
        while self._more(len(found), size):
            key = self.item(0)
            if not isinstance(key, int | str) or isinstance(key, bool) or key in found:
                raise TokenError("cbor", "a key twice, or neither int nor text")
            found[key] = self.item(depth)
        return found

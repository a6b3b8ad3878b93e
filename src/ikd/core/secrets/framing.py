"""Length-prefixed joining, so that no two lists of parts give the same bytes."""

from __future__ import annotations

from ikd.core.errors import SealError

_PREFIX = 4  # bytes of length before each part


def framed(*parts: bytes | str) -> bytes:
    """Return *parts* joined, each behind its length: ``("ab", "c")`` isn't ``("a", "bc")``."""
    # A caller's text may hold a lone surrogate, which plain UTF-8 would refuse.
    raw = [p.encode("utf-8", "surrogatepass") if isinstance(p, str) else p for p in parts]
    return b"".join(len(part).to_bytes(_PREFIX, "big") + part for part in raw)


def unframed(data: bytes, sizes: tuple[int, ...]) -> tuple[bytes, ...]:
    """Return the parts of *data*, which must be exactly of *sizes*.

    Raises:
        SealError: *data* isn't what ``framed`` made of such parts.
    """
    parts, at = [], 0
    for size in sizes:
        start = at + _PREFIX
        if data[at:start] != size.to_bytes(_PREFIX, "big"):
            raise SealError
        at = start + size
        parts.append(data[start:at])
    if len(data) != at:
        raise SealError
    return tuple(parts)

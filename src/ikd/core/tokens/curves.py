"""Which 32 or 65 bytes are points that a key may be: plain arithmetic, no secrets involved."""

from __future__ import annotations

from functools import lru_cache

# NIST P-256 (FIPS 186): y^2 = x^3 - 3x + b over p, order n.
_P = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
_N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

# Edwards25519 (RFC 8032 section 5.1): -x^2 + y^2 = 1 + d x^2 y^2 over q.
_Q = 2**255 - 19
_D = -121665 * pow(121666, -1, _Q) % _Q
_Y8 = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
# y of all points whose order divides 8: under such a key one signature fits many messages.
_SMALL_ORDER = frozenset({0, 1, _Q - 1, _Y8, _Q - _Y8})


@lru_cache(maxsize=64)  # a house has few, and asks at each signature: five times what one costs
def is_ed25519(raw: bytes) -> bool:
    """Return whether *raw* is a canonical Ed25519 point of large order.

    Libraries load small-order keys without a word (RFC 8032 leaves that to the caller).
    """
    if len(raw) != 32:
        return False
    number = int.from_bytes(raw, "little")
    y = number & ((1 << 255) - 1)
    if y >= _Q or y in _SMALL_ORDER:  # x = 0, the doubtful sign, occurs only with y = +-1
        return False
    x_squared = (y * y - 1) * pow(_D * y * y + 1, -1, _Q) % _Q
    return pow(x_squared, (_Q - 1) // 2, _Q) == 1  # Euler: x exists


def is_p256(raw: bytes) -> bool:
    """Return whether *raw* is an uncompressed SEC 1 point on P-256; infinity has no such form."""
    if len(raw) != 65 or raw[0] != 4:
        return False
    x, y = int.from_bytes(raw[1:33], "big"), int.from_bytes(raw[33:], "big")
    return x < _P and y < _P and (y * y - x * x * x + 3 * x - _B) % _P == 0


def is_p256_compressed(raw: bytes) -> bool:
    """Return whether *raw* has the form of a compressed point; two in four aren't on the curve."""
    return len(raw) == 33 and raw[0] in (2, 3) and int.from_bytes(raw[1:], "big") < _P


def is_p256_signature(signature: bytes) -> bool:
    """Return whether r and s, 32 bytes each, lie between 1 and n - 1 (FIPS 186-5, 6.4.2)."""
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    return 0 < r < _N and 0 < s < _N

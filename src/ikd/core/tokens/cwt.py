"""What signed maps have in common: labels, exact shapes and times.

Labels below -65536 are free for private use (RFC 8392 section 9.1.1).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import attrs

from ikd.core import cbor
from ikd.core.errors import TokenError
from ikd.core.standard.own_limits import OWN_LIMITS
from ikd.core.timing import aware, from_seconds, to_seconds
from ikd.core.validators import Validator

L = TypeVar("L", int, str)
ClaimMap = dict[int, Any]
"""What a signed map held, each of its label's type."""
ISS, SUB, AUD, EXP, NBF, IAT, CTI, CNF, NONCE = 1, 2, 3, 4, 5, 6, 7, 8, 10
APPLICATION, OFFICE, STATION = -65537, -65538, -65539
CREDENTIAL_HASH, CREDENTIAL = -65540, -65541
RECORD, ACT, TRANSCRIPT = -65542, -65543, -65544

ID_BYTES = 16
HASH_BYTES = 32
QR_LIFE = OWN_LIMITS.qr.value
SKEW = OWN_LIMITS.clock_ahead.value
LATEST = 253402300799  # 9999-12-31T23:59:59Z, the last second that datetime knows


def read_map(
    payload: bytes,
    required: Mapping[int, type],
    optional: Mapping[int, type] | None = None,
    *,
    max_bytes: int = cbor.MAX_BYTES,
) -> ClaimMap:
    """Return the map in *payload*, with exactly the labels and types that were asked for.

    Raises:
        TokenError: Not canonical (``cbor``), or another shape (``claims``).
    """
    return exact_map(cbor.decode(payload, max_bytes=max_bytes), required, optional)


def exact_map(
    found: object,
    required: Mapping[L, type],
    optional: Mapping[L, type] | None = None,
    *,
    fault: str = "claims",
) -> dict[L, Any]:
    """Return the map that *found* is, with exactly the labels and types that were asked for.

    Raises:
        TokenError: It is another (*fault*).
    """
    known = {**required, **optional} if optional else required
    if type(found) is not dict or not required.keys() <= found.keys() <= known.keys():
        raise TokenError(fault, "not the labels of this kind")
    if any(type(value) is not known[label] for label, value in found.items()):
        raise TokenError(fault, "a value of another type")
    return found


def exact_bytes(value: bytes, size: int) -> bytes:
    """Return *value*, which must have *size* bytes.

    Raises:
        TokenError: It hasn't (``claims``).
    """
    if type(value) is not bytes or len(value) != size:
        raise TokenError("claims", f"not {size} bytes")
    return value


def sized(size: int) -> Validator:
    """Return an attrs validator for exactly *size* bytes."""

    def check(_instance: object, _attribute: object, value: bytes) -> None:
        exact_bytes(value, size)

    return check


def moment(seconds: object) -> datetime:
    """Return the time of a NumericDate (RFC 8392), whole seconds only.

    Raises:
        TokenError: No int, or beyond what a datetime can hold (``claims``).
    """
    if type(seconds) is not int or not 0 <= seconds <= LATEST:
        raise TokenError("claims", "not a time")
    return from_seconds(seconds)


def whole_second(value: datetime) -> datetime:
    """Return *value* cut to the second and in UTC, as tokens carry it.

    Raises:
        InputError: *value* has no zone (``time.naive``).
    """
    if value.__class__ is datetime and value.tzinfo is UTC and not value.microsecond:
        return value
    return from_seconds(to_seconds(value))


def is_ahead(at: datetime, now: datetime) -> bool:
    """Return whether *at* lies further ahead than clocks differ.

    Differences of times have room for all of them; sums end with the year 9999.
    """
    return at - now > SKEW


@attrs.frozen(kw_only=True)
class Lifetime:
    """From when to when a token holds.

    Attributes:
        issued_at: ``iat``, a whole second.
        expires_at: ``exp``, a whole second; not valid at that second any more.
    """

    issued_at: datetime = attrs.field(converter=whole_second)
    expires_at: datetime = attrs.field(converter=whole_second)

    @classmethod
    def starting(cls, now: datetime, life: timedelta) -> Lifetime:
        """Return the lifetime of a token made now, in whole seconds.

        Raises:
            TokenError: It would outlast the year 9999 (``claims``).
        """
        issued = whole_second(now)
        try:
            return cls(issued_at=issued, expires_at=issued + life)
        except OverflowError as error:
            raise TokenError("claims", "not a time") from error

    def claims(self) -> dict[int, object]:
        """Return ``iat`` and ``exp``."""
        return {IAT: to_seconds(self.issued_at), EXP: to_seconds(self.expires_at)}

    def check(self, now: datetime, *, longest: timedelta) -> None:
        """Refuse a token that isn't valid now or is valid for too long.

        Raises:
            TokenError: ``life``, ``early`` (more than 30 s ahead of us) or ``expired``.
            InputError: *now* has no zone (``time.naive``).
        """
        now = aware(now)
        if not timedelta(0) < self.expires_at - self.issued_at <= longest:
            raise TokenError("life")
        if is_ahead(self.issued_at, now):
            raise TokenError("early")
        if now >= self.expires_at:
            raise TokenError("expired")

"""One key of the keyring: what it is for, from when to when, and whether it still counts."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Literal, get_args

import attrs

from ikd.core.errors import TokenError
from ikd.core.timing import to_seconds
from ikd.core.tokens.cwt import exact_map, moment, whole_second
from ikd.core.tokens.publickey import PublicKey

KeyRole = Literal["credential", "station", "status", "checkpoint"]
State = Literal["pending", "active", "verify_only", "revoked"]
MAX_PLACE = 40
"""Characters of an office's and a station's id together, for which a pairing code stays within
QR version 9 at level M (262 characters): cheap scanners at a counter read it from a phone."""
_NAME = re.compile(r"[0-9a-z][0-9a-z_-]{0,63}", re.ASCII)
_LABELS = {
    "kid": bytes,
    "role": str,
    "alg": int,
    "pub": bytes,
    "state": str,
    "nbf": int,
    "naf": int,
}
_PLACE = {"office": str, "station": str}


@attrs.frozen(kw_only=True)
class KeyRecord:
    """A key with exactly one role and one algorithm.

    Attributes:
        key: The public key.
        role: What it may sign: credentials, an office's pairing codes, status lists,
            or checkpoints of the journal.
        state: ``pending`` (known, not used yet), ``active``, ``verify_only`` (signs no more)
            or ``revoked`` (nothing it ever signed counts).
        not_before: From when it may have signed.
        not_after: Until when it may have signed; what it signed may live longer.
        office: Office of a station key.
        station: Station of a station key.
    """

    key: PublicKey
    role: KeyRole
    state: State = "active"
    not_before: datetime = attrs.field(converter=whole_second)
    not_after: datetime = attrs.field(converter=whole_second)
    office: str | None = None
    station: str | None = None

    def __attrs_post_init__(self) -> None:
        if self.role not in get_args(KeyRole) or self.state not in get_args(State):
            raise TokenError("keyring", "an unknown role or state")
        if self.not_after <= self.not_before:
            raise TokenError("keyring", "a key's time ends before it begins")
        places = (self.office, self.station)
        if self.role != "station" and places != (None, None):
            raise TokenError("keyring", "only a station key belongs to an office")
        if self.role == "station" and not all(place and is_place(place) for place in places):
            raise TokenError("keyring", "a station key names its office and station")

    @property
    def kid(self) -> bytes:
        """How tokens name the key: 8 bytes."""
        return self.key.kid

    def signed_at(self, at: datetime) -> PublicKey:
        """Return the key, if it may have signed at that time.

        Raises:
            TokenError: Revoked (``revoked``), not in use yet, or outside its time (``key``).
        """
        if self.state == "revoked":
            raise TokenError("revoked")
        if self.state == "pending" or not self.not_before <= at <= self.not_after:
            raise TokenError("key", "not in use at that time")
        return self.key

    def to_map(self) -> dict[str, object]:
        """Return the record as the keyring holds it."""
        places = {"office": self.office, "station": self.station}
        return {
            "kid": self.kid,
            "role": self.role,
            "alg": self.key.alg,
            "pub": self.key.raw,
            "state": self.state,
            "nbf": to_seconds(self.not_before),
            "naf": to_seconds(self.not_after),
            **(places if self.role == "station" else {}),
        }

    @classmethod
    def from_map(cls, found: object) -> KeyRecord:
        """Return the record that *found* describes.

        Raises:
            TokenError: Unknown labels, types, roles or states (``keyring``), no usable key
                or one that isn't called what its record says (``key``).
        """
        held = exact_map(found, _LABELS, _PLACE, fault="keyring")
        key = PublicKey(alg=held["alg"], raw=held["pub"])
        if held["kid"] != key.kid:
            raise TokenError("key", "not called what its record says")
        return cls(
            key=key,
            role=held["role"],
            state=held["state"],
            not_before=moment(held["nbf"]),
            not_after=moment(held["naf"]),
            office=held.get("office"),
            station=held.get("station"),
        )


def is_place(text: object) -> bool:
    """Return whether *text* can be the id of an office or station."""
    return type(text) is str and _NAME.fullmatch(text) is not None


def is_station(office: object, station: object) -> bool:
    """Return whether a station of those ids can be given a key and show pairing codes."""
    if not is_place(office) or not is_place(station):
        return False
    return len(f"{office}{station}") <= MAX_PLACE

"""What a credential says, and the one spelling of it.

The spelling is joined from its parts instead of encoded from a map: written at every issue
and, to compare, at every check, it would cost a fifth of a signature otherwise. A test
compares it with the encoding of the same claims as a map.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from typing import ClassVar

import attrs

from ikd.core import cbor
from ikd.core.errors import TokenError
from ikd.core.standard.own_limits import OWN_LIMITS
from ikd.core.tokens.claim169 import Claim169
from ikd.core.tokens.curves import is_p256_compressed
from ikd.core.tokens.cwt import (
    CNF,
    CTI,
    EXP,
    IAT,
    ID_BYTES,
    ISS,
    NBF,
    moment,
    sized,
    whole_second,
)
from ikd.core.tokens.publickey import ES256, PublicKey

STATUS, CLAIM_169 = 65535, 169
LIFE = OWN_LIMITS.credential.value
MAX_ADDRESSES = 92  # issuer and list together: keeps the masked profile at QR version 13-M
_LABELS = {ISS, EXP, NBF, IAT, CTI, CNF, STATUS, CLAIM_169}
_MAX_INDEX = 2**32
_ADDRESS = re.compile(r"[!-~]{1,128}", re.ASCII)

# The fixed parts of a claims set, each with the label that follows it.
_MAP_OF_8, _ISS, _EXP, _NBF, _IAT = b"\xa8", b"\x01", b"\x04", b"\x05", b"\x06"
_CTI = b"\x07\x50"  # 16 bytes
_CNF = bytes.fromhex("08 a1 01 a4 0102 2001 215820")  # {1: {1: 2, -1: 1, -2: 32 bytes, -3: ...
_EVEN, _ODD = b"\x22\xf4", b"\x22\xf5"
_CLAIM_169 = b"\x18\xa9"
_STATUS = b"\x19\xff\xff\xa1\x6bstatus_list\xa2\x63idx"
_URI = b"\x63uri"


def _as_point(key: PublicKey | bytes) -> bytes:
    """Return the compressed point of a device key; one in a token comes as its point already."""
    if type(key) is bytes:
        if not is_p256_compressed(key):
            raise TokenError("claims", "no compressed device key")
        return key
    if not isinstance(key, PublicKey) or key.alg != ES256:
        raise TokenError("key", "device keys are P-256")
    return bytes((2 + (key.raw[-1] & 1),)) + key.raw[1:33]


@attrs.frozen(kw_only=True)
class CredentialClaims:
    """What a credential says.

    Attributes:
        issuer: Who vouches for it; plain text or address.
        credential_id: 16 bytes.
        issued_at: Whole seconds.
        not_before: From when it holds.
        expires_at: From when it doesn't; at most 180 days after ``issued_at``.
        device_key: P-256 key of the phone it was made for. A point that isn't on the curve is
            refused when the key is first asked for: a credential without presentation doesn't
            use it, and finding out costs a third of a signature.
        status_list: Address of the status list.
        status_index: Its place there.
        person: What it says about whom.
        audience: Whom it was made for: always everybody.
    """

    issuer: str
    credential_id: bytes = attrs.field(validator=sized(ID_BYTES))
    issued_at: datetime = attrs.field(converter=whole_second)
    not_before: datetime = attrs.field(converter=whole_second)
    expires_at: datetime = attrs.field(converter=whole_second)
    _point: bytes = attrs.field(repr=False, alias="device_key", converter=_as_point)
    status_list: str
    status_index: int
    person: Claim169
    audience: ClassVar[tuple[str, ...]] = ()

    def __attrs_post_init__(self) -> None:
        for text in (self.issuer, self.status_list):
            if type(text) is not str:
                raise TokenError("claims", "issuer and list are text")
            _address(text)
        if type(self.status_index) is not int or not 0 <= self.status_index < _MAX_INDEX:
            raise TokenError("claims", "no place in a status list")
        long = len(self.issuer) + len(self.status_list) > MAX_ADDRESSES
        if self.person.profile == "masked" and long:
            raise TokenError("claims", "issuer and list have at most 92 characters")
        ordered = self.issued_at <= self.not_before < self.expires_at
        if not ordered or self.expires_at - self.issued_at > LIFE:
            raise TokenError("life")

    @property
    def device_key(self) -> PublicKey:
        """The key of the phone.

        Raises:
            TokenError: The point isn't on the curve (``key``).
        """
        return PublicKey.p256(self._point)

    def to_payload(self) -> bytes:
        """Return the CWT claims set; the same claims are always the same bytes."""
        times = (self.expires_at, self.not_before, self.issued_at)
        # Whole seconds and UTC since they were made.
        return self._spelt(*(int(time.timestamp()) for time in times))

    def _spelt(self, expires: int, begins: int, issued: int) -> bytes:
        parts = (
            *(_MAP_OF_8, _ISS, _address(self.issuer)),
            *(_EXP, _number(expires), _NBF, _number(begins), _IAT, _number(issued)),
            *(_CTI, self.credential_id),
            *(_CNF, self._point[1:], _ODD if self._point[0] == 3 else _EVEN),
            *(_CLAIM_169, cbor.encode_ordered(self.person.to_map())),
            *(_STATUS, _number(self.status_index), _URI, _address(self.status_list)),
        )
        return b"".join(parts)

    @classmethod
    def from_payload(cls, payload: bytes) -> CredentialClaims:
        """Return the claims in a CWT claims set that somebody trusted has signed.

        They have one spelling, so it is enough to write them again and compare: that finds
        every doubled key, tag, float, longer form or claim too many.

        Raises:
            TokenError: Another form (``cbor``, ``claims``, ``key`` or ``life``).
        """
        found = cbor.decode_once(payload)
        if type(found) is not dict or found.keys() != _LABELS:
            raise TokenError("claims", "not the labels of a credential")
        match found[STATUS], found[CNF]:
            case {"status_list": {"idx": index, "uri": uri}}, {1: {-2: bytes(x), -3: is_odd}}:
                point = (b"\x03" if is_odd is True else b"\x02") + x
            case _:
                raise TokenError("claims", "no place in a status list, or no device key")
        expires, begins, issued = found[EXP], found[NBF], found[IAT]
        claims = cls(
            issuer=found[ISS],
            credential_id=found[CTI],
            issued_at=moment(issued),
            not_before=moment(begins),
            expires_at=moment(expires),
            device_key=point,
            status_list=uri,
            status_index=index,
            person=Claim169.from_map(found[CLAIM_169]),
        )
        if claims._spelt(expires, begins, issued) != payload:
            raise TokenError("claims", "not the one form of these claims")
        return claims


def _number(value: int) -> bytes:
    """Return the encoding of a number from 0 on; all times from 1970 to 2106 are equally wide."""
    if 2**16 <= value < 2**32:
        return b"\x1a" + value.to_bytes(4, "big")
    return cbor.encode_ordered(value)


@lru_cache(maxsize=64)  # a house has one issuer and few lists
def _address(text: str) -> bytes:
    if _ADDRESS.fullmatch(text) is None:
        raise TokenError("claims", "issuer and list are short printable ASCII")
    return cbor.encode_ordered(text)

"""The credential: claim 169 in a CWT (RFC 8392), signed by the issuer, on paper or screen.

Text: base45 of zlib of a COSE_Sign1, without prefix, so that every reader of claim 169 can
read it. It names the device it was made for (``cnf``) and its place in a status list.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import attrs

from ikd.core import cbor
from ikd.core.errors import TokenError
from ikd.core.timing import aware
from ikd.core.tokens import cose, qrtext
from ikd.core.tokens.claims import (
    CNF,
    CTI,
    EXP,
    IAT,
    ID_BYTES,
    ISS,
    NBF,
    SKEW,
    moment,
    read_map,
    sized,
    whole_second,
)
from ikd.core.tokens.curves import is_p256_compressed
from ikd.core.tokens.inflate import deflate, inflate
from ikd.core.tokens.keyring import Keyring
from ikd.core.tokens.person import Person
from ikd.core.tokens.publickey import ES256, PublicKey
from ikd.core.tokens.signing import SigningKey

STATUS, CLAIM_169 = 65535, 169
LIFE = timedelta(days=180)
MAX_ADDRESSES = 92  # issuer and list together: keeps the masked profile at QR version 13-M
_LABELS = {
    ISS: str, EXP: int, NBF: int, IAT: int, CTI: bytes, CNF: dict, STATUS: dict, CLAIM_169: dict
}  # fmt: skip
_MAX_INDEX = 2**32


def _as_point(key: PublicKey | bytes) -> bytes:
    """Return the compressed point of a device key; one in a token comes as its point already."""
    if type(key) is bytes and is_p256_compressed(key):
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
    """

    issuer: str
    credential_id: bytes = attrs.field(validator=sized(ID_BYTES))
    issued_at: datetime = attrs.field(converter=whole_second)
    not_before: datetime = attrs.field(converter=whole_second)
    expires_at: datetime = attrs.field(converter=whole_second)
    _point: bytes = attrs.field(repr=False, alias="device_key", converter=_as_point)
    status_list: str
    status_index: int
    person: Person

    def __attrs_post_init__(self) -> None:
        for text in (self.issuer, self.status_list):
            if type(text) is not str or not 0 < len(text) <= 128 or not _is_address(text):
                raise TokenError("claims", "issuer and list are short printable ASCII")
        if type(self.status_index) is not int or not 0 <= self.status_index < _MAX_INDEX:
            raise TokenError("claims", "no place in a status list")
        long = len(self.issuer) + len(self.status_list) > MAX_ADDRESSES
        if self.person.profile == "masked" and long:
            raise TokenError("claims", "issuer and list have at most 92 characters")
        if not self.issued_at <= self.not_before < self.expires_at <= self.issued_at + LIFE:
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
        claims = {
            ISS: self.issuer,
            EXP: int(self.expires_at.timestamp()),  # whole seconds and UTC since they were made
            NBF: int(self.not_before.timestamp()),
            IAT: int(self.issued_at.timestamp()),
            CTI: self.credential_id,
            CNF: {1: {1: 2, -1: 1, -2: self._point[1:], -3: self._point[0] == 3}},
            CLAIM_169: self.person.to_map(),
            STATUS: {"status_list": {"idx": self.status_index, "uri": self.status_list}},
        }
        return cbor.encode_ordered(claims)

    @classmethod
    def from_payload(cls, payload: bytes) -> CredentialClaims:
        """Return the claims in a CWT claims set of exactly this form.

        Raises:
            TokenError: Another form (``cbor``, ``claims``, ``key`` or ``life``).
        """
        found = read_map(payload, _LABELS, booleans=True)
        index, uri = _status(found[STATUS])
        return cls(
            issuer=found[ISS],
            credential_id=found[CTI],
            issued_at=moment(found[IAT]),
            not_before=moment(found[NBF]),
            expires_at=moment(found[EXP]),
            device_key=_device_key(found[CNF]),
            status_list=uri,
            status_index=index,
            person=Person.from_map(found[CLAIM_169]),
        )


def _is_address(text: str) -> bool:
    return text.isascii() and text.isprintable() and " " not in text


def _status(found: Mapping[Any, Any]) -> tuple[int, str]:
    place = found.get("status_list")
    if found.keys() != {"status_list"} or type(place) is not dict or place.keys() != {"idx", "uri"}:
        raise TokenError("claims", "no place in a status list")
    if type(place["idx"]) is not int or type(place["uri"]) is not str:
        raise TokenError("claims", "no place in a status list")
    return place["idx"], place["uri"]


def _device_key(found: Mapping[Any, Any]) -> bytes:
    key = found.get(1)
    if len(found) != 1 or type(key) is not dict or key.keys() != {1, -1, -2, -3}:
        raise TokenError("claims", "no compressed device key")
    if type(key[-3]) is not bool or type(key[-2]) is not bytes:
        raise TokenError("claims", "no compressed device key")
    point = (b"\x03" if key[-3] else b"\x02") + key[-2]
    kind = type(key[1]) is int and type(key[-1]) is int and (key[1], key[-1]) == (2, 1)
    if not kind or not is_p256_compressed(point):
        raise TokenError("claims", "no P-256 device key")
    return point


def signing_input(claims: CredentialClaims, key: PublicKey) -> bytes:
    """Return what the issuer's key signs for *claims*; for signers that stand apart."""
    return cose.signing_input(cose.protected_header(key), claims.to_payload())


def assemble(claims: CredentialClaims, key: PublicKey, signature: bytes) -> bytes:
    """Return the COSE_Sign1 of *claims* with a signature that was made elsewhere."""
    return cose.assemble(cose.protected_header(key), claims.to_payload(), signature)


def issue(claims: CredentialClaims, key: SigningKey) -> str:
    """Return the text of the credential, signed by the issuer.

    Raises:
        TokenError: It would be longer than readers accept (``length``).
        KeySourceError: Signing failed.
    """
    return to_text(cose.build(claims.to_payload(), key))


def to_text(signed: bytes) -> str:
    """Return a COSE_Sign1 as the text of a credential."""
    return qrtext.write("", deflate(signed))


def to_cose(text: str) -> bytes:
    """Return the COSE_Sign1 inside the text of a credential; nothing is verified.

    Raises:
        TokenError: Not such a text (``length``, ``base45`` or ``zlib``).
    """
    return inflate(qrtext.read("", text), max_bytes=cbor.MAX_BYTES)


def read(text: str, keyring: Keyring, *, now: datetime) -> CredentialClaims:
    """Return what a credential says, signed by a key for credentials and valid now.

    Its place in the status list isn't looked up here, see ``verifier``.

    Raises:
        TokenError: It isn't one, or isn't valid now.
    """
    claims = verify(to_cose(text), keyring)
    check_times(claims, now=now)
    return claims


def verify(signed: bytes, keyring: Keyring) -> CredentialClaims:
    """Return what the COSE_Sign1 of a credential says, signed by a key that counts.

    Whether it holds now is for ``check_times``.

    Raises:
        TokenError: It isn't one, or its key doesn't count.
    """
    parts = cose.read(signed)
    record = keyring.find("credential", parts.kid)
    claims = CredentialClaims.from_payload(parts.verify(record.key))
    record.signed_at(claims.issued_at)
    return claims


def check_times(claims: CredentialClaims, *, now: datetime) -> None:
    """Refuse claims that don't hold now.

    Raises:
        TokenError: ``early`` (more than 30 s ahead of us) or ``expired``.
        InputError: *now* has no zone (``time.naive``).
    """
    if claims.not_before > aware(now) + SKEW:
        raise TokenError("early")
    if now >= claims.expires_at:
        raise TokenError("expired")

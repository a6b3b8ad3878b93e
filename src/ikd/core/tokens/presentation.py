"""Presentations: the phone shows, for 90 seconds, that the credential is its own.

``IKDP:`` holds the credential by its hash (small, the verifier looks it up) or whole (works
where both sides are offline), and the verifier's challenge if it gave one.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Literal

import attrs

from ikd.core import cbor
from ikd.core.errors import TokenError
from ikd.core.tokens import cose, qrtext
from ikd.core.tokens.cwt import (
    CREDENTIAL,
    CREDENTIAL_HASH,
    CTI,
    EXP,
    HASH_BYTES,
    IAT,
    ID_BYTES,
    NONCE,
    QR_LIFE,
    Lifetime,
    exact_bytes,
    moment,
    read_map,
    sized,
)
from ikd.core.tokens.publickey import PublicKey
from ikd.core.tokens.signing import Signer

PREFIX = "IKDP:"
MAX_CHALLENGE = 64
_AAD = b"ikd/present/1"
_REQUIRED = {EXP: int, IAT: int, CTI: bytes}
_OPTIONAL = {NONCE: bytes, CREDENTIAL_HASH: bytes, CREDENTIAL: bytes}


@attrs.frozen(kw_only=True)
class Presentation(Lifetime):
    """What a phone showed.

    Attributes:
        credential_hash: SHA-256 over the COSE_Sign1 of the credential.
        credential: That COSE_Sign1, if it came along.
        token_id: 16 bytes; a verifier takes it once.
        challenge: What the verifier gave, or empty.
    """

    credential_hash: bytes = attrs.field(validator=sized(HASH_BYTES), repr=False)
    credential: bytes | None = attrs.field(default=None, repr=False)
    token_id: bytes = attrs.field(validator=sized(ID_BYTES))
    challenge: bytes = attrs.field(default=b"", repr=False)


def credential_hash(signed: bytes) -> bytes:
    """Return the SHA-256 by which presentations name the COSE_Sign1 of a credential."""
    return hashlib.sha256(signed).digest()


def write(
    signed: bytes,
    *,
    token_id: bytes,
    now: datetime,
    device: Signer,
    by: Literal["hash", "value"] = "hash",
    challenge: bytes = b"",
) -> str:
    """Return the text that the phone shows for the next 90 seconds.

    Args:
        signed: The COSE_Sign1 of the credential (``credential.to_cose``).
        token_id: 16 fresh random bytes.
        now: The present.
        device: The phone's key, which the credential names.
        by: Whether the credential is named by its hash or comes along.
        challenge: What the verifier gave, at most 64 bytes.

    Raises:
        TokenError: The id or challenge hasn't its size (``claims``), or the text would be
            longer than readers accept (``length``).
        KeySourceError: Signing failed.
    """
    claims = {**Lifetime.starting(now, QR_LIFE).claims(), CTI: exact_bytes(token_id, ID_BYTES)}
    if by == "value":
        claims[CREDENTIAL] = signed
    else:
        claims[CREDENTIAL_HASH] = credential_hash(signed)
    if challenge:
        claims[NONCE] = _sane(challenge)
    return qrtext.write(PREFIX, cose.write(cbor.encode(claims), device, external_aad=_AAD))


def peek(text: str) -> Presentation:
    """Return what an ``IKDP:`` text claims: NOT VERIFIED, anybody's word.

    Good for one thing: finding the credential whose device key to call ``read`` with.

    Raises:
        TokenError: The text isn't such a token.
    """
    return _parse(cose.read(qrtext.read(PREFIX, text)).payload)


def read(
    text: str, device_key: PublicKey, *, now: datetime, challenge: bytes = b""
) -> Presentation:
    """Return what an ``IKDP:`` text says, signed by *device_key* and valid now.

    Args:
        text: The token.
        device_key: The key in the credential.
        now: The present.
        challenge: What we gave; a token made for another challenge, or for one where we gave
            none, was made for somebody else.

    Raises:
        TokenError: It isn't such a token, isn't valid now or answers another challenge.
    """
    signed = cose.read(qrtext.read(PREFIX, text))
    shown = _parse(signed.verify(device_key, external_aad=_AAD))
    shown.check(now, longest=QR_LIFE)
    if shown.challenge != challenge:
        raise TokenError("challenge")
    return shown


def _parse(payload: bytes) -> Presentation:
    found = read_map(payload, _REQUIRED, _OPTIONAL)
    signed = found.get(CREDENTIAL)
    if (signed is None) == (CREDENTIAL_HASH not in found):
        raise TokenError("claims", "a credential by hash or by value, not both")
    return Presentation(
        credential_hash=found[CREDENTIAL_HASH] if signed is None else credential_hash(signed),
        credential=signed,
        token_id=found[CTI],
        issued_at=moment(found[IAT]),
        expires_at=moment(found[EXP]),
        challenge=_sane(found[NONCE]) if NONCE in found else b"",
    )


def _sane(challenge: object) -> bytes:
    if type(challenge) is not bytes or not 0 < len(challenge) <= MAX_CHALLENGE:
        raise TokenError("claims", "a challenge has 1 to 64 bytes")
    return challenge

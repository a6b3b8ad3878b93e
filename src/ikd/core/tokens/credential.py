"""The credential: claim 169 in a CWT (RFC 8392), signed by the issuer, on paper or screen.

Text: base45 of zlib of a COSE_Sign1, without prefix, so that every reader of claim 169 can
read it. It names the device it was made for (``cnf``) and its place in a status list.
"""

from __future__ import annotations

from datetime import datetime

from ikd.core import cbor
from ikd.core.errors import TokenError
from ikd.core.timing import aware
from ikd.core.tokens import cose, fixedblock, qrtext
from ikd.core.tokens.credentialclaims import (
    CLAIM_169,
    LIFE,
    MAX_ADDRESSES,
    STATUS,
    CredentialClaims,
)
from ikd.core.tokens.cwt import is_ahead
from ikd.core.tokens.inflate import deflate, inflate
from ikd.core.tokens.keyring import Keyring
from ikd.core.tokens.signing import Signer

__all__ = [
    "CLAIM_169",
    "LIFE",
    "MAX_ADDRESSES",
    "STATUS",
    "CredentialClaims",
    "read",
    "to_cose",
    "to_text",
    "verify",
    "write",
]


def write(claims: CredentialClaims, key: Signer) -> str:
    """Return the text of the credential, signed by the issuer.

    Raises:
        TokenError: It would be longer than readers accept (``length``).
        KeySourceError: Signing failed.
    """
    return to_text(cose.write(claims.to_payload(), key))


def to_text(signed: bytes) -> str:
    """Return a COSE_Sign1 as the text of a credential.

    Raises:
        TokenError: It would be longer than readers accept (``length``).
    """
    packed = deflate(signed)
    # Two bits behind the head say which kind of block follows (RFC 1951 section 3.2.3).
    return qrtext.write("", packed if packed[2] & 6 else fixedblock.pack(signed))


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
    if is_ahead(claims.not_before, aware(now)):
        raise TokenError("early")
    if now >= claims.expires_at:
        raise TokenError("expired")
    return claims


def verify(signed: bytes, keyring: Keyring) -> CredentialClaims:
    """Return what the COSE_Sign1 of a credential says, signed by a key that counts.

    Whether it holds now is for whoever asks.

    Raises:
        TokenError: It isn't one, or its key doesn't count.
    """
    parts = cose.read(signed)
    record = keyring.find("credential", parts.kid)
    claims = CredentialClaims.from_payload(parts.verify(record.key))
    record.signed_at(claims.issued_at)
    return claims

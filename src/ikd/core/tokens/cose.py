"""COSE_Sign1 (RFC 9052 section 4.2), one spelling only.

Tag 18, protected header exactly {1: alg, 4: kid}, unprotected header empty, payload inside,
64 bytes of signature. What else the RFC allows (``crit``, headers in either bucket, detached
payloads) is where verifiers have been led astray, so none of it is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import attrs

from ikd.core import cbor
from ikd.core.errors import TokenError
from ikd.core.tokens.publickey import EDDSA, ES256, KID_BYTES, SIGNATURE_BYTES, PublicKey
from ikd.core.tokens.signing import Signer

_TAG = b"\xd2"  # 18, in its only canonical form
_FOUR, _EMPTY = b"\x84", b"\xa0"  # an array of four, a map of none
_ALG, _KID = 1, 4
NO_HEADERS: Mapping[int, str] = {}


@attrs.frozen(kw_only=True)
class Sign1:
    """A COSE_Sign1 that was read and not yet verified.

    Attributes:
        alg: What the header claims; believed only when the key's record says the same.
        kid: Names the key.
        protected: The header's bytes, as signed.
        payload: What was signed.
        signature: 64 bytes.
    """

    alg: int
    kid: bytes
    protected: bytes = attrs.field(repr=False)
    payload: bytes = attrs.field(repr=False)
    signature: bytes = attrs.field(repr=False)

    def verify(self, key: PublicKey, *, external_aad: bytes = b"") -> bytes:
        """Return the payload, now that it is known to be signed by *key*.

        Raises:
            TokenError: The header names another algorithm (``algorithm``) or key (``key``),
                or the signature doesn't hold (``signature``).
        """
        if self.alg != key.alg:
            raise TokenError("algorithm")
        if self.kid != key.kid:
            raise TokenError("key", "signed by another key")
        if not key.holds(self.signature, signing_input(self.protected, self.payload, external_aad)):
            raise TokenError("signature")
        return self.payload


def protected_header(key: PublicKey, headers: Mapping[int, str] = NO_HEADERS) -> bytes:
    """Return the encoded protected header that *key* signs under."""
    if headers:
        return cbor.encode({_ALG: key.alg, _KID: key.kid, **headers})
    return _plain(key.alg, key.kid)


@lru_cache(maxsize=64)  # a house has few keys
def _plain(alg: int, kid: bytes) -> bytes:
    return cbor.encode_ordered({_ALG: alg, _KID: kid})


def signing_input(protected: bytes, payload: bytes, external_aad: bytes = b"") -> bytes:
    """Return the bytes that are signed: the encoded Sig_structure (RFC 9052 section 4.4)."""
    return _before_payload(protected, external_aad) + cbor.encode_ordered(payload)


@lru_cache(maxsize=64)  # a house has few headers and purposes
def _before_payload(protected: bytes, external_aad: bytes) -> bytes:
    parts = map(cbor.encode_ordered, ("Signature1", protected, external_aad))
    return _FOUR + b"".join(parts)


def assemble(protected: bytes, payload: bytes, signature: bytes) -> bytes:
    """Return the tagged COSE_Sign1 of parts that were signed elsewhere."""
    return _TAG + cbor.encode_ordered([protected, {}, payload, signature])


def write(
    payload: bytes,
    key: Signer,
    *,
    external_aad: bytes = b"",
    headers: Mapping[int, str] = NO_HEADERS,
) -> bytes:
    """Return *payload* as a COSE_Sign1 by *key*, its signature verified before release.

    Raises:
        KeySourceError: Signing failed or gave a wrong signature.
    """
    protected = protected_header(key.public, headers)
    signature = key.sign_checked(signing_input(protected, payload, external_aad))
    return assemble(protected, payload, signature)


def read(
    data: bytes,
    *,
    headers: Mapping[int, str] = NO_HEADERS,
    max_bytes: int = cbor.MAX_BYTES,
) -> Sign1:
    """Return the parts of a COSE_Sign1 of exactly the form above; nothing is verified yet.

    Args:
        data: The whole token.
        headers: Further protected headers that must be there, with their values.
        max_bytes: How long it may be.

    Raises:
        TokenError: It isn't one (``cose`` or ``cbor``).
    """
    if type(data) is not bytes or not data.startswith(_TAG + _FOUR):
        raise TokenError("cose", "not a tagged COSE_Sign1")
    if len(data) > max_bytes:
        raise TokenError("cbor", "longer than is read")
    # One spelling of four parts, three of them bytes: read where they stand, built by nobody.
    protected, at = cbor.read_bytes(data, 2)
    if data[at : at + 1] != _EMPTY:
        raise TokenError("cose", "something in the unprotected header")
    payload, at = cbor.read_bytes(data, at + 1)
    signature, at = cbor.read_bytes(data, at)
    if at != len(data) or len(signature) != SIGNATURE_BYTES:
        raise TokenError("cose", "a signature has 64 bytes, and nothing follows it")
    alg, kid = read_header(protected, headers) if headers else _plain_header(protected)
    if alg not in (EDDSA, ES256):
        raise TokenError("cose", "unknown algorithm")
    return Sign1(alg=alg, kid=kid, protected=protected, payload=payload, signature=signature)


@lru_cache(maxsize=64)  # likewise: each of them always writes the same bytes
def _plain_header(protected: bytes) -> tuple[int, bytes]:
    return read_header(protected)


def read_header(protected: bytes, headers: Mapping[int, str] = NO_HEADERS) -> tuple[int, bytes]:
    """Return algorithm and key name of a protected header, which holds nothing but *headers* too.

    Raises:
        TokenError: It isn't exactly so (``cose`` or ``cbor``).
    """
    match cbor.decode(protected):
        case {1: int(alg), 4: bytes(kid), **more} if len(kid) == KID_BYTES and more == headers:
            return alg, kid
    raise TokenError("cose", "protected header isn't exactly as it must be")

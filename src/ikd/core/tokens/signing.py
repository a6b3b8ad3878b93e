"""Signing: a callable does it, so the private key may stay in an HSM (ASVS 13.3.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import attrs

from ikd.core.errors import IkdError, KeySourceError
from ikd.core.tokens.publickey import SIGNATURE_BYTES, PublicKey, point_of

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import ec


class Sign(Protocol):
    """Signs a message and returns 64 bytes: R||S of Ed25519, or r||s of ES256."""

    def __call__(self, message: bytes, /) -> bytes:
        """Return the signature over *message*, which is not hashed yet."""
        ...


@attrs.frozen(kw_only=True)
class Signer:
    """A public key together with whatever signs for it.

    Attributes:
        public: The key that others verify with; its record fixes the algorithm.
        sign: Asks the holder of the private key for a signature.
        own: Whether the private key is in this process; what comes from elsewhere, a KMS or
            an HSM, is verified before it is released.
    """

    public: PublicKey
    sign: Sign = attrs.field(repr=False, eq=False)
    own: bool = attrs.field(default=False, eq=False)

    def sign_checked(self, message: bytes) -> bytes:
        """Return a signature over *message*, verified first if it comes from elsewhere.

        A signer that was disturbed, or that holds another key, may give away its key
        with one wrong signature; it also must not get into anybody's QR.

        Raises:
            KeySourceError: It failed (``keys.failed``) or its signature is wrong
                (``keys.signature``).
        """
        try:
            signature = self.sign(message)
        except IkdError:
            raise
        except Exception as error:
            raise KeySourceError("keys.failed", "the signer failed") from error
        if not self.own and not self.public.holds(signature, message):
            raise KeySourceError("keys.signature", "the signer's signature doesn't verify")
        return signature


def ed25519_signer(private: bytes) -> Signer:
    """Return the signing key of a 32-byte Ed25519 seed (RFC 8032 section 5.1.5).

    Raises:
        KeySourceError: *private* isn't 32 bytes (``keys.form``).
    """
    from cryptography.hazmat.primitives.asymmetric import ed25519

    if type(private) is not bytes or len(private) != 32:
        raise KeySourceError("keys.form", "an Ed25519 private key has 32 bytes")
    key = ed25519.Ed25519PrivateKey.from_private_bytes(private)
    public = PublicKey.ed25519(key.public_key().public_bytes_raw())
    return Signer(public=public, sign=key.sign, own=True)


def es256_signer(private: bytes) -> Signer:
    """Return the signing key of a 32-byte P-256 scalar, most significant byte first.

    Raises:
        KeySourceError: *private* isn't 32 bytes of a number from 1 to n - 1 (``keys.form``).
    """
    from cryptography.hazmat.primitives.asymmetric import ec

    if type(private) is not bytes or len(private) != 32:
        raise KeySourceError("keys.form", "a P-256 private key has 32 bytes")
    try:
        key = ec.derive_private_key(int.from_bytes(private, "big"), ec.SECP256R1())
    except Exception as error:
        raise KeySourceError("keys.form", "a P-256 private key out of range") from error
    return Signer(public=PublicKey.p256(point_of(key.public_key())), sign=_es256(key), own=True)


def _es256(key: ec.EllipticCurvePrivateKey) -> Sign:
    from cryptography.hazmat.primitives.asymmetric import utils

    scheme = _scheme()

    def sign(message: bytes) -> bytes:
        r, s = utils.decode_dss_signature(key.sign(message, scheme))
        return r.to_bytes(SIGNATURE_BYTES // 2, "big") + s.to_bytes(SIGNATURE_BYTES // 2, "big")

    return sign


def _scheme() -> ec.ECDSA:
    """Return ECDSA as RFC 6979 makes it: same message, same signature, no randomness to fail.

    OpenSSL before 3.2 can't; there every signature is another one, and as good.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec

    try:
        return ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
    except UnsupportedAlgorithm:
        return ec.ECDSA(hashes.SHA256())

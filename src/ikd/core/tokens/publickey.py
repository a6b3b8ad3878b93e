"""Public keys: Ed25519 and P-256, nothing else, checked before anything is believed.

The algorithm belongs to the key (RFC 8725 section 3.1): no token ever chooses it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

import attrs

from ikd.core.errors import TokenError
from ikd.core.tokens.curves import is_ed25519, is_p256, is_p256_signature

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519

EDDSA = -8  # COSE algorithm, here always with Ed25519 (RFC 9053 section 2.2)
ES256 = -7  # ECDSA on P-256 with SHA-256 (RFC 9053 section 2.1)
KID_BYTES = 8
SIGNATURE_BYTES = 64  # both: R and S, or r and s, of 32 bytes each

# Canonical COSE_Keys up to their 32-byte strings: {1: 1, -1: 6, -2: x}, {1: 2, -1: 1, -2: x, -3: y}
_OKP_HEAD = bytes.fromhex("a3 0101 2006 215820")
_EC2_HEAD, _EC2_Y = bytes.fromhex("a4 0102 2001 215820"), bytes.fromhex("225820")

_POINTS: Mapping[int, Callable[[bytes], bool]] = {EDDSA: is_ed25519, ES256: is_p256}


@attrs.frozen(kw_only=True)
class PublicKey:
    """A key that can verify; made by ``ed25519`` or ``p256``.

    Attributes:
        alg: ``EDDSA`` or ``ES256``.
        raw: 32 bytes of Ed25519, or the 65 bytes of an uncompressed P-256 point.
        thumbprint: SHA-256 over the canonical COSE_Key (RFC 9679).
    """

    alg: int
    raw: bytes = attrs.field(repr=False)
    thumbprint: bytes = attrs.field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        good = _POINTS.get(self.alg)
        if good is None or type(self.raw) is not bytes or not good(self.raw):
            raise TokenError("key", "no usable public key")
        object.__setattr__(self, "thumbprint", hashlib.sha256(self.to_cose()).digest())

    @classmethod
    def ed25519(cls, raw: bytes) -> PublicKey:
        """Return the key of 32 bytes (RFC 8032).

        Raises:
            TokenError: Not canonical, not on the curve or of small order (``key``).
        """
        return cls(alg=EDDSA, raw=raw)

    @classmethod
    def p256(cls, point: bytes) -> PublicKey:
        """Return the key of a SEC 1 point, 65 bytes uncompressed or 33 compressed.

        Raises:
            TokenError: Not a point of the curve other than infinity (``key``).
        """
        if type(point) is bytes and len(point) == 33 and point[0] in (2, 3):
            point = _uncompressed(point)
        return cls(alg=ES256, raw=point)

    @property
    def kid(self) -> bytes:
        """First 8 bytes of the thumbprint, by which tokens name the key."""
        return self.thumbprint[:KID_BYTES]

    def to_cose(self) -> bytes:
        """Return the canonical COSE_Key; RFC 9679 section 4.2 takes points uncompressed."""
        if self.alg == EDDSA:
            return _OKP_HEAD + self.raw
        return _EC2_HEAD + self.raw[1:33] + _EC2_Y + self.raw[33:]

    @classmethod
    def from_pem(cls, pem: bytes) -> PublicKey:
        """Return the key of a SubjectPublicKeyInfo in PEM.

        Raises:
            TokenError: No such text, or a key of another kind (``key``).
        """
        from cryptography.hazmat.primitives.asymmetric import ec, ed25519
        from cryptography.hazmat.primitives.serialization import load_pem_public_key

        try:
            key = load_pem_public_key(pem)
        except Exception as error:
            raise TokenError("key", "no public key in PEM") from error
        if isinstance(key, ed25519.Ed25519PublicKey):
            return cls.ed25519(key.public_bytes_raw())
        if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
            return cls.p256(point_of(key))
        raise TokenError("key", "neither Ed25519 nor P-256")

    def to_pem(self) -> bytes:
        """Return the key as SubjectPublicKeyInfo in PEM, as other programs read it."""
        from cryptography.hazmat.primitives import serialization as form

        key = _ed25519(self.raw) if self.alg == EDDSA else _p256(self.raw)
        return key.public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo)

    def holds(self, signature: bytes, message: bytes) -> bool:
        """Return whether *signature* (64 bytes, R||S or r||s) is this key's over *message*."""
        if type(signature) is not bytes or len(signature) != SIGNATURE_BYTES:
            return False
        return _verify(self.alg, self.raw, signature, message)


def point_of(key: ec.EllipticCurvePublicKey) -> bytes:
    """Return the 65 bytes of a library's P-256 key."""
    from cryptography.hazmat.primitives import serialization as form

    return key.public_bytes(form.Encoding.X962, form.PublicFormat.UncompressedPoint)


def _uncompressed(point: bytes) -> bytes:
    from cryptography.hazmat.primitives.asymmetric import ec

    try:
        return point_of(ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point))
    except Exception as error:
        raise TokenError("key", "no point of the curve") from error


def _verify(alg: int, raw: bytes, signature: bytes, message: bytes) -> bool:
    try:
        if alg == EDDSA:
            _ed25519(raw).verify(signature, message)
        elif is_p256_signature(signature):
            _p256(raw).verify(p1363_to_der(signature), message, _ecdsa())
        else:
            return False
    except Exception:  # noqa: BLE001  (InvalidSignature or anything worse: it doesn't hold)
        return False
    return True


@lru_cache(maxsize=64)  # a house has few of these
def _ed25519(raw: bytes) -> ed25519.Ed25519PublicKey:
    from cryptography.hazmat.primitives.asymmetric import ed25519

    return ed25519.Ed25519PublicKey.from_public_bytes(raw)


@lru_cache(maxsize=256)
def _p256(raw: bytes) -> ec.EllipticCurvePublicKey:
    from cryptography.hazmat.primitives.asymmetric import ec

    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)


@lru_cache(maxsize=1)
def _ecdsa() -> ec.ECDSA:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec

    return ec.ECDSA(hashes.SHA256())


def p1363_to_der(signature: bytes) -> bytes:
    """Return r||s, as COSE carries it, in the DER form that libraries take."""
    from cryptography.hazmat.primitives.asymmetric import utils

    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    return utils.encode_dss_signature(r, s)

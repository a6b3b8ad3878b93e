"""A private key in this process: Ed25519 or P-256, drawn, written and read as PKCS #8."""

from __future__ import annotations

import contextlib
from typing import Literal

import attrs

from ikd.core.errors import KeySourceError, TokenError
from ikd.core.ports import Entropy
from ikd.core.secrets.opaque import Uncopied
from ikd.core.tokens.publickey import EDDSA, PublicKey
from ikd.core.tokens.signing import Signer, ed25519_signer, es256_signer

Algorithm = Literal["EdDSA", "ES256"]
_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_EXTRA = 40  # bytes: 64 bits more than the order, so that no scalar is favoured (FIPS 186-5 A.2.1)
_END = b"-----END PRIVATE KEY-----\n"


@attrs.frozen(kw_only=True, getstate_setstate=False)
class KeyPair(Uncopied):
    """A signing key with both halves.

    Attributes:
        alg: ``EdDSA`` (Ed25519) or ``ES256`` (P-256).
        signer: Signs. What the service signs is verified once more before it is released.
    """

    alg: Algorithm
    signer: Signer
    _private: bytes = attrs.field(repr=False, eq=False)

    @classmethod
    def of(cls, alg: Algorithm, private: bytes) -> KeyPair:
        """Return the pair of a 32-byte seed (Ed25519) or scalar (P-256).

        Raises:
            KeySourceError: No such key (``keys.form``).
        """
        signer = ed25519_signer(private) if alg == "EdDSA" else es256_signer(private)
        return cls(alg=alg, signer=signer, private=private)

    @classmethod
    def draw(cls, alg: Algorithm, entropy: Entropy) -> KeyPair:
        """Return a new pair."""
        if alg == "EdDSA":
            return cls.of(alg, entropy(32))
        number = int.from_bytes(entropy(_EXTRA), "big") % (_P256_ORDER - 1) + 1
        return cls.of(alg, number.to_bytes(32, "big"))

    @property
    def public(self) -> PublicKey:
        """The half that everybody may have."""
        return self.signer.public

    @property
    def kid(self) -> bytes:
        """How tokens name it."""
        return self.public.kid

    def to_pem(self) -> bytes:
        """Return the private key as PKCS #8 in PEM, not encrypted: for a file of mode 0600."""
        from cryptography.hazmat.primitives import serialization as form
        from cryptography.hazmat.primitives.asymmetric import ec, ed25519

        key: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey
        if self.alg == "EdDSA":
            key = ed25519.Ed25519PrivateKey.from_private_bytes(self._private)
        else:
            key = ec.derive_private_key(int.from_bytes(self._private, "big"), ec.SECP256R1())
        return key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())


def read_pems(data: bytes) -> tuple[KeyPair, ...]:
    """Return the pairs of a file of PEM blocks, in their order, at least one.

    Raises:
        KeySourceError: Anything else stands in it (``keys.corrupt``).
    """
    *blocks, rest = data.split(_END)
    if not blocks or rest:
        raise KeySourceError("keys.corrupt")
    return tuple(_read_pem(block + _END) for block in blocks)


def read_public_pem(data: bytes) -> PublicKey:
    """Return the Ed25519 key of a PEM file.

    Raises:
        KeySourceError: It holds none (``keys.corrupt``).
    """
    with contextlib.suppress(TokenError):  # raised below, without what the library says of it
        key = PublicKey.from_pem(data)
        if key.alg == EDDSA:
            return key
    raise KeySourceError("keys.corrupt")


def _read_pem(block: bytes) -> KeyPair:
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(block, None)
        if isinstance(key, ed25519.Ed25519PrivateKey):
            return KeyPair.of("EdDSA", key.private_bytes_raw())
        if isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name == "secp256r1":
            number = key.private_numbers().private_value
            return KeyPair.of("ES256", number.to_bytes(32, "big"))
    except Exception:  # noqa: BLE001, S110  raised below, without what the library says of it
        pass
    raise KeySourceError("keys.corrupt")

"""What is kept of a short secret so that it can be checked and not be found.

``HMAC-SHA256(pepper, scheme, whose, KDF(secret, salt))``. Ten to the six PINs are searched
in hours however slow the KDF is, so the pepper, which never stands in the database, is what
protects; Argon2id is what ASVS 5.0 6.5.2 and NIST SP 800-63B-4 3.1.1.2 ask for beside it.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Sequence

from ikd.core.errors import InputError, SealError
from ikd.core.secrets.framing import framed, unframed
from ikd.core.secrets.sealing import KID_BYTES, SecretKey, key_of

Kdf = Callable[[bytes, bytes], bytes]
"""Makes 32 bytes from a secret and a salt, slowly."""

SALT_BYTES = 16
MAC_BYTES = 32
_NO_SALT = bytes(SALT_BYTES)
_NO_MAC = bytes(MAC_BYTES)


def argon2id(secret: bytes, salt: bytes) -> bytes:
    """Return 32 bytes by Argon2id (RFC 9106): 19,456 KiB, two passes, one lane."""
    from ikd.core.secrets import ciphers

    return ciphers.argon2id(secret, salt)


def make(
    scheme: str,
    secret: str,
    whose: tuple[bytes | str, ...],
    *,
    salt: bytes,
    pepper: SecretKey,
    kdf: Kdf,
) -> bytes:
    """Return the verifier of *secret*: scheme, salt, pepper's kid and MAC.

    Raises:
        InputError: The salt isn't 16 bytes (``salt.form``).
    """
    if type(salt) is not bytes or len(salt) != SALT_BYTES:
        raise InputError("salt.form", "a salt is 16 bytes")
    mac = _mac(scheme, secret, whose, salt, pepper, kdf)
    return framed(scheme, salt, pepper.kid, mac)


def expect(
    scheme: str,
    secret: str,
    whose: tuple[bytes | str, ...],
    verifier: bytes | None,
    *,
    peppers: Sequence[SecretKey],
    kdf: Kdf,
) -> bytes:
    """Return the MAC that *verifier* holds if *secret* is the right one.

    Without a verifier the same work is done, so that time doesn't tell who has one.

    Raises:
        SealError: The verifier is damaged (``seal.broken``) or its pepper isn't among
            *peppers* (``seal.key``); whoever typed the secret has spent nothing.
    """
    if verifier is None:
        return _mac(scheme, secret, whose, _NO_SALT, peppers[0], kdf)
    salt, kid, _ = _parts(scheme, verifier)
    return _mac(scheme, secret, whose, salt, key_of(peppers, kid), kdf)


def same(scheme: str, verifier: bytes | None, candidate: bytes) -> bool:
    """Return whether *verifier* holds *candidate*, in constant time.

    Raises:
        SealError: The verifier is damaged.
    """
    mac = _NO_MAC if verifier is None else _parts(scheme, verifier)[2]
    return hmac.compare_digest(mac, candidate) and verifier is not None


def pepper_kid(scheme: str, verifier: bytes) -> bytes:
    """Return the kid of the pepper under which *verifier* was made."""
    return _parts(scheme, verifier)[1]


def _mac(
    scheme: str,
    secret: str,
    whose: tuple[bytes | str, ...],
    salt: bytes,
    pepper: SecretKey,
    kdf: Kdf,
) -> bytes:
    slow = kdf(secret.encode(), salt)
    return hmac.digest(pepper.key, framed(scheme, *whose, salt, slow), hashlib.sha256)


def _parts(scheme: str, verifier: bytes) -> tuple[bytes, bytes, bytes]:
    sizes = (len(scheme.encode()), SALT_BYTES, KID_BYTES, MAC_BYTES)
    name, salt, kid, mac = unframed(verifier, sizes)
    if name != scheme.encode():
        raise SealError
    return salt, kid, mac

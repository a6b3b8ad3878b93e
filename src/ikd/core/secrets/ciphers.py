"""AES-256-GCM, HKDF and Argon2id; the only module of the package that loads cryptography.

It is imported when something is first sealed or stretched, never before.
"""

from __future__ import annotations

import contextlib

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ikd.core.errors import SealError

KEY_BYTES = 32
NONCE_BYTES = 12  # 96 bits, the only length for which GCM uses the nonce as it is
TAG_BYTES = 16
_MOST_DERIVED = 255 * 32  # RFC 5869 section 2.3


def lock(key: bytes, plaintext: bytes, *, nonce: bytes, info: bytes) -> bytes:
    """Return nonce and ciphertext, under a key derived from *key* for *info* alone.

    One key for each *info* keeps the number of messages under it small, so that two equal
    nonces (RFC 5116 5.1.1) stay out of reach.
    """
    return nonce + encrypt(derive(key, info=info), plaintext, nonce=nonce, info=info)


def unlock(key: bytes, locked: bytes, *, info: bytes) -> bytes:
    """Return the plaintext of what ``lock`` made under the same *key* and *info*.

    Raises:
        SealError: It was altered, or made under another key or for another *info*.
    """
    nonce, rest = locked[:NONCE_BYTES], locked[NONCE_BYTES:]
    return decrypt(derive(key, info=info), rest, nonce=nonce, info=info)


def encrypt(key: bytes, plaintext: bytes, *, nonce: bytes, info: bytes) -> bytes:
    """Return ciphertext and tag of AES-GCM, *info* authenticated beside them.

    Raises:
        SealError: The nonce hasn't 12 bytes.
    """
    if len(nonce) != NONCE_BYTES:
        raise SealError
    return AESGCM(key).encrypt(nonce, plaintext, info)


def decrypt(key: bytes, sealed: bytes, *, nonce: bytes, info: bytes) -> bytes:
    """Return the plaintext of what ``encrypt`` made with the same *key*, *nonce* and *info*.

    Raises:
        SealError: It wasn't, or was altered.
    """
    if len(nonce) == NONCE_BYTES and len(sealed) >= TAG_BYTES:
        with contextlib.suppress(InvalidTag):
            return AESGCM(key).decrypt(nonce, sealed, info)
    raise SealError  # out here, so that no foreign exception hangs on ours


def derive(key: bytes, *, info: bytes, salt: bytes | None = None, length: int = KEY_BYTES) -> bytes:
    """Return *length* bytes by HKDF-SHA256 (RFC 5869), others for every *info*.

    Raises:
        SealError: More than HKDF gives (8,160 bytes), or fewer than one.
    """
    if not 0 < length <= _MOST_DERIVED:
        raise SealError
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(key)


def argon2id(secret: bytes, salt: bytes) -> bytes:
    """Return 32 bytes by Argon2id: 19,456 KiB, two passes, one lane."""
    return Argon2id(salt=salt, length=32, iterations=2, lanes=1, memory_cost=19_456).derive(secret)

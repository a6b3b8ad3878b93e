"""AES-256-GCM, HKDF and Argon2id; the only module of the package that loads cryptography.

It is imported when something is first sealed or stretched, never before.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ikd.core.errors import SealError

KEY_BYTES = 32
NONCE_BYTES = 12  # 96 bits, the only length for which GCM uses the nonce as it is
TAG_BYTES = 16


def lock(key: bytes, plaintext: bytes, *, nonce: bytes, info: bytes) -> bytes:
    """Return nonce and ciphertext, under a key derived from *key* for *info* alone.

    One key for each *info* keeps the number of messages under it small, so that two equal
    nonces (RFC 5116 5.1.1) stay out of reach.
    """
    return nonce + AESGCM(_derived(key, info)).encrypt(nonce, plaintext, info)


def unlock(key: bytes, locked: bytes, *, info: bytes) -> bytes:
    """Return the plaintext of what ``lock`` made under the same *key* and *info*.

    Raises:
        SealError: It was altered, or made under another key or for another *info*.
    """
    if len(locked) >= NONCE_BYTES + TAG_BYTES:
        try:
            nonce, rest = locked[:NONCE_BYTES], locked[NONCE_BYTES:]
            return AESGCM(_derived(key, info)).decrypt(nonce, rest, info)
        except InvalidTag:
            pass  # raised below, so that no foreign exception hangs on ours
    raise SealError


def argon2id(secret: bytes, salt: bytes) -> bytes:
    """Return 32 bytes by Argon2id: 19,456 KiB, two passes, one lane."""
    return Argon2id(salt=salt, length=32, iterations=2, lanes=1, memory_cost=19_456).derive(secret)


def _derived(key: bytes, info: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(key)

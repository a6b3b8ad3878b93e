"""Keys and what is done with them at rest: sealing, wrapping, blind indexes, pseudonyms.

Nonces and entropy are passed in. Everything that goes into a key derivation, an
associated datum or a MAC is length-prefixed behind a domain of its own, so bytes made
for one use never open or match in another.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence

import attrs

from ikd.core.errors import InputError, SealError
from ikd.core.ids import draw
from ikd.core.secrets.framing import framed
from ikd.core.secrets.opaque import Uncopied

KEY_BYTES = 32
KID_BYTES = 8
_VERSION = b"\x01"


def _sized(size: int, value: object) -> None:
    if type(value) is not bytes or len(value) != size:
        raise InputError("key.form", f"{size} bytes are needed")


@attrs.frozen(kw_only=True, getstate_setstate=False)
class SecretKey(Uncopied):
    """A symmetric key; ``kid`` is 8 bytes and says nothing of it.

    Attributes:
        kid: How it is known: 8 bytes.
        key: 32 bytes.
    """

    kid: bytes
    key: bytes = attrs.field(repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        _sized(KID_BYTES, self.kid)
        _sized(KEY_BYTES, self.key)


@attrs.frozen
class FieldPlace:
    """Where a sealed field stands; it opens nowhere else.

    Attributes:
        kind: Kind of the record it was sealed for, e.g. ``application``.
        record_id: That record. What passes on to an identity keeps its first place.
        field: Name of the field.
    """

    kind: str
    record_id: str
    field: str


def new_data_key(entropy: bytes) -> bytes:
    """Return a 32-byte data key drawn from *entropy*.

    Raises:
        InputError: Fewer than 32 bytes of entropy (``entropy.short``).
    """
    if len(entropy) < KEY_BYTES:
        raise InputError("entropy.short", "a data key needs 32 bytes of entropy")
    return draw(entropy, "ikd/data-key/v1", KEY_BYTES)


def wrap(data_key: bytes, with_key: SecretKey, *, nonce: bytes, owner: str) -> bytes:
    """Return *data_key* sealed under *with_key* for *owner*: 69 bytes."""
    _sized(KEY_BYTES, data_key)
    return _seal_under(with_key, data_key, nonce, ("ikd/wrap/v1", owner))


def unwrap(wrapped: bytes, keys: Sequence[SecretKey], *, owner: str) -> bytes:
    """Return the data key that ``wrap`` sealed for *owner* under one of *keys*.

    Raises:
        SealError: Altered, of another owner (``seal.broken``), or under a key that
            isn't among *keys* (``seal.key``).
    """
    data_key = _open_under(keys, wrapped, ("ikd/wrap/v1", owner))
    if len(data_key) != KEY_BYTES:
        raise SealError
    return data_key


def seal(data_key: bytes, plaintext: bytes, *, nonce: bytes, place: FieldPlace) -> bytes:
    """Return *plaintext* sealed at *place*: AES-256-GCM under a key of that place alone."""
    _sized(KEY_BYTES, data_key)
    return _VERSION + _lock(data_key, plaintext, nonce, _at(place))


def unseal(data_key: bytes, sealed: bytes, *, place: FieldPlace) -> bytes:
    """Return what ``seal`` sealed at *place*.

    Raises:
        SealError: Altered, or sealed at another place or under another data key.
    """
    _sized(KEY_BYTES, data_key)
    if sealed[:1] != _VERSION:
        raise SealError
    return _unlock(data_key, sealed[1:], _at(place))


def seal_with(
    key: SecretKey, plaintext: bytes, *, nonce: bytes, purpose: str, bound: tuple[str, ...]
) -> bytes:
    """Return *plaintext* sealed under *key* for one *purpose*, opened only with *bound*."""
    return _seal_under(key, plaintext, nonce, ("ikd/sealed/v1", purpose, *bound))


def unseal_with(
    keys: Sequence[SecretKey], sealed: bytes, *, purpose: str, bound: tuple[str, ...]
) -> bytes:
    """Return what ``seal_with`` sealed for *purpose* and *bound* under one of *keys*.

    Raises:
        SealError: As ``unwrap``.
    """
    return _open_under(keys, sealed, ("ikd/sealed/v1", purpose, *bound))


def blind_index(key: SecretKey, space: str, canonical: str) -> bytes:
    """Return the 32 bytes under which *canonical* is found in *space*.

    A plain hash would not do: the NIKs of a day and place are ten thousand at most.
    """
    return _mac(key, "ikd/index/v1", space, canonical)


def pseudonym(key: SecretKey, text: str) -> str:
    """Return 16 hexadecimal characters that stand for *text* while *key* is in use."""
    return _mac(key, "ikd/pseudonym/v1", text)[:8].hex()


def fingerprint(key: SecretKey, data: bytes) -> bytes:
    """Return 32 bytes that tell whether two requests were the same, and nothing else."""
    return _mac(key, "ikd/fingerprint/v1", data)


def key_scope(key: SecretKey, data: bytes) -> bytes:
    """Return 32 bytes that stand for who asks: whoever has the database can't try names."""
    return _mac(key, "ikd/scope/v1", data)


def _mac(key: SecretKey, *parts: bytes | str) -> bytes:
    return hmac.digest(key.key, framed(*parts), hashlib.sha256)


def _at(place: FieldPlace) -> bytes:
    return framed("ikd/field/v1", place.kind, place.record_id, place.field)


def _seal_under(key: SecretKey, plaintext: bytes, nonce: bytes, info: tuple[str, ...]) -> bytes:
    return _VERSION + key.kid + _lock(key.key, plaintext, nonce, framed(key.kid, *info))


def _open_under(keys: Sequence[SecretKey], sealed: bytes, info: tuple[str, ...]) -> bytes:
    kid = sealed[1 : 1 + KID_BYTES]
    if sealed[:1] != _VERSION or len(kid) != KID_BYTES:
        raise SealError
    key = key_of(keys, kid)
    return _unlock(key.key, sealed[1 + KID_BYTES :], framed(kid, *info))


def key_of(keys: Sequence[SecretKey], kid: bytes) -> SecretKey:
    """Return the key of *keys* that is called *kid*.

    Raises:
        SealError: None is (``seal.key``): it was retired too early, or isn't ours.
    """
    for key in keys:
        if key.kid == kid:
            return key
    raise SealError("seal.key", "no key at hand has this key id")


def _lock(key: bytes, plaintext: bytes, nonce: bytes, info: bytes) -> bytes:
    from ikd.core.secrets import ciphers

    _sized(ciphers.NONCE_BYTES, nonce)
    return ciphers.lock(key, plaintext, nonce=nonce, info=info)


def _unlock(key: bytes, locked: bytes, info: bytes) -> bytes:
    from ikd.core.secrets import ciphers

    return ciphers.unlock(key, locked, info=info)

"""COSE_Sign (RFC 9052 section 4.1): one payload under several root keys.

The keyring has one root signature now and room for more: a second root, or a change of
roots under the old and the new one, needs no new format.
"""

from __future__ import annotations

from collections.abc import Sequence

from ikd.core import cbor
from ikd.core.errors import TokenError
from ikd.core.tokens import cose
from ikd.core.tokens.publickey import PublicKey
from ikd.core.tokens.signing import Signer

_TAG = b"\xd8\x62"  # 98, in its only canonical form


def write(payload: bytes, keys: Sequence[Signer], *, external_aad: bytes) -> bytes:
    """Return *payload* signed by each of *keys*.

    Signatures that come from elsewhere than this process are verified before release.

    Raises:
        KeySourceError: Signing failed or gave a wrong signature.
    """
    signed = []
    for key in keys:
        protected = cose.protected_header(key.public)
        message = _signing_input(protected, external_aad, payload)
        signed.append([protected, {}, key.sign_checked(message)])
    return _TAG + cbor.encode([b"", {}, payload, signed])


def read(
    data: bytes,
    roots: Sequence[PublicKey],
    *,
    external_aad: bytes,
    threshold: int = 1,
    max_bytes: int,
) -> bytes:
    """Return the payload if at least *threshold* of *roots* signed it.

    Signatures by keys outside *roots* are passed over, so that a new root can sign before
    every reader knows it; one that names a root and doesn't hold refuses the whole.

    Raises:
        TokenError: Not of this form (``cose``, ``cbor``), a root counted twice (``cose``),
            or too few roots signed it (``signature``).
    """
    payload, signed = _parts(data, max_bytes)
    known = {root.kid: root for root in roots}
    seen: set[bytes] = set()
    for entry in signed:
        protected, signature = _entry(entry)
        alg, kid = cose.read_header(protected)
        if kid in seen:
            raise TokenError("cose", "one key signed twice")
        if kid not in known:
            continue
        if alg != known[kid].alg:
            raise TokenError("algorithm")
        if not known[kid].holds(signature, _signing_input(protected, external_aad, payload)):
            raise TokenError("signature")
        seen.add(kid)
    if not seen or len(seen) < threshold:
        raise TokenError("signature", "too few of the roots signed")
    return payload


def _signing_input(protected: bytes, external_aad: bytes, payload: bytes) -> bytes:
    return cbor.encode(["Signature", b"", protected, external_aad, payload])


def _parts(data: bytes, max_bytes: int) -> tuple[bytes, list[object]]:
    if type(data) is not bytes or not data.startswith(_TAG):
        raise TokenError("cose", "not a tagged COSE_Sign")
    match cbor.decode(data[len(_TAG) :], max_bytes=max_bytes):
        case [b"", dict(loose), bytes(payload), list(signed)] if not loose:
            return payload, signed
    raise TokenError("cose", "not empty headers, a payload and a list of signatures")


def _entry(entry: object) -> tuple[bytes, bytes]:
    match entry:
        case [bytes(protected), dict(loose), bytes(signature)] if not loose:
            return protected, signature
    raise TokenError("cose", "not the three parts with an empty unprotected header")

"""Claim 169 as others write it: read tolerantly, explained note by note, never plainly accepted.

The strict reader refuses what isn't written as we write it. Other issuers' tokens may still
be signed by a key that the keyring holds; this reader says what is unlike ours, and the
verifier's policy turns that into a warning or a refusal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import attrs

from ikd.core import cbor
from ikd.core.errors import TokenError
from ikd.core.timing import aware
from ikd.core.tokens import cose, qrtext
from ikd.core.tokens.claim169 import BIRTH_DATE, SEX, Claim169
from ikd.core.tokens.credential import CLAIM_169, STATUS
from ikd.core.tokens.cwt import CNF, EXP, IAT, ISS, NBF, SKEW, moment
from ikd.core.tokens.inflate import inflate
from ikd.core.tokens.keyrecord import KeyRecord
from ikd.core.tokens.keyring import Keyring
from ikd.core.tokens.publickey import SIGNATURE_BYTES

# What may be unlike ours, with what it means for developers.
NOTES: Mapping[str, str] = {
    "uncompressed": "no zlib around the COSE message",
    "tag_61": "the CWT tag 61 stands before tag 18",
    "untagged": "no tag 18",
    "headers": "protected header isn't exactly {alg, kid}, or something is unprotected",
    "no_kid": "no key is named; every key for credentials was tried",
    "claims": "other claims than ours: no device key, no status or no time where we have one",
    "attributes": "claim 169 isn't one of our four profiles",
    "text_keys": "attributes of claim 169 are named by texts, as in ePhilID",
    "text_sex": "the sex is a text, as in the specification's own example",
    "dashed_date": "the birth date has dashes, as in the specification's JSON",
}
_TAG_61, _TAG_18 = b"\xd8\x3d", b"\xd2"
_DEPTH = 6  # biometrics lie in a list of maps


@attrs.frozen(kw_only=True)
class ForeignCredential:
    """A signed claim 169 of another dialect.

    Attributes:
        notes: What is unlike ours, keys of ``NOTES``.
        issuer: What it says of its issuer, if text.
        attributes: Claim 169 as it was written; unchecked beyond its signature.
    """

    notes: tuple[str, ...]
    issuer: str | None
    attributes: Mapping[Any, Any] = attrs.field(repr=False)


def read(text: str, keyring: Keyring, *, now: datetime) -> ForeignCredential:
    """Return what a claim 169 of another dialect says, signed by a key for credentials.

    Raises:
        TokenError: Not even tolerantly readable (``base45``, ``zlib``, ``cbor``, ``cose``,
            ``claims``), not signed by such a key (``key``, ``revoked``, ``signature``), or not
            valid now (``early``, ``expired``).
    """
    notes: list[str] = []
    data = _unwrapped(text, notes)
    protected, loose, payload, signature = _parts(data)
    alg, kid = _names(protected, loose, notes)
    message = cose.signing_input(protected, payload)
    record = _signer(keyring, alg, kid, signature, message)
    found = cbor.decode(payload, max_depth=_DEPTH, booleans=True, nulls=True, ordered=False)
    if type(found) is not dict or type(found.get(CLAIM_169)) is not dict:
        raise TokenError("claims", "no claim 169")
    _check_times(found, record, now)
    if not {ISS, EXP, NBF, IAT, CNF, STATUS} <= found.keys():
        notes.append("claims")
    notes += _unlike(found[CLAIM_169])
    issuer = found.get(ISS)
    return ForeignCredential(
        notes=tuple(notes),
        issuer=issuer if type(issuer) is str else None,
        attributes=found[CLAIM_169],
    )


def _unwrapped(text: str, notes: list[str]) -> bytes:
    data = qrtext.read("", text)
    try:
        data = inflate(data, max_bytes=cbor.MAX_BYTES)
    except TokenError:
        notes.append("uncompressed")
    if data.startswith(_TAG_61):
        notes.append("tag_61")
        data = data[len(_TAG_61) :]
    if data.startswith(_TAG_18):
        return data[len(_TAG_18) :]
    notes.append("untagged")
    return data


def _parts(data: bytes) -> tuple[bytes, dict[Any, Any], bytes, bytes]:
    parts = cbor.decode(data, ordered=False)
    if type(parts) is not list or [type(part) for part in parts] != [bytes, dict, bytes, bytes]:
        raise TokenError("cose", "not the four parts of a COSE_Sign1")
    if len(parts[3]) != SIGNATURE_BYTES:
        raise TokenError("cose", "a signature has 64 bytes")
    return parts[0], parts[1], parts[2], parts[3]


def _names(protected: bytes, loose: dict[Any, Any], notes: list[str]) -> tuple[int, bytes | None]:
    header = cbor.decode(protected, ordered=False)
    # alg must be authenticated (RFC 9052 section 4.4); crit asks for what we don't know.
    if type(header) is not dict or type(header.get(1)) is not int or 2 in header:
        raise TokenError("cose", "no protected algorithm")
    if header.keys() & loose.keys():
        raise TokenError("cose", "one header in both places")
    if header.keys() != {1, 4} or loose:
        notes.append("headers")
    kid = header.get(4, loose.get(4))
    if kid is None:
        notes.append("no_kid")
    elif type(kid) is not bytes:
        raise TokenError("cose", "malformed key name")
    return header[1], kid


def _signer(
    keyring: Keyring, alg: int, kid: bytes | None, signature: bytes, message: bytes
) -> KeyRecord:
    for record in _candidates(keyring, kid):
        if record.key.alg == alg and record.key.holds(signature, message):
            return record
    raise TokenError("signature" if kid is not None else "key")


def _candidates(keyring: Keyring, kid: bytes | None) -> Iterator[KeyRecord]:
    if kid is not None:
        yield keyring.find("credential", kid)
        return
    for record in keyring.records:
        if record.role == "credential" and record.state in ("active", "verify_only"):
            yield record


def _check_times(found: Mapping[Any, Any], record: KeyRecord, now: datetime) -> None:
    now = aware(now)
    record.signed_at(moment(found[IAT]) if IAT in found else now)
    if any(moment(found[label]) > now + SKEW for label in (NBF, IAT) if label in found):
        raise TokenError("early")
    if EXP in found and now >= moment(found[EXP]):
        raise TokenError("expired")


def _unlike(attributes: Mapping[Any, Any]) -> Iterator[str]:
    """Yield what is unlike ours in claim 169, the general note first."""
    try:
        Claim169.from_map(attributes)
    except TokenError:
        yield "attributes"
    if any(type(label) is str for label in attributes):
        yield "text_keys"
    if type(attributes.get(SEX)) is str:
        yield "text_sex"
    born = attributes.get(BIRTH_DATE)
    if type(born) is str and "-" in born:
        yield "dashed_date"

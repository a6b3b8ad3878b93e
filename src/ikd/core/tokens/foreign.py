"""Claim 169 as others write it: bytes turned into claims, and nothing else asked of them.

The strict reader refuses what isn't written as we write it. This one reads what RFC 8392 and
RFC 9052 allow besides, and notes what is unlike ours. Whose key it is, whether the signature
holds, times, audience, status and policy are the verifier's, as for our own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

import attrs

from ikd.core import cbor
from ikd.core.errors import TokenError
from ikd.core.tokens import cose, loosecbor
from ikd.core.tokens.claim169 import BIRTH_DATE, NAME, SEX, Claim169, is_plain
from ikd.core.tokens.credential import CLAIM_169, STATUS
from ikd.core.tokens.cwt import AUD, CNF, EXP, IAT, ISS, LATEST, NBF
from ikd.core.tokens.inflate import inflate
from ikd.core.tokens.loosecbor import Item
from ikd.core.tokens.publickey import EDDSA, ES256, SIGNATURE_BYTES, PublicKey

# What may be unlike ours, with what it means for developers.
NOTES: Mapping[str, str] = {
    "uncompressed": "no zlib around the COSE message",
    "tag_61": "the CWT tag 61 stands before tag 18",
    "untagged": "no tag 18",
    "headers": "protected header isn't exactly {alg, kid}, or something is unprotected",
    "no_kid": "no key is named; every key known was tried",
    "algorithm": "the algorithm has its newer number, -9 or -19",
    "spelling": "CBOR in another than the deterministic encoding",
    "claims": "other claims than ours: no device key, no status or no time where we have one",
    "attributes": "claim 169 isn't one of our four profiles",
    "text_keys": "attributes of claim 169 are named by texts, as in ePhilID",
    "text_sex": "the sex is a text, as in the specification's own example",
    "dashed_date": "the birth date has dashes, as in the specification's JSON",
}
# COSE's registered numbers: RFC 9053, and RFC 9864 for one curve each.
_ALGORITHMS = {-7: ES256, -8: EDDSA, -9: ES256, -19: EDDSA}
_TAG_61, _TAG_18 = b"\xd8\x3d", b"\xd2"
_ALG, _CRIT, _KID = 1, 2, 4
_LONGEST_NAME = 128


@attrs.frozen(kw_only=True)
class ForeignToken:
    """What a claim 169 of another dialect claims: NOT VERIFIED, anybody's word.

    Attributes:
        notes: What is unlike ours, keys of ``NOTES``.
        kid: How it names its key, if it does.
        issuer: ``iss``, if it is text.
        audience: ``aud``: whom it was made for; empty for everybody.
        issued_at: ``iat``, if it is there; as the other two.
        not_before: ``nbf``.
        expires_at: ``exp``.
        status_list: Address of its status list, if it names one.
        status_index: Its place there.
        attributes: Claim 169 as it was written.
    """

    notes: tuple[str, ...]
    alg: int
    kid: bytes | None
    message: bytes = attrs.field(repr=False)
    signature: bytes = attrs.field(repr=False)
    issuer: str | None
    audience: tuple[str, ...]
    issued_at: datetime | None
    not_before: datetime | None
    expires_at: datetime | None
    status_list: str | None
    status_index: int
    attributes: Mapping[int | str, Item] = attrs.field(repr=False)

    def is_by(self, key: PublicKey) -> bool:
        """Return whether *key* signed it, by the algorithm that is the key's."""
        return self.alg == key.alg and key.holds(self.signature, self.message)


@attrs.frozen(kw_only=True)
class ForeignCredential:
    """A claim 169 of another dialect, signed by a key that the verifier was given.

    Attributes:
        notes: What is unlike ours, keys of ``NOTES``.
        issuer: Whose key signed it.
        issuer_name: What people are shown for that issuer.
        attributes: Claim 169 as it was written; unchecked beyond its signature.
    """

    notes: tuple[str, ...]
    issuer: str
    issuer_name: str
    attributes: Mapping[int | str, Item] = attrs.field(repr=False)

    @property
    def name(self) -> str | None:
        """The person's name, if it is one that shows as it is."""
        name = self.attributes.get(NAME)
        if isinstance(name, str) and is_plain(name, longest=_LONGEST_NAME):
            return name
        return None


def read(data: bytes) -> ForeignToken:
    """Return what a claim 169 of another dialect claims; nothing is verified.

    Args:
        data: What base45 held, compressed or not.

    Raises:
        TokenError: Not even tolerantly readable (``cbor``, ``cose``, ``claims``).
    """
    notes: list[str] = []
    protected, loose, payload, signature = _parts(_unwrapped(data, notes))
    alg, kid = _names(protected, loose, notes)
    found = _decoded(payload, notes)
    attributes = found.get(CLAIM_169) if isinstance(found, dict) else None
    if not isinstance(found, dict) or not isinstance(attributes, dict):
        raise TokenError("claims", "no claim 169")
    if not {ISS, EXP, NBF, IAT, CNF, STATUS} <= found.keys():
        notes.append("claims")
    uri, index = _place(found.get(STATUS))
    issuer = found.get(ISS)
    return ForeignToken(
        notes=tuple(dict.fromkeys((*notes, *_unlike(attributes)))),
        alg=alg,
        kid=kid,
        message=cose.signing_input(protected, payload),
        signature=signature,
        issuer=issuer if isinstance(issuer, str) else None,
        audience=_audience(found.get(AUD, [])),
        issued_at=_time(found.get(IAT)),
        not_before=_time(found.get(NBF)),
        expires_at=_time(found.get(EXP)),
        status_list=uri,
        status_index=index,
        attributes=attributes,
    )


def _unwrapped(data: bytes, notes: list[str]) -> bytes:
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


def _parts(data: bytes) -> tuple[bytes, dict[int | str, Item], bytes, bytes]:
    match loosecbor.decode(data):
        case [bytes(protected), dict(loose), bytes(payload), bytes(signature)]:
            if len(signature) == SIGNATURE_BYTES:
                return protected, loose, payload, signature
            raise TokenError("cose", "a signature has 64 bytes")
    raise TokenError("cose", "not the four parts of a COSE_Sign1")


def _names(
    protected: bytes, loose: dict[int | str, Item], notes: list[str]
) -> tuple[int, bytes | None]:
    header = _decoded(protected, notes)
    # alg must be authenticated (RFC 9052 section 4.4); crit asks for what we don't know.
    if not isinstance(header, dict) or _CRIT in header:
        raise TokenError("cose", "no protected algorithm")
    if header.keys() & loose.keys():
        raise TokenError("cose", "one header in both places")
    if header.keys() != {_ALG, _KID} or loose:
        notes.append("headers")
    kid, named = header.get(_KID, loose.get(_KID)), header.get(_ALG)
    if kid is None:
        notes.append("no_kid")
    elif not isinstance(kid, bytes):
        raise TokenError("cose", "malformed key name")
    alg = _ALGORITHMS.get(named) if type(named) is int else None
    if alg is None:
        raise TokenError("cose", "an algorithm that isn't read")
    if alg != named:
        notes.append("algorithm")
    return alg, kid


def _decoded(data: bytes, notes: list[str]) -> Item:
    found = loosecbor.decode(data)
    try:
        cbor.decode(data, max_depth=loosecbor.MAX_DEPTH, booleans=True, nulls=True)
    except TokenError:
        notes.append("spelling")
    return found


def _time(seconds: Item) -> datetime | None:
    """Return the time of a NumericDate, which may be a float (RFC 8392 section 2)."""
    if seconds is None:
        return None
    if (
        not isinstance(seconds, int | float)
        or isinstance(seconds, bool)
        or not 0 <= seconds <= LATEST
    ):
        raise TokenError("claims", "not a time that a clock shows")
    return datetime.fromtimestamp(seconds, UTC)


def _audience(found: Item) -> tuple[str, ...]:
    """Return whom ``aud`` names: one text or a list of them (RFC 8392 section 3.1.3)."""
    named = found if isinstance(found, list) else [found]
    texts = tuple(one for one in named if isinstance(one, str))
    if len(texts) != len(named):
        raise TokenError("claims", "an audience is a text, or several")
    return texts


def _place(found: Item) -> tuple[str | None, int]:
    match found:
        case {"status_list": {"idx": index, "uri": uri}}:
            if isinstance(uri, str) and type(index) is int and index >= 0:
                return uri, index
            raise TokenError("claims", "no place in a status list")
    return None, 0


def _unlike(attributes: Mapping[int | str, Item]) -> Iterator[str]:
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

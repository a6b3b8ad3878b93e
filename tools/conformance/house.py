"""The invented house whose tokens the set holds: keys anybody may know, one moment, two lists."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime, timedelta
from typing import Any

from rawcbor import Pairs, encode

from ikd.core.tokens import base45, cose
from ikd.core.tokens.claim169 import Claim169
from ikd.core.tokens.credential import CredentialClaims
from ikd.core.tokens.keyrecord import KeyRecord
from ikd.core.tokens.keyring import Keyring
from ikd.core.tokens.signing import Signer, ed25519_signer, es256_signer
from ikd.core.tokens.statuslist import StatusList

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
ISSUER, LIST = "https://ikd.example.id", "https://ikd.example.id/status/1"
PLACES = 4096
MAKERS = (ed25519_signer, es256_signer)
VALID, INVALID, SUSPENDED, SUPERSEDED = 7, 11, 12, 13

ROOT = ed25519_signer(b"root" * 8)
EDDSA = ed25519_signer(b"issuer.." * 4)
ES256 = es256_signer(b"issuer.." * 4)
STATION = es256_signer(b"station." * 4)
STATUS = ed25519_signer(b"status.." * 4)
DEVICE = es256_signer(b"device.." * 4)
ODD_DEVICE = es256_signer(b"odd-one." * 4)
STRANGER = es256_signer(b"stranger" * 4)
VERIFY_ONLY = ed25519_signer(b"verify.." * 4)
REVOKED = ed25519_signer(b"revoked." * 4)
PENDING = ed25519_signer(b"pending." * 4)
FUTURE = ed25519_signer(b"future.." * 4)
PAST = ed25519_signer(b"past...." * 4)
UNLISTED = ed25519_signer(b"unlisted" * 4)

PEOPLE = {
    "masked": {"name": "SITI CONTOH", "sex": 2, "nik_tail": "9901", "birth_year": 1990},
    "basic": {
        "name": "SITI CONTOH",
        "sex": 2,
        "nik": "1376015708909901",
        "birth_date": "19900817",
        "nationality": "IDN",
    },
}
PEOPLE["full"] = {
    **PEOPLE["basic"],
    "address": "Jl. Contoh 1\nRT 01 RW 02",
    "region": "1376010001",
    "marital": 2,
}
PEOPLE["photo"] = {**PEOPLE["basic"], "photo": b"\xff\xd8" + bytes(range(198)), "photo_format": 1}


def keyring() -> Keyring:
    """Return the keyring that every case is checked with."""

    def record(key: Signer, role: str, **changes: object) -> KeyRecord:
        times = {"not_before": NOW - 90 * DAY, "not_after": NOW + 90 * DAY}
        return KeyRecord(key=key.public, role=role, **{**times, **changes})

    return Keyring(
        version=3,
        issued_at=NOW - DAY,
        expires_at=NOW + 365 * DAY,
        records=[
            record(EDDSA, "credential"),
            record(ES256, "credential"),
            record(VERIFY_ONLY, "credential", state="verify_only"),
            record(REVOKED, "credential", state="revoked"),
            record(PENDING, "credential", state="pending"),
            record(FUTURE, "credential", not_before=NOW + DAY),
            record(PAST, "credential", not_after=NOW - DAY),
            record(STATUS, "status"),
            record(STATION, "station", office="wakatobi", station="loket-1"),
        ],
    )


def status_list() -> StatusList:
    """Return the list that every credential names; fresh for as long as the set needs."""
    standings = {INVALID: "invalid", SUSPENDED: "suspended", SUPERSEDED: "superseded"}
    return StatusList.of(
        standings,
        uri=LIST,
        size=PLACES,
        issued_at=NOW - DAY,
        expires_at=NOW + 365 * DAY,
        ttl=timedelta(days=364),
    )


def person(profile: str = "masked", **changes: object) -> Claim169:
    """Return an invented person."""
    return Claim169(**{**PEOPLE[profile], **changes})


def claims(**changes: object) -> CredentialClaims:
    """Return the claims of a masked credential, with changes."""
    values = {
        "issuer": ISSUER,
        "credential_id": b"credential-id-01",
        "issued_at": NOW - 10 * DAY,
        "not_before": NOW - 10 * DAY,
        "expires_at": NOW + 170 * DAY,
        "device_key": DEVICE.public,
        "status_list": LIST,
        "status_index": VALID,
        "person": person(),
    }
    return CredentialClaims(**{**values, **changes})


def plain_claims(profile: str = "masked") -> dict[Any, Any]:
    """Return the claims map as plain values in canonical order, to be spoiled."""
    made = claims(person=person(profile))
    point = DEVICE.public.raw
    return {
        1: ISSUER,
        4: int(made.expires_at.timestamp()),
        5: int(made.not_before.timestamp()),
        6: int(made.issued_at.timestamp()),
        7: made.credential_id,
        8: {1: {1: 2, -1: 1, -2: point[1:33], -3: bool(point[-1] & 1)}},
        169: made.person.to_map(),
        65535: {"status_list": {"idx": VALID, "uri": LIST}},
    }


def protected(key: Signer = EDDSA) -> dict[Any, Any]:
    """Return the protected header as plain values."""
    return {1: key.public.alg, 4: key.public.kid}


def sign1(
    payload: object,
    *,
    key: Signer = EDDSA,
    header: object = None,
    loose: object = None,
    aad: bytes = b"",
    tag: bytes = b"\xd2",
) -> bytes:
    """Return a COSE_Sign1 with a signature that holds, whatever else is wrong with it."""
    # As plain bytes: a raw item would stand there as itself, not as the string around it.
    data = bytes(payload) if isinstance(payload, bytes) else encode(payload)
    named = encode(protected(key) if header is None else header)
    head = bytes(header) if isinstance(header, bytes) else named
    signature = key.sign(cose.signing_input(head, data, aad))
    return tag + encode([head, Pairs() if loose is None else loose, data, signature])


def text(signed: bytes) -> str:
    """Return the text of a credential around these bytes."""
    return base45.encode(zlib.compress(signed, 9))

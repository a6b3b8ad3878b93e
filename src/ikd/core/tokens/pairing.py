"""Pairing tokens: the moment at the office that binds a phone to a person.

``IKDR:`` the phone shows and the operator scans; ``IKDO:`` the office shows and the resident
scans. Both live 90 seconds; the token id is used up in the transaction of the presence.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

import attrs

from ikd.core import cbor
from ikd.core.errors import TokenError
from ikd.core.tokens import cose, qrtext
from ikd.core.tokens.cwt import (
    APPLICATION,
    CTI,
    EXP,
    IAT,
    ID_BYTES,
    OFFICE,
    QR_LIFE,
    STATION,
    Lifetime,
    exact_bytes,
    moment,
    read_map,
    sized,
)
from ikd.core.tokens.keyrecord import is_station
from ikd.core.tokens.keyring import Keyring
from ikd.core.tokens.publickey import PublicKey
from ikd.core.tokens.signing import Signer

RESIDENT_PREFIX = "IKDR:"
OFFICE_PREFIX = "IKDO:"
_RESIDENT_AAD = b"ikd/pair-r/1"
_OFFICE_AAD = b"ikd/pair-o/1"
_TIMES = {EXP: int, IAT: int, CTI: bytes}


@attrs.frozen(kw_only=True)
class Pairing(Lifetime):
    """What a pairing code says, whoever showed it; verified with the key of who did.

    Attributes:
        token_id: 16 bytes; counts once.
        transcript: SHA-256 over the whole text of the token; the phone's proofs hold it.
    """

    token_id: bytes = attrs.field(validator=sized(ID_BYTES))
    transcript: bytes


@attrs.frozen(kw_only=True)
class ResidentPairing(Pairing):
    """What the resident's phone showed.

    Attributes:
        application_id: 16 bytes.
    """

    application_id: bytes = attrs.field(validator=sized(ID_BYTES))


@attrs.frozen(kw_only=True)
class OfficePairing(Pairing):
    """What a station of the office showed.

    Attributes:
        office: Id of the office.
        station: Id of the station within it.
    """

    office: str
    station: str


def write_resident(*, application_id: bytes, token_id: bytes, now: datetime, device: Signer) -> str:
    """Return the text that the resident's phone shows for the next 90 seconds.

    Raises:
        TokenError: An id hasn't 16 bytes (``claims``).
        KeySourceError: Signing failed.
    """
    claims = {
        **Lifetime.starting(now, QR_LIFE).claims(),
        CTI: exact_bytes(token_id, ID_BYTES),
        APPLICATION: exact_bytes(application_id, ID_BYTES),
    }
    signed = cose.write(cbor.encode(claims), device, external_aad=_RESIDENT_AAD)
    return qrtext.write(RESIDENT_PREFIX, signed)


def peek_application_id(text: str) -> bytes:
    """Return the application id that an ``IKDR:`` text claims: NOT VERIFIED, anybody's word.

    Good for one thing: finding the device key to call ``read_resident`` with.

    Raises:
        TokenError: The text isn't such a token.
    """
    payload = cose.read(qrtext.read(RESIDENT_PREFIX, text)).payload
    found = read_map(payload, {**_TIMES, APPLICATION: bytes})
    return exact_bytes(found[APPLICATION], ID_BYTES)


def read_resident(text: str, device_key: PublicKey, *, now: datetime) -> ResidentPairing:
    """Return what an ``IKDR:`` text says, signed by *device_key* and valid now.

    Raises:
        TokenError: It isn't, or isn't valid now.
    """
    signed = cose.read(qrtext.read(RESIDENT_PREFIX, text))
    payload = signed.verify(device_key, external_aad=_RESIDENT_AAD)
    found = read_map(payload, {**_TIMES, APPLICATION: bytes})
    shown = ResidentPairing(
        application_id=found[APPLICATION],
        token_id=found[CTI],
        issued_at=moment(found[IAT]),
        expires_at=moment(found[EXP]),
        transcript=transcript_of(text),
    )
    shown.check(now, longest=QR_LIFE)
    return shown


def write_office(*, office: str, station: str, token_id: bytes, now: datetime, key: Signer) -> str:
    """Return the text that a station of the office shows for the next 90 seconds.

    Raises:
        TokenError: Office or station is no id, both are longer than 40 characters together,
            or the token id hasn't 16 bytes (``claims``).
        KeySourceError: Signing failed.
    """
    if not is_station(office, station):
        raise TokenError("claims", "no id of an office and a station")
    claims = {
        **Lifetime.starting(now, QR_LIFE).claims(),
        CTI: exact_bytes(token_id, ID_BYTES),
        OFFICE: office,
        STATION: station,
    }
    signed = cose.write(cbor.encode(claims), key, external_aad=_OFFICE_AAD)
    return qrtext.write(OFFICE_PREFIX, signed)


def read_office(text: str, keyring: Keyring, *, now: datetime) -> OfficePairing:
    """Return what an ``IKDO:`` text says, signed by that station's own key and valid now.

    Raises:
        TokenError: It isn't, or isn't valid now, or the key belongs elsewhere (``key``).
    """
    signed = cose.read(qrtext.read(OFFICE_PREFIX, text))
    record = keyring.find("station", signed.kid)
    payload = signed.verify(record.key, external_aad=_OFFICE_AAD)
    found = read_map(payload, {**_TIMES, OFFICE: str, STATION: str})
    if (found[OFFICE], found[STATION]) != (record.office, record.station):
        raise TokenError("key", "the key of another station")
    shown = OfficePairing(
        office=found[OFFICE],
        station=found[STATION],
        token_id=found[CTI],
        issued_at=moment(found[IAT]),
        expires_at=moment(found[EXP]),
        transcript=transcript_of(text),
    )
    record.signed_at(shown.issued_at)
    shown.check(now, longest=QR_LIFE)
    return shown


def transcript_of(text: str) -> bytes:
    """Return the SHA-256 over the text of a pairing token."""
    return hashlib.sha256(text.encode()).digest()

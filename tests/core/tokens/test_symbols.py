"""How large the symbols become, drawn by segno: what a phone shows, cheap scanners must read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import segno

from ikd.adapters.keys.key_set import draw_material
from ikd.core import cbor
from ikd.core.errors import KeySourceError, TokenError
from ikd.core.tokens import cose, credential, pairing, presentation, qrtext
from ikd.core.tokens.claim169 import Claim169
from ikd.core.tokens.credential import LIFE
from ikd.core.tokens.cwt import CTI, OFFICE, QR_LIFE, STATION, Lifetime
from ikd.core.tokens.keyrecord import MAX_PLACE
from ikd.service import Settings

FULL = b"\xff" * 16
LAST = datetime(2106, 1, 1, tzinfo=UTC)  # times have four bytes until then
PLACES = [
    ("a" * length, "b" * (MAX_PLACE - length)) for length in (1, 16, 20, 23, 24, MAX_PLACE - 1)
]


def version(text: str) -> int:
    return int(segno.make_qr(text, error="m", boost_error=False).version)


def office_code(house, office, station, now=LAST):
    return pairing.write_office(
        office=office, station=station, token_id=FULL, now=now, key=house.station
    )


@pytest.mark.parametrize("now", [LAST, LAST + timedelta(days=365)])
def test_what_a_phone_shows_for_pairing_is_at_most_9_m(house, now):
    text = pairing.write_resident(application_id=FULL, token_id=FULL, now=now, device=house.device)
    assert version(text) <= 9


@pytest.mark.parametrize(("office", "station"), PLACES)
def test_what_an_office_shows_for_pairing_is_at_most_9_m_for_the_longest_names(
    house, office, station
):
    assert version(office_code(house, office, station)) <= 9


@pytest.mark.parametrize(
    ("office", "station"), [(office + "x", station) for office, station in PLACES]
)
def test_longer_names_are_refused_where_a_key_or_a_code_is_made(house, office, station):
    with pytest.raises(TokenError, match=r"token\.claims"):
        office_code(house, office, station)
    with pytest.raises(KeySourceError, match=r"keys\.form"):
        draw_material(lambda size: b"k" * size, LAST, [(office, station)])


def test_the_limit_is_no_stricter_than_it_must_be(house):
    """Five characters more, and the symbol is the next larger one."""
    claims = {**Lifetime.starting(LAST, QR_LIFE).claims(), CTI: FULL}
    claims |= {OFFICE: "a" * 24, STATION: "b" * (MAX_PLACE + 5 - 24)}
    signed = cose.write(cbor.encode(claims), house.station, external_aad=b"ikd/pair-o/1")
    assert version(qrtext.write("IKDO:", signed)) == 10


def reference(house, **changes):
    """The credential of the reference resident, under the addresses of the docs."""
    person = Claim169(
        name="SITI NURHALIZA BINTI CONTOHADI", sex=2, nik_tail="9901", birth_year=1990
    )
    values = {
        "issuer": Settings().issuer,
        "status_list": Settings().status_list,
        "status_index": 2**20 - 1,
        "credential_id": bytes(range(0x80, 0x90)),
        "issued_at": LAST - LIFE,
        "not_before": LAST - LIFE,
        "expires_at": LAST,
        "person": person,
    }
    return house.claims(**{**values, **changes})


def test_the_masked_credential_of_the_reference_resident_is_at_most_13_m(house):
    for key in (house.issuer, house.issuer_es256):
        assert version(credential.write(reference(house), key)) <= 13


def test_a_presentation_by_hash_is_at_most_9_m_and_10_m_with_a_challenge(house):
    signed = credential.to_cose(credential.write(reference(house), house.issuer))
    values = {"token_id": FULL, "now": LAST - timedelta(days=1), "device": house.device}
    assert version(presentation.write(signed, **values)) <= 9
    assert version(presentation.write(signed, challenge=FULL, **values)) <= 10


def test_basic_and_full_stay_within_what_a_card_can_bear(house):
    fields = {
        "name": "SITI NURHALIZA BINTI CONTOHADI",
        "sex": 2,
        "nik": "1376015708909901",
        "birth_date": "19900817",
        "nationality": "IDN",
    }
    more = {
        "address": "JALAN REKAAN NOMOR 17 RT 003 RW 005\nKELURAHAN UMPAMA\nKECAMATAN PAYAKUMBUH "
        "BARAT\nKOTA PAYAKUMBUH\nSUMATERA BARAT 26224",
        "region": "1376011001",
        "marital": 2,
    }
    basic = credential.write(reference(house, person=Claim169(**fields)), house.issuer)
    full = credential.write(reference(house, person=Claim169(**fields, **more)), house.issuer)
    assert version(basic) <= 14
    assert version(full) <= 17

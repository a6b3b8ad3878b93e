"""Pairing tokens: ninety seconds, one phone, one station."""

import hashlib
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikd.core import cbor
from ikd.core.errors import TokenError
from ikd.core.tokens import base45, cose, pairing
from ikd.core.tokens.checkcode import check_code
from ikd.core.tokens.cwt import APPLICATION, CTI, EXP, IAT, OFFICE, STATION

APPLICATION_ID = b"application-id-1"
TOKEN_ID = b"token-id-16-byte"
SECOND = timedelta(seconds=1)


def fault(make, *arguments, **options) -> str:
    with pytest.raises(TokenError) as caught:
        make(*arguments, **options)
    return caught.value.fault


def resident_text(house, **changes):
    values = {"application_id": APPLICATION_ID, "token_id": TOKEN_ID, "now": house.now}
    return pairing.write_resident(**{**values, "device": house.device, **changes})


def office_text(house, **changes):
    values = {"office": "wakatobi", "station": "loket-1", "token_id": TOKEN_ID, "now": house.now}
    return pairing.write_office(**{**values, "key": house.station, **changes})


def forged(house, prefix, claims, key=None, aad=b"ikd/pair-r/1"):
    payload = claims if isinstance(claims, bytes) else cbor.encode(claims)
    return prefix + base45.encode(cose.write(payload, key or house.device, external_aad=aad))


def seconds(house):
    return int(house.now.timestamp())


def test_what_the_phone_shows_is_what_the_office_reads(house):
    text = resident_text(house)
    assert text.startswith("IKDR:")
    assert pairing.peek_application_id(text) == APPLICATION_ID
    read = pairing.read_resident(text, house.device.public, now=house.now)
    assert (read.application_id, read.token_id) == (APPLICATION_ID, TOKEN_ID)
    assert (read.issued_at, read.expires_at) == (house.now, house.now + 90 * SECOND)
    assert read.transcript == hashlib.sha256(text.encode()).digest()


def test_what_the_office_shows_is_what_the_phone_reads(house):
    text = office_text(house)
    assert text.startswith("IKDO:")
    read = pairing.read_office(text, house.keyring(), now=house.now)
    assert (read.office, read.station, read.token_id) == ("wakatobi", "loket-1", TOKEN_ID)
    assert (read.issued_at, read.expires_at) == (house.now, house.now + 90 * SECOND)
    assert read.transcript == hashlib.sha256(text.encode()).digest()


@pytest.mark.parametrize(
    ("after", "word"),
    [(-31, "early"), (-30, None), (0, None), (89, None), (90, "expired"), (91, "expired")],
)
def test_both_hold_for_ninety_seconds_with_thirty_of_skew(house, after, word):
    now = house.now + after * SECOND
    for read, text, key in [
        (pairing.read_resident, resident_text(house), house.device.public),
        (pairing.read_office, office_text(house), house.keyring()),
    ]:
        if word is None:
            assert read(text, key, now=now)
        else:
            assert fault(read, text, key, now=now) == word


def test_a_token_of_longer_life_is_refused(house):
    now = seconds(house)
    claims = {EXP: now + 91, IAT: now, CTI: TOKEN_ID, APPLICATION: APPLICATION_ID}
    text = forged(house, "IKDR:", claims)
    assert fault(pairing.read_resident, text, house.device.public, now=house.now) == "life"
    text = forged(house, "IKDR:", {**claims, EXP: now})
    assert fault(pairing.read_resident, text, house.device.public, now=house.now) == "life"


def test_another_phones_token_is_refused(house):
    text = resident_text(house, device=house.stranger)
    assert fault(pairing.read_resident, text, house.device.public, now=house.now) == "key"


def test_one_kind_is_never_another(house):
    resident, office = resident_text(house), office_text(house)
    keyring = house.keyring()
    assert fault(pairing.read_office, resident, keyring, now=house.now) == "prefix"
    assert fault(pairing.read_resident, office, house.station.public, now=house.now) == "prefix"
    assert fault(pairing.peek_application_id, office) == "prefix"
    # the same bytes under the other prefix: the purpose is in the signature
    swapped = "IKDO:" + resident_text(house, device=house.station)[5:]
    assert fault(pairing.read_office, swapped, keyring, now=house.now) == "signature"
    swapped = "IKDR:" + office[5:]
    assert fault(pairing.read_resident, swapped, house.station.public, now=house.now) == "signature"


def test_a_station_shows_its_own_name_only(house):
    for places in [{"office": "payakumbuh"}, {"station": "loket-2"}]:
        text = office_text(house, **places)
        assert fault(pairing.read_office, text, house.keyring(), now=house.now) == "key"


def test_a_key_of_another_role_is_no_station(house):
    text = office_text(house, key=house.issuer)
    assert fault(pairing.read_office, text, house.keyring(), now=house.now) == "key"


def test_a_revoked_or_ended_station_key_counts_for_nothing(house):
    place = {"office": "wakatobi", "station": "loket-1"}
    record = house.record(house.station, "station", state="revoked", **place)
    text = office_text(house)
    assert fault(pairing.read_office, text, house.keyring([record]), now=house.now) == "revoked"
    ended = {"not_before": house.now - 9 * SECOND, "not_after": house.now - SECOND}
    record = house.record(house.station, "station", **place, **ended)
    assert fault(pairing.read_office, text, house.keyring([record]), now=house.now) == "key"


@pytest.mark.parametrize(
    "change",
    [
        {CTI: b"short"},
        {CTI: "text-of-16-chars"},
        {APPLICATION: b"x" * 17},
        {IAT: "now"},
        {EXP: -1},
        {EXP: 2**62},
        {1: "issuer"},
        {"x": 1},
        {OFFICE: "wakatobi"},
    ],
)
def test_a_validly_signed_token_of_another_shape_is_refused(house, change):
    now = seconds(house)
    claims = {EXP: now + 90, IAT: now, CTI: TOKEN_ID, APPLICATION: APPLICATION_ID, **change}
    text = forged(house, "IKDR:", claims)
    word = fault(pairing.read_resident, text, house.device.public, now=house.now)
    assert word == "claims"


def test_a_claim_too_few_is_refused(house):
    now = seconds(house)
    for missing in (EXP, IAT, CTI, OFFICE, STATION):
        claims = {EXP: now + 90, IAT: now, CTI: TOKEN_ID, OFFICE: "wakatobi", STATION: "loket-1"}
        del claims[missing]
        text = forged(house, "IKDO:", claims, house.station, b"ikd/pair-o/1")
        assert fault(pairing.read_office, text, house.keyring(), now=house.now) == "claims"


def test_a_signed_list_is_no_token(house):
    text = forged(house, "IKDR:", cbor.encode([1]))
    assert fault(pairing.read_resident, text, house.device.public, now=house.now) == "claims"
    assert fault(pairing.peek_application_id, text) == "claims"


def test_ids_have_sixteen_bytes_and_places_are_ids(house):
    for changes in ({"application_id": b"short"}, {"token_id": b"x" * 17}):
        assert fault(resident_text, house, **changes) == "claims"
    for changes in ({"office": "No Office"}, {"station": ""}, {"token_id": "x" * 16}):
        assert fault(office_text, house, **changes) == "claims"


@given(st.text(max_size=40) | st.text(max_size=40).map(lambda text: "IKDR:" + text))
def test_any_text_is_refused(house, text):
    for prefix in ("", "IKDO:"):
        for read, key in [
            (pairing.read_resident, house.device.public),
            (pairing.read_office, house.keyring()),
        ]:
            with pytest.raises(TokenError):
                read(prefix + text, key, now=house.now)
        with pytest.raises(TokenError):
            pairing.peek_application_id(prefix + text)


@pytest.mark.parametrize(
    "thing", [None, 5, b"IKDR:", ["IKDR:"], "IKDR:", "", "ikdr:AB", "IKDR:" + "A" * 1996]
)
def test_length_prefix_and_alphabet_come_first(house, thing):
    word = fault(pairing.read_resident, thing, house.device.public, now=house.now)
    assert word in {"length", "prefix", "base45"}


def test_the_check_code_has_four_digits_and_depends_on_both(house):
    one, two = hashlib.sha256(b"1").digest(), hashlib.sha256(b"2").digest()
    codes = {check_code(a, b) for a in (one, two) for b in (one, two)}
    assert len(codes) == 4
    assert all(len(code) == 4 and code.isascii() and code.isdigit() for code in codes)
    assert check_code(one, two) == check_code(one, two)


def test_check_codes_keep_leading_zeros_and_use_all_digits():
    key = hashlib.sha256(b"key").digest()
    codes = {check_code(hashlib.sha256(b"%d" % n).digest(), key) for n in range(3000)}
    assert {len(code) for code in codes} == {4}
    assert {code[0] for code in codes} == set("0123456789")
    assert len(codes) > 2400


@pytest.mark.parametrize("bad", [b"", b"x" * 31, "x" * 32, None])
def test_check_codes_need_whole_hashes(bad):
    good = b"x" * 32
    assert fault(check_code, bad, good) == "claims"
    assert fault(check_code, good, bad) == "claims"

"""The credential: claim 169 as strictly as we write it."""

import string
from datetime import timedelta

import attrs
import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from ikd.core import cbor
from ikd.core.errors import InputError, TokenError
from ikd.core.tokens import base45, cose, credential
from ikd.core.tokens.claim169 import Claim169
from ikd.core.tokens.credential import CLAIM_169, STATUS, CredentialClaims
from ikd.core.tokens.cwt import CNF, CTI, EXP, IAT, ISS, NBF
from ikd.core.tokens.inflate import deflate
from ikd.core.tokens.keyring import Keyring

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
BASIC = {
    "name": "SITI CONTOH",
    "sex": 2,
    "nik": "1376015708909901",
    "birth_date": "19890817",
    "nationality": "IDN",
}
NAMES = st.text(alphabet=string.ascii_letters + " 'éāṣ李", min_size=1, max_size=64).filter(
    lambda text: text == text.strip()
)


def fault(make, *arguments, **options) -> str:
    with pytest.raises(TokenError) as caught:
        make(*arguments, **options)
    return caught.value.fault


def resigned(house, found, key=None) -> str:
    """A credential of any claims, validly signed."""
    payload = found if isinstance(found, bytes) else cbor.encode(found, booleans=True)
    return credential.to_text(cose.write(payload, key or house.issuer))


def decoded(house) -> dict:
    return cbor.decode(house.claims().to_payload(), booleans=True)


def read(house, text, now=None, keyring=None):
    return credential.read(text, keyring or house.keyring(), now=now or house.now)


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "SITI", "sex": 2, "nik_tail": "9901", "birth_year": 1989},
        BASIC,
        {**BASIC, "address": "Jl. Contoh 1\nRT 1", "region": "1376010001", "marital": 2},
        {**BASIC, "photo": bytes(range(256)), "photo_format": 1},
    ],
)
@pytest.mark.parametrize("issuer", ["issuer", "issuer_es256"])
def test_what_was_issued_is_what_is_read(house, fields, issuer):
    claims = house.claims(person=Claim169(**fields))
    text = credential.write(claims, getattr(house, issuer))
    assert read(house, text) == claims


@given(NAMES, st.integers(0, 2**32 - 1), st.binary(min_size=16, max_size=16))
def test_any_claims_survive_the_round_trip(house, name, index, token_id):
    person = house.person(name=name) if name.isascii() else None
    claims = house.claims(status_index=index, credential_id=token_id)
    claims = attrs.evolve(claims, person=person) if person else claims
    assert CredentialClaims.from_payload(claims.to_payload()) == claims


def test_the_same_claims_are_the_same_text_under_ed25519(house):
    claims = house.claims()
    assert credential.write(claims, house.issuer) == credential.write(claims, house.issuer)


@pytest.mark.parametrize(
    ("after", "word"),
    [
        (-31 * SECOND, "early"),
        (-30 * SECOND, None),
        (180 * DAY - SECOND, None),
        (180 * DAY, "expired"),
    ],
)
def test_it_holds_from_its_beginning_to_its_end(house, after, word):
    text = credential.write(house.claims(), house.issuer)
    if word is None:
        assert read(house, text, house.now + after)
    else:
        assert fault(read, house, text, house.now + after) == word


def test_it_may_begin_later_than_it_was_issued(house):
    text = credential.write(house.claims(not_before=house.now + DAY), house.issuer)
    assert fault(read, house, text) == "early"
    assert read(house, text, house.now + DAY)


def test_it_lives_half_a_year_at_most(house):
    assert fault(house.claims, expires_at=house.now + 180 * DAY + SECOND) == "life"
    assert fault(house.claims, expires_at=house.now) == "life"
    assert fault(house.claims, not_before=house.now - SECOND) == "life"
    found = decoded(house)
    found[EXP] += 1
    assert fault(read, house, resigned(house, found)) == "life"


def test_only_keys_for_credentials_sign_credentials(house):
    for key in (house.status, house.root, house.station, house.device):
        text = credential.write(house.claims(), key)
        assert fault(read, house, text) == "key"


def test_a_revoked_key_kills_whatever_its_date(house):
    text = credential.write(house.claims(), house.issuer)
    record = house.record(house.issuer, "credential", state="revoked")
    assert fault(read, house, text, keyring=house.keyring([record])) == "revoked"
    record = house.record(house.issuer, "credential", state="verify_only")
    assert read(house, text, keyring=house.keyring([record]))


def test_a_key_signs_only_in_its_own_time(house):
    record = house.record(house.issuer, "credential", not_before=house.now + SECOND)
    text = credential.write(house.claims(), house.issuer)
    late = house.now + DAY
    assert fault(read, house, text, late, house.keyring([record])) == "key"


@pytest.mark.parametrize(
    "change",
    [
        {ISS: ""},
        {ISS: "with space"},
        {ISS: "é"},
        {ISS: "x" * 129},
        {ISS: 5},
        {EXP: "soon"},
        {NBF: True},
        {IAT: -1},
        {CTI: b"short"},
        {CTI: "text-of-16-chars"},
        {CNF: {}},
        {CNF: {1: {}, 2: {}}},
        {CNF: {1: b"key"}},
        {CNF: {2: {}}},
        {STATUS: {}},
        {STATUS: {"status_list": {"idx": 1}}},
        {STATUS: {"status_list": {"idx": True, "uri": "u"}}},
        {STATUS: {"status_list": {"idx": -1, "uri": "u"}}},
        {STATUS: {"status_list": {"idx": 2**32, "uri": "u"}}},
        {STATUS: {"status_list": {"idx": 1, "uri": b"u"}}},
        {STATUS: {"status_list": {"idx": 1, "uri": ""}}},
        {STATUS: {"status_list": [1, "u"]}},
        {STATUS: {"status_list": {"idx": 1, "uri": "u", "x": 1}}},
        {STATUS: {"status_list": {"idx": 1, "uri": "u"}, "x": 1}},
        {CLAIM_169: {}},
        {CLAIM_169: []},
        {CLAIM_169: {4: "X", 9: True, 75: "9901", 76: 1989}},
        {2: "subject"},
        {"x": 1},
    ],
)
def test_signed_claims_of_another_shape_are_refused(house, change):
    assert fault(read, house, resigned(house, {**decoded(house), **change})) == "claims"


@pytest.mark.parametrize("label", [ISS, EXP, NBF, IAT, CTI, CNF, STATUS, CLAIM_169])
def test_no_claim_may_be_missing(house, label):
    found = decoded(house)
    del found[label]
    assert fault(read, house, resigned(house, found)) == "claims"


def test_the_device_key_is_compressed_and_on_the_curve(house):
    found = decoded(house)
    raw = house.device.public.raw
    whole = {1: 2, -1: 1, -2: raw[1:33], -3: raw[33:]}
    assert fault(read, house, resigned(house, {**found, CNF: {1: whole}})) == "claims"
    for x in (b"\xff" * 32, b"short"):
        off = {1: 2, -1: 1, -2: x, -3: True}
        assert fault(read, house, resigned(house, {**found, CNF: {1: off}})) == "claims"
    okp = {1: 1, -1: 6, -2: house.issuer.public.raw}
    assert fault(read, house, resigned(house, {**found, CNF: {1: okp}})) == "claims"
    assert fault(house.claims, device_key=house.issuer.public) == "key"


def test_a_device_key_off_the_curve_is_refused_when_it_is_asked_for(house):
    """Half of all numbers are no x of the curve; that shows as soon as the key is used."""
    number = int.from_bytes(house.device.public.raw[1:33], "big")
    off = 0
    for x in range(number, number + 16):
        key = {1: 2, -1: 1, -2: x.to_bytes(32, "big"), -3: True}
        claims = read(house, resigned(house, {**decoded(house), CNF: {1: key}}))
        try:
            assert claims.device_key.raw[1:33] == x.to_bytes(32, "big")
        except TokenError as error:
            off += error.fault == "key"
    assert 0 < off < 16


def test_a_bool_stands_nowhere_but_in_the_device_key(house):
    for label in (EXP, IAT, NBF):
        found = {**decoded(house), label: True}
        assert fault(read, house, resigned(house, found)) == "claims"


def test_every_single_bit_flip_is_refused(house):
    signed = credential.to_cose(credential.write(house.claims(), house.issuer))
    keyring = house.keyring()
    for place in range(len(signed) * 8):
        flipped = bytearray(signed)
        flipped[place // 8] ^= 1 << place % 8
        with pytest.raises(TokenError):
            credential.verify(bytes(flipped), keyring)


def test_texts_around_a_credential_are_refused(house):
    text = credential.write(house.claims(), house.issuer)
    signed = credential.to_cose(text)
    for other in [
        "",
        " " + text,
        text + " ",
        text + "\n",
        text.lower(),
        "HC1:" + text,
        text[:-1],
        text[1:],
        base45.encode(signed),
        base45.encode(deflate(signed) + b"\x00"),
        base45.encode(deflate(deflate(signed))),
        base45.encode(deflate(signed[1:])),
        base45.encode(deflate(b"\xd8\x3d" + signed)),
        base45.encode(deflate(signed + b"\x00")),
        base45.encode(deflate(bytes(5000))),
        "A" * 2001,
        None,
        text.encode(),
    ]:
        word = fault(read, house, other)
        assert word in {"length", "base45", "zlib", "cose", "cbor"}


def test_a_text_longer_than_readers_take_is_not_issued(house):
    noise = bytes((n * n * 31 + n // 7 * 13) % 256 for n in range(1024))
    name = "".join(chr(0x4E00 + (n * n * 7 + n // 3 * 977) % 9000) for n in range(64))
    person = Claim169(**{**BASIC, "name": name, "photo": noise, "photo_format": 1})
    with pytest.raises(TokenError) as caught:
        credential.write(house.claims(person=person), house.issuer)
    assert caught.value.fault == "length"


def test_issuer_and_list_leave_room_in_the_masked_profile(house):
    assert house.claims(issuer="i" * 32, status_list="u" * 60)
    assert fault(house.claims, issuer="i" * 33, status_list="u" * 60) == "claims"
    long = {"issuer": "i" * 60, "status_list": "u" * 60}
    assert house.claims(person=Claim169(**BASIC), **long)


def test_issuer_and_list_have_between_1_and_128_characters(house):
    whole = Claim169(**BASIC)
    for text in ("i", "i" * 128):
        assert house.claims(person=whole, issuer=text).issuer == text
        assert house.claims(person=whole, status_list=text).status_list == text
    for text in ("", "i" * 129, "tab\t", "nul\x00"):
        assert fault(house.claims, person=whole, issuer=text) == "claims"
        assert fault(house.claims, person=whole, status_list=text) == "claims"


@given(st.binary(min_size=16, max_size=16), st.integers(0, 2**20 - 1))
def test_the_masked_profile_fits_version_13(house, token_id, index):
    host = "https://ikd.dukcapil.kemendagri.go.id"
    claims = house.claims(
        issuer=host,
        status_list=f"{host}/v1/status/0000001",  # the list lies where the issuer lives
        status_index=index,
        credential_id=token_id,
        person=house.person(name="MUHAMMAD ABDURRAHMAN AL HAKIM"),
    )
    assert len(claims.issuer) + len(claims.status_list) == 92
    text = credential.write(claims, house.issuer)
    assert len(text) <= 483  # alphanumeric capacity of version 13 at level M (ISO/IEC 18004)


def test_the_capacity_is_that_of_the_symbol(house):
    text = credential.write(house.claims(), house.issuer)
    assert segno.make("A" * 483, error="m", boost_error=False).version == 13
    assert segno.make("A" * 484, error="m", boost_error=False).version == 14
    assert segno.make(text, error="m", boost_error=False).mode == "alphanumeric"


def test_times_carry_their_zone(house):
    with pytest.raises(InputError):
        house.claims(issued_at=house.now.replace(tzinfo=None))


def test_no_repr_shows_a_person_or_key(house):
    shown = repr(house.claims(person=Claim169(**BASIC)))
    assert "SITI" not in shown
    assert "1376015708909901" not in shown
    assert isinstance(house.keyring(), Keyring)


@given(st.text(max_size=80) | st.text(alphabet="0123456789ABCDEF $%*+-./:", max_size=80))
def test_any_text_is_refused(house, text):
    with pytest.raises(TokenError):
        read(house, text)


@given(st.binary(max_size=200))
def test_any_payload_signed_by_the_issuer_is_refused(house, payload):
    with pytest.raises(TokenError):
        read(house, resigned(house, payload))

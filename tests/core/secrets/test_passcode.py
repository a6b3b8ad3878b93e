"""What the resident chooses to sign in with."""

import unicodedata
from datetime import date
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikd.core.errors import SealError, SecretError
from ikd.core.resident.nik import Nik
from ikd.core.secrets import passcode as codes
from ikd.core.secrets import pin as pins
from ikd.core.secrets.passcode import Passcode, is_outdated, known_of, matches
from ikd.core.secrets.sealing import SecretKey
from ikd.testing.kdf import quick_kdf

PEPPER = SecretKey(kid=b"pepper01", key=bytes(range(32)))
OTHER = SecretKey(kid=b"pepper02", key=bytes(range(1, 33)))
BOUND = {"identity_id": "a" * 32, "device": b"d" * 32}
SALT = b"sixteen bytes ok"
make_verifier = partial(codes.make_verifier, salt=SALT, pepper=PEPPER, kdf=quick_kdf)
candidate = partial(codes.candidate, peppers=[PEPPER], kdf=quick_kdf)


@pytest.mark.parametrize(
    "text",
    [
        "904715",
        "000001",
        "112233",
        "rahasia sekali",
        "päßwörd8",
        "x" * 63 + "y",
        "مفتاح طويل",
        "12345679",
    ],
)
def test_six_digits_or_a_longer_text_will_do(text):
    assert Passcode.parse(text).reveal() == text


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "length"),
        ("90471", "length"),
        ("9047155", "length"),
        ("rahasia", "length"),
        ("９０４７１５", "length"),
        ("xy" * 32 + "z", "length"),
        ("xy" * 500_000, "length"),
        (None, "form"),
        (904715, "form"),
        (b"rahasia sekali", "form"),
        (type("Sly", (str,), {})("rahasia sekali"), "form"),
        ("rahasia\nsekali", "form"),
        ("rahasia\tsekali", "form"),
        ("rahasia\u200bsekali", "form"),
        ("rahasia\u202esekali", "form"),
        ("rahasia\ud800sekali", "form"),
        ("rahasia\x00sekali", "form"),
        ("000000", "weak"),
        ("777777", "weak"),
        ("123456", "weak"),
        ("654321", "weak"),
        ("567890", "weak"),
        ("098765", "weak"),
        ("12345678", "weak"),
        ("aaaaaaaa", "weak"),
        ("abcdefgh", "weak"),
        ("hgfedcba", "weak"),
    ],
)
def test_what_will_not_do_says_why(text, fault):
    with pytest.raises(SecretError) as caught:
        Passcode.parse(text)
    assert (caught.value.field, caught.value.fault) == ("passcode", fault)


@given(st.text(max_size=70))
def test_a_passcode_is_the_same_however_the_phone_spells_it(text):
    try:
        made = Passcode.parse(text)
    except SecretError:
        return
    spelt = Passcode.parse(unicodedata.normalize("NFD", text))
    assert spelt.reveal() == made.reveal() == unicodedata.normalize("NFC", text)
    assert len(made.reveal()) == 6 or 8 <= len(made.reveal()) <= 64


def test_sixty_four_letters_pass_however_they_are_composed():
    text = "ᾂ" * 32 + "ᾃ" * 32
    spelt = unicodedata.normalize("NFD", text)
    assert len(spelt) == 4 * 64
    assert Passcode.parse(spelt).reveal() == text


@pytest.mark.parametrize(
    ("text", "known", "alike"),
    [
        ("150870", "1376011508709901", True),
        ("904715", "1376011508709901", False),
        ("kota 904715!", "904715", True),
        ("904715", "904715", True),
        ("Rahasia Sekali", "rahasia sekali", True),
        ("904715", "", False),
        ("90-47-15", "904715", True),
        ("904715 !!", "90.47.15", True),
        ("--------!", "904715", False),
        ("!!!!!!!7", "1376011508709901", False),
        ("a-n-g-k-a 709", "709", False),
        ("!!!!!!709", "1376011508709901", False),
        ("!!!!!8709", "1376011508709901", True),
    ],
)
def test_a_passcode_that_others_know_is_recognised(text, known, alike):
    assert Passcode.parse(text).resembles("unrelated", known) is alike
    assert Passcode.parse(text).resembles() is False


@pytest.mark.parametrize(
    "text",
    ["170890", "900817", "081790", "17081990", "19900817", "08171990", "17-08-1990", "ayu 170890"],
)
def test_a_birth_date_is_what_others_know_however_it_is_written(text):
    """The register's own date too, which may differ from the NIK's."""
    other_day = Nik("1376011508709901")
    assert Passcode.parse(text).resembles(*known_of(other_day, date(1990, 8, 17)))
    assert not Passcode.parse(text).resembles(*known_of(other_day))


MAN, WOMAN = Nik("1376010508999902"), Nik("1376014508999901")  # both born on 05-08-1999, or 2099


@pytest.mark.parametrize("nik", [MAN, WOMAN])
@pytest.mark.parametrize(
    "text",
    [
        "050899",
        "990805",
        "080599",
        "05081999",
        "5-8-1999",
        "05/8/1999",
        "5/08/1999",
        "1999-8-5",
        "8/5/1999",
        "5.8.99 !!!",
        "ayu5899ayu",
    ],
)
def test_the_day_in_a_nik_is_known_however_it_is_written_and_whatever_the_register_says(nik, text):
    for register in (None, date(1998, 1, 31)):
        assert Passcode.parse(text).resembles(*known_of(nik, register))


@pytest.mark.parametrize(
    "text", ["904715", "060899", "6-8-1999", "5-8-1997", "1999 ayu", "58ayu1999"]
)
def test_another_day_is_nothing_that_others_know(text):
    for nik in (MAN, WOMAN):
        assert not Passcode.parse(text).resembles(*known_of(nik, date(1999, 8, 5)))


@pytest.mark.parametrize("text", ["137601", "570890", "1376015708909901", "nik 1376015708909901"])
def test_a_nik_and_its_parts_are_what_others_know(text):
    assert Passcode.parse(text).resembles(*known_of(Nik("1376015708909901")))


@given(st.from_regex(r"[0-9]{6}", fullmatch=True), st.from_regex(r"[0-9]{6}", fullmatch=True))
def test_only_the_right_passcode_matches(right, tried):
    try:
        right_code, tried_code = Passcode(right), Passcode(tried)
    except SecretError:
        return
    verifier = make_verifier(right_code, **BOUND)
    assert matches(verifier, candidate(tried_code, verifier, **BOUND)) == (right == tried)


@pytest.mark.parametrize("wrong", [{"identity_id": "b" * 32}, {"device": b"e" * 32}])
def test_the_right_passcode_in_another_place_never_matches(wrong):
    code = Passcode("904715")
    verifier = make_verifier(code, **BOUND)
    assert matches(verifier, candidate(code, verifier, **BOUND))
    assert not matches(verifier, candidate(code, verifier, **(BOUND | wrong)))


def test_the_verifier_of_a_pin_is_none_of_a_passcode():
    bound = {"application_id": "a" * 32, "pin_id": "b" * 32, "device": b"d" * 32}
    pin = pins.make_verifier(pins.Pin("904715"), salt=SALT, pepper=PEPPER, kdf=quick_kdf, **bound)
    with pytest.raises(SealError, match=r"seal\.broken"):
        candidate(Passcode("904715"), pin, **BOUND)
    with pytest.raises(SealError, match=r"seal\.broken"):
        matches(pin, bytes(32))
    code = make_verifier(Passcode("904715"), **BOUND)
    with pytest.raises(SealError, match=r"seal\.broken"):
        pins.matches(code, bytes(32))


def test_schemes_of_one_length_are_told_apart():
    code = make_verifier(Passcode("904715"), **BOUND)
    with pytest.raises(SealError, match=r"seal\.broken"):
        matches(code.replace(b"ikd-passcode-v1", b"ikd-passcode-v2"), bytes(32))


def test_without_a_verifier_nothing_matches():
    assert not matches(None, candidate(Passcode("904715"), None, **BOUND))


def test_a_verifier_under_an_older_pepper_is_due_to_be_made_anew():
    verifier = make_verifier(Passcode("904715"), **BOUND)
    assert not is_outdated(verifier, PEPPER)
    assert is_outdated(verifier, OTHER)

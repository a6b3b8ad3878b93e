"""Six digits, four tries, and a verifier that is worthless without its pepper."""

import hashlib
import hmac
from collections import Counter
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikd.core.errors import InputError, SealError, SecretError
from ikd.core.ids import draw
from ikd.core.secrets import pin as pins
from ikd.core.secrets.framing import framed
from ikd.core.secrets.pin import Pin, argon2id, check_budget, make_pin, matches
from ikd.core.secrets.sealing import SecretKey
from ikd.testing.entropy import seeded_entropy
from ikd.testing.kdf import quick_kdf

PEPPER = SecretKey(kid=b"pepper01", key=bytes(range(32)))
OTHER = SecretKey(kid=b"pepper02", key=bytes(range(1, 33)))
BOUND = {"application_id": "a" * 32, "pin_id": "b" * 32, "device": b"d" * 32}
SALT = b"sixteen bytes ok"
make_verifier = partial(pins.make_verifier, salt=SALT, pepper=PEPPER, kdf=quick_kdf)
candidate = partial(pins.candidate, peppers=[PEPPER], kdf=quick_kdf)


class Sly(str):
    __slots__ = ()

    def __eq__(self, _other):
        return True

    __hash__ = str.__hash__


LOOK_ALIKES = [
    "",
    None,
    123456,
    True,
    "12345",
    "0123456",
    " 123456",
    "123456 ",
    "123456\n",
    "+12345",
    "-12345",
    "12_345",
    "1e5000",
    "0x1234",
    "１２３４５６",
    "١٢٣٤٥٦",
    "²23456",
    "12345\N{MATHEMATICAL BOLD DIGIT SIX}",
    b"123456",
    bytearray(b"123456"),
    ["1", "2", "3", "4", "5", "6"],
    Sly("123456"),
    "123456\x00",
    "12\ud80056",
]


@pytest.mark.parametrize("text", LOOK_ALIKES, ids=ascii)
def test_what_only_looks_like_a_pin_is_malformed(text):
    with pytest.raises(SecretError) as caught:
        Pin.parse(text)
    assert (caught.value.code, caught.value.field, caught.value.fault) == (
        "pin.form",
        "pin",
        "form",
    )


@pytest.mark.parametrize(
    "pasted",
    [
        *("012345", " 012 345 ", "012-345", "0 1 2 3 4 5", "012\u00a0345", "\u202a012345\u202c."),
        *("\u0660\u0661\u0662\u0663\u0664\u0665", "\uff10\uff11\uff12\uff13\uff14\uff15"),
    ],
)
def test_what_is_pasted_around_a_pin_is_cleaned_away(pasted):
    assert Pin.parse(Pin.clean(pasted)).reveal() == "012345"


@pytest.mark.parametrize("typed", ["O12345", "01234", "012345 012345", "\u00b2\u00b2\u00b2456", ""])
def test_cleaning_makes_no_pin_of_what_is_none(typed):
    with pytest.raises(SecretError, match=r"pin\.form"):
        Pin.parse(Pin.clean(typed))


def test_cleaning_what_is_no_text_is_malformed():
    with pytest.raises(SecretError, match=r"pin\.form"):
        Pin.clean(12345)


@pytest.mark.parametrize("text", ["000042", "000000", "999999", "123456"])
def test_leading_zeros_and_plain_patterns_are_pins_like_any_other(text):
    pin = Pin.parse(text)
    assert pin.reveal() == text
    assert matches(
        make_verifier(pin, **BOUND), candidate(Pin(text), make_verifier(pin, **BOUND), **BOUND)
    )


def test_a_hundred_thousand_pins_fill_the_space_evenly():
    entropy = seeded_entropy("pins")(800_000)
    drawn = [make_pin(entropy[at : at + 8]).reveal() for at in range(0, 800_000, 8)]
    assert all(len(text) == 6 and text.isascii() and text.isdigit() for text in drawn)
    zeros = sum(text[0] == "0" for text in drawn)
    assert 9_500 < zeros < 10_500  # five sigma: 475
    for bins in (Counter(text[:2] for text in drawn), Counter(text[-2:] for text in drawn)):
        chi_square = sum((bins[f"{i:02d}"] - 1_000) ** 2 for i in range(100)) / 1_000
        assert 45 < chi_square < 175  # 99 degrees of freedom; a seeded stream, so never by chance
    assert 94_800 < len(set(drawn)) < 95_500  # 10^6 (1 - e^-0.1) = 95,163


def test_a_pin_comes_from_all_the_entropy_it_is_given():
    assert make_pin(b"12345678").reveal() == make_pin(b"12345678").reveal()
    made = {make_pin(bytes(8) + bytes([i])).reveal() for i in range(50)}
    assert len(made) == 50


def test_a_pin_is_eight_bytes_modulo_a_million():
    number = int.from_bytes(draw(b"8 bytes!", "ikd/pin/v1", 8), "big") % 1_000_000
    assert make_pin(b"8 bytes!").reveal() == f"{number:06d}"


@pytest.mark.parametrize("size", [0, 7])
def test_a_pin_from_too_little_entropy_is_refused(size):
    with pytest.raises(InputError, match=r"entropy\.short"):
        make_pin(bytes(size))


@given(st.integers(0, 999_999), st.integers(0, 999_999))
def test_only_the_right_pin_matches(right, tried):
    verifier = make_verifier(Pin(f"{right:06d}"), **BOUND)
    assert matches(verifier, candidate(Pin(f"{tried:06d}"), verifier, **BOUND)) == (right == tried)


@pytest.mark.parametrize(
    "wrong",
    [
        {"application_id": "c" * 32},
        {"application_id": "a" * 32 + "b", "pin_id": "b" * 31},
        {"pin_id": "c" * 32},
        {"device": b"e" * 32},
        {"device": b""},
        {"application_id": "b" * 32, "pin_id": "a" * 32},
    ],
)
def test_the_right_pin_in_another_place_never_matches(wrong):
    pin = Pin("000042")
    verifier = make_verifier(pin, **BOUND)
    assert not matches(verifier, candidate(pin, verifier, **(BOUND | wrong)))


def test_another_salt_or_pepper_gives_another_verifier():
    pin = Pin("000042")
    made = {make_verifier(pin, **BOUND), make_verifier(pin, **BOUND, salt=b"another 16 bytes")}
    made.add(make_verifier(pin, **BOUND, pepper=OTHER))
    assert len(made) == 3


def test_a_pepper_of_the_same_name_but_another_key_never_matches():
    pin = Pin("000042")
    verifier = make_verifier(pin, **BOUND)
    false = SecretKey(kid=PEPPER.kid, key=OTHER.key)
    assert not matches(verifier, candidate(pin, verifier, **BOUND, peppers=[false]))


def test_an_older_pepper_goes_on_verifying_while_it_is_kept():
    pin = Pin("000042")
    verifier = make_verifier(pin, **BOUND)
    assert matches(verifier, candidate(pin, verifier, **BOUND, peppers=[OTHER, PEPPER]))


def test_a_lost_pepper_is_our_fault_and_no_wrong_guess():
    verifier = make_verifier(Pin("000042"), **BOUND)
    with pytest.raises(SealError) as caught:
        candidate(Pin("000042"), verifier, **BOUND, peppers=[OTHER])
    assert caught.value.code == "seal.key"


def test_without_a_verifier_the_same_work_is_done_and_nothing_matches():
    calls = []

    def counting(secret, salt):
        calls.append(len(salt))
        return quick_kdf(secret, salt)

    verifier = make_verifier(Pin("000042"), **BOUND)
    made = [candidate(Pin("000042"), one, **BOUND, kdf=counting) for one in (verifier, None)]
    assert calls == [16, 16]
    assert len(made[0]) == len(made[1])
    assert not matches(None, made[1])
    assert not matches(None, bytes(32))
    assert not matches(verifier, made[1])


@given(st.data())
def test_no_altered_verifier_goes_through(data):
    verifier = make_verifier(Pin("000042"), **BOUND)
    place = data.draw(st.integers(0, len(verifier) * 8 - 1))
    altered = bytearray(verifier)
    altered[place // 8] ^= 1 << place % 8
    try:
        assert not matches(bytes(altered), candidate(Pin("000042"), bytes(altered), **BOUND))
    except SealError as error:
        assert error.code in {"seal.broken", "seal.key"}  # noqa: PT017  either is fine


@pytest.mark.parametrize("broken", [b"", b"x", b"\x00" * 82, b"\xff" * 500])
def test_a_broken_verifier_raises_our_error_alone(broken):
    for use in (
        lambda: matches(broken, bytes(32)),
        lambda: candidate(Pin("000042"), broken, **BOUND),
    ):
        with pytest.raises(SealError, match=r"seal\.broken"):
            use()


def test_a_candidate_of_another_length_does_not_match():
    verifier = make_verifier(Pin("000042"), **BOUND)
    assert not matches(verifier, b"")
    assert not matches(verifier, verifier)


@pytest.mark.parametrize("salt", [b"", b"short", bytes(17), "sixteen bytes ok", bytearray(16)])
def test_a_salt_is_sixteen_bytes(salt):
    with pytest.raises(InputError, match=r"salt\.form"):
        make_verifier(Pin("000042"), **BOUND, salt=salt)


def test_the_verifier_is_the_published_formula():
    """HMAC-SHA256(pepper, framed(scheme, application, PIN id, device, salt, Argon2id(pin)))."""
    pin = Pin("000042")
    verifier = pins.make_verifier(pin, salt=SALT, pepper=PEPPER, **BOUND)
    whose = (BOUND["application_id"], BOUND["pin_id"], BOUND["device"])
    parts = framed("ikd-pin-v1", *whose, SALT, argon2id(b"000042", SALT))
    mac = hmac.new(PEPPER.key, parts, hashlib.sha256).digest()
    assert verifier == framed("ikd-pin-v1", SALT, PEPPER.kid, mac)
    assert matches(verifier, pins.candidate(pin, verifier, peppers=[PEPPER], **BOUND))


def test_argon2id_is_that_of_the_reference_implementation():
    """Made by argon2-cffi 25 (the reference C code): t=2, m=19456, p=1, 32 bytes."""
    assert argon2id(b"000042", SALT).hex() == REFERENCE


REFERENCE = "ffab576afc377e9c15cca3d5b3506fe9bdb1b2a104fecd8f888f7d9d6d9e0949"


@pytest.mark.parametrize("tries", [1, 2, 3, 4])
def test_budgets_up_to_four_tries_are_safe_enough(tries):
    check_budget(tries)


@pytest.mark.parametrize("tries", [5, 6, 100, 0, -1, True, 4.0, "4", None])
def test_a_budget_that_lets_a_guess_through_too_often_is_refused(tries):
    with pytest.raises(InputError, match=r"pin\.budget"):
        check_budget(tries)


@given(st.integers(1, 10**4), st.integers(1, 9))
def test_a_budget_is_allowed_just_below_five_in_a_million(tries, digits):
    allowed = tries * 1_000_000 < 5 * 10**digits
    try:
        check_budget(tries, digits)
        assert allowed
    except InputError:
        assert not allowed


def test_the_bound_of_a_budget_is_exact():
    check_budget(4_999_999, 12)
    with pytest.raises(InputError, match=r"pin\.budget"):
        check_budget(5_000_000, 12)


@pytest.mark.parametrize("digits", [0, -6, 6.0, True])
def test_a_budget_over_no_digits_is_refused(digits):
    with pytest.raises(InputError, match=r"pin\.budget"):
        check_budget(1, digits)

"""Presentations: the phone shows the credential is its own."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikd.core import cbor
from ikd.core.errors import TokenError
from ikd.core.tokens import base45, cose, credential, presentation
from ikd.core.tokens.cwt import CREDENTIAL, CREDENTIAL_HASH, CTI, EXP, IAT, NONCE

TOKEN_ID = b"present-id-16-by"
SECOND = timedelta(seconds=1)


def fault(make, *arguments, **options) -> str:
    with pytest.raises(TokenError) as caught:
        make(*arguments, **options)
    return caught.value.fault


@pytest.fixture(scope="module")
def signed(house):
    """The COSE_Sign1 of a credential."""
    return credential.to_cose(credential.write(house.claims(), house.issuer))


def shown(house, signed, **changes):
    values = {"token_id": TOKEN_ID, "now": house.now, "device": house.device}
    return presentation.write(signed, **{**values, **changes})


def forged(house, change, key=None):
    now = int(house.now.timestamp())
    claims = {EXP: now + 90, IAT: now, CTI: TOKEN_ID, CREDENTIAL_HASH: b"h" * 32, **change}
    claims = {label: value for label, value in claims.items() if value is not None}
    data = cose.write(cbor.encode(claims), key or house.device, external_aad=b"ikd/present/1")
    return "IKDP:" + base45.encode(data)


@pytest.mark.parametrize("by", ["hash", "value"])
@pytest.mark.parametrize("challenge", [b"", b"c", b"c" * 64])
def test_what_the_phone_shows_is_what_is_read(house, signed, by, challenge):
    text = shown(house, signed, by=by, challenge=challenge)
    assert text.startswith("IKDP:")
    read = presentation.read(text, house.device.public, now=house.now, challenge=challenge)
    assert read == presentation.peek(text)
    assert read.credential_hash == presentation.credential_hash(signed)
    assert read.credential == (signed if by == "value" else None)
    assert (read.token_id, read.challenge) == (TOKEN_ID, challenge)
    assert read.expires_at == house.now + 90 * SECOND


@pytest.mark.parametrize(
    ("after", "word"), [(-31, "early"), (-30, None), (89, None), (90, "expired")]
)
def test_it_holds_for_ninety_seconds(house, signed, after, word):
    text, now = shown(house, signed), house.now + after * SECOND
    if word is None:
        assert presentation.read(text, house.device.public, now=now)
    else:
        assert fault(presentation.read, text, house.device.public, now=now) == word


def test_it_answers_exactly_the_challenge_that_was_given(house, signed):
    for made, given_ in [(b"", b"mine"), (b"mine", b""), (b"mine", b"yours")]:
        text = shown(house, signed, challenge=made)
        word = fault(presentation.read, text, house.device.public, now=house.now, challenge=given_)
        assert word == "challenge"


def test_another_phone_can_not_show_it(house, signed):
    text = shown(house, signed, device=house.stranger)
    assert fault(presentation.read, text, house.device.public, now=house.now) == "key"


def test_the_form_by_hash_is_small_and_both_fit_their_symbols(house, signed):
    assert len(shown(house, signed)) < 250
    assert len(shown(house, signed, by="value")) < 750


@pytest.mark.parametrize(
    "change",
    [
        {CREDENTIAL_HASH: None},
        {CREDENTIAL: b"both"},
        {CREDENTIAL_HASH: b"short"},
        {CREDENTIAL_HASH: "h" * 32},
        {NONCE: b""},
        {NONCE: b"x" * 65},
        {NONCE: "x"},
        {CTI: b"short"},
        {EXP: "soon"},
        {IAT: None},
        {1: "issuer"},
    ],
)
def test_a_validly_signed_token_of_another_shape_is_refused(house, change):
    text = forged(house, change)
    assert fault(presentation.read, text, house.device.public, now=house.now) == "claims"
    assert fault(presentation.peek, text) == "claims"


def test_a_longer_life_is_refused(house):
    now = int(house.now.timestamp())
    text = forged(house, {EXP: now + 91})
    assert fault(presentation.read, text, house.device.public, now=house.now) == "life"


@pytest.mark.parametrize("change", [{"token_id": b"short"}, {"challenge": b"x" * 65}])
def test_one_of_another_shape_is_not_made(house, signed, change):
    assert fault(shown, house, signed, **change) == "claims"


@given(st.text(max_size=60) | st.text(max_size=60).map(lambda text: "IKDP:" + text))
def test_any_text_is_refused(house, text):
    with pytest.raises(TokenError):
        presentation.read(text, house.device.public, now=house.now)
    with pytest.raises(TokenError):
        presentation.peek(text)

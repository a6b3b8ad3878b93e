"""Device proofs and their challenges."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikd.core import cbor
from ikd.core.errors import InputError, TokenError
from ikd.core.tokens import challenge as challenges
from ikd.core.tokens import cose, proof
from ikd.core.tokens.cwt import ACT, IAT, NONCE, RECORD, TRANSCRIPT

RECORD_ID = b"record-id-16byte"
KEY = b"challenge key of the service ..."
NONCE_16 = b"nonce-of-16-byte"
SECOND = timedelta(seconds=1)


def fault(make, *arguments, **options) -> str:
    with pytest.raises(TokenError) as caught:
        make(*arguments, **options)
    return caught.value.fault


def made(house, **changes):
    values = {"record_id": RECORD_ID, "act": "enter_pin", "now": house.now, "nonce": NONCE_16}
    return challenges.write(KEY, **{**values, **changes})


def checked(house, challenge, **changes):
    values = {"record_id": RECORD_ID, "act": "enter_pin", "now": house.now}
    return challenges.read(changes.pop("key", KEY), challenge, **{**values, **changes})


def a_proof(house, **changes):
    values = {"record_id": RECORD_ID, "act": "enter_pin", "challenge": made(house)}
    return proof.Proof(**{**values, "at": house.now, "pairing": b"p" * 32, **changes})


def test_what_the_device_signed_is_what_is_read(house):
    for one in (a_proof(house), a_proof(house, pairing=b"", challenge=b"")):
        data = proof.write(one, house.device)
        assert proof.read(data, house.device.public) == one


def test_another_device_or_purpose_is_refused(house):
    data = proof.write(a_proof(house), house.device)
    assert fault(proof.read, data, house.stranger.public) == "key"
    payload = cose.read(data).payload
    other = cose.write(payload, house.device, external_aad=b"ikd/present/1")
    assert fault(proof.read, other, house.device.public) == "signature"


@pytest.mark.parametrize(
    "change",
    [
        {RECORD: b"short"},
        {RECORD: "text-of-16-chars"},
        {ACT: ""},
        {ACT: "A"},
        {ACT: "enter pin"},
        {ACT: "a" * 33},
        {ACT: "enter_pin\n"},
        {ACT: 5},
        {NONCE: b"x" * 129},
        {NONCE: "x"},
        {IAT: -1},
        {IAT: 2**60},
        {TRANSCRIPT: b"x" * 31},
        {TRANSCRIPT: "x" * 32},
        {99: 1},
    ],
)
def test_a_signed_proof_of_another_shape_is_refused(house, change):
    claims = cbor.decode(cose.read(proof.write(a_proof(house), house.device)).payload)
    data = cose.write(cbor.encode({**claims, **change}), house.device, external_aad=b"ikd/proof/1")
    assert fault(proof.read, data, house.device.public) == "claims"


@pytest.mark.parametrize(
    "change",
    [{"record_id": b""}, {"act": "Enter"}, {"act": None}, {"challenge": "x"}, {"pairing": b"x"}],
)
def test_a_proof_of_another_shape_is_not_made(house, change):
    assert fault(a_proof, house, **change) == "claims"


def test_a_proof_carries_an_aware_time(house):
    with pytest.raises(InputError):
        a_proof(house, at=house.now.replace(tzinfo=None))


@given(st.binary(max_size=100))
def test_any_bytes_are_refused(house, data):
    with pytest.raises(TokenError):
        proof.read(data, house.device.public)


def test_a_challenge_gives_back_its_nonce(house):
    challenge = made(house)
    assert len(challenge) == 40
    assert checked(house, challenge) == NONCE_16


@pytest.mark.parametrize(
    "change",
    [
        {"record_id": b"another-16-bytes"},
        {"act": "reissue_pin"},
        {"key": b"another key of 32 bytes ........"},
    ],
)
def test_a_challenge_is_for_one_act_on_one_record(house, change):
    assert fault(checked, house, made(house), **change) == "challenge"


@pytest.mark.parametrize(
    ("after", "held"), [(-31, False), (-30, True), (0, True), (299, True), (300, False)]
)
def test_a_challenge_lives_five_minutes(house, after, held):
    now = house.now + after * SECOND
    if held:
        assert checked(house, made(house), now=now) == NONCE_16
    else:
        assert fault(checked, house, made(house), now=now) == "challenge"


def test_every_bit_of_a_challenge_counts(house):
    challenge = made(house)
    for place in range(len(challenge) * 8):
        flipped = bytearray(challenge)
        flipped[place // 8] ^= 1 << place % 8
        assert fault(checked, house, bytes(flipped)) == "challenge"


@pytest.mark.parametrize("thing", [b"", b"x" * 39, b"x" * 41, "x" * 40, None])
def test_other_things_are_no_challenge(house, thing):
    assert fault(checked, house, thing) == "challenge"


@pytest.mark.parametrize(
    "change", [{"nonce": b"short"}, {"record_id": b"short"}, {"act": "No Act"}]
)
def test_a_challenge_of_another_shape_is_not_made(house, change):
    assert fault(made, house, **change) == "claims"


def test_a_weak_challenge_key_is_refused(house):
    values = {"record_id": RECORD_ID, "act": "a", "now": house.now, "nonce": NONCE_16}
    for key in (b"", b"x" * 31, "x" * 32):
        assert fault(challenges.write, key, **values) == "claims"

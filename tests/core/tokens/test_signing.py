"""Signing: nothing is released that doesn't verify."""

import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from ikd.core.errors import IkdError, KeySourceError, StoreError
from ikd.core.tokens.signing import Signer, ed25519_signer, es256_signer

N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@pytest.mark.parametrize("make", [ed25519_signer, es256_signer])
def test_a_signature_has_64_bytes_and_holds(make):
    key = make(b"k" * 32)
    signature = key.sign_checked(b"message")
    assert len(signature) == 64
    assert key.public.holds(signature, b"message")
    assert not key.public.holds(signature, b"another")


def test_ed25519_signs_the_same_bytes_every_time():
    first, second = ed25519_signer(b"k" * 32), ed25519_signer(b"k" * 32)
    assert first.sign_checked(b"message") == second.sign_checked(b"message")
    assert first == second


def test_es256_signs_the_same_bytes_where_the_library_can(house, monkeypatch):
    real = ec.ECDSA
    try:
        real(hashes.SHA256(), deterministic_signing=True)
    except UnsupportedAlgorithm:
        pytest.skip("this OpenSSL has no RFC 6979")
    assert house.device.sign(b"message") == house.device.sign(b"message")

    def old(algorithm, *, deterministic_signing=False):
        if deterministic_signing:
            raise UnsupportedAlgorithm("as with OpenSSL 3.1")
        return real(algorithm)

    monkeypatch.setattr(ec, "ECDSA", old)
    key = es256_signer(b"device.." * 4)
    assert key.sign_checked(b"message") != key.sign_checked(b"message")


def test_es256_pads_small_numbers(house):
    # One signature in 128 has r or s below 2^248; DER drops the zero byte, COSE must not.
    for number in range(4000):
        signature = house.device.sign_checked(b"%d" % number)
        assert len(signature) == 64
        if 0 in (signature[0], signature[32]):
            break
    else:
        pytest.fail("none of 4000 signatures was short")


@pytest.mark.parametrize("private", [b"", b"k" * 31, b"k" * 33, bytearray(32), "k" * 32, None])
@pytest.mark.parametrize("make", [ed25519_signer, es256_signer])
def test_private_keys_have_32_bytes(make, private):
    with pytest.raises(KeySourceError) as caught:
        make(private)
    assert caught.value.code == "keys.form"


@pytest.mark.parametrize("number", [0, N, N + 1, 2**256 - 1])
def test_a_p256_private_key_lies_between_1_and_the_order(number):
    with pytest.raises(KeySourceError) as caught:
        es256_signer(number.to_bytes(32, "big"))
    assert caught.value.code == "keys.form"
    assert es256_signer((N - 1).to_bytes(32, "big")).sign_checked(b"m")


@pytest.mark.parametrize(
    "answer", [b"", b"\x00" * 64, None, "text", bytearray(64), b"\x01" * 64, object()]
)
def test_a_wrong_signature_is_not_released(house, answer):
    for public in (house.device.public, house.root.public):
        with pytest.raises(KeySourceError) as caught:
            Signer(public=public, sign=lambda _message: answer).sign_checked(b"message")
        assert caught.value.code == "keys.signature"


def test_the_signature_of_another_key_is_not_released(house):
    swapped = Signer(public=house.device.public, sign=house.stranger.sign)
    with pytest.raises(KeySourceError):
        swapped.sign_checked(b"message")


def test_a_failing_signer_is_a_failing_key_source(house):
    def fails(_message):
        raise TimeoutError("the HSM is away")

    with pytest.raises(KeySourceError) as caught:
        Signer(public=house.device.public, sign=fails).sign_checked(b"message")
    assert caught.value.code == "keys.failed"
    assert isinstance(caught.value.__cause__, TimeoutError)


def test_our_own_errors_pass_as_they_are(house):
    def fails(_message):
        raise StoreError

    with pytest.raises(IkdError) as caught:
        Signer(public=house.device.public, sign=fails).sign_checked(b"message")
    assert caught.value.code == "store.failed"

"""Private keys: drawn, written as PKCS #8, read back, refused when they are something else."""

import pickle
import traceback

import pytest
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import ec, ed448, rsa

from ikd.adapters.keys.pair import KeyPair, read_pems, read_public_pem
from ikd.core.errors import KeySourceError
from ikd.testing.entropy import seeded_entropy

PKCS8 = form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption()


@pytest.mark.parametrize("alg", ["EdDSA", "ES256"])
def test_a_pair_comes_back_from_its_file_and_signs_alike(alg):
    entropy = seeded_entropy(alg)
    pairs = [KeyPair.draw(alg, entropy) for _ in range(3)]
    read = read_pems(b"".join(pair.to_pem() for pair in pairs))
    assert [pair.kid for pair in read] == [pair.kid for pair in pairs]
    signature = read[0].signer.sign_checked(b"message")
    assert pairs[0].public.holds(signature, b"message")


@pytest.mark.parametrize(
    ("drawn", "scalar"), [(bytes(40), 1), (b"\xff" * 40, None)], ids=["least", "greatest"]
)
def test_every_entropy_gives_a_scalar_in_range(drawn, scalar):
    pair = KeyPair.draw("ES256", lambda size: drawn[:size])
    if scalar:
        assert pair.kid == KeyPair.of("ES256", scalar.to_bytes(32, "big")).kid
    assert pair.public.holds(pair.signer.sign_checked(b"x"), b"x")


def test_a_pair_shows_nothing_and_is_never_pickled():
    pair = KeyPair.draw("EdDSA", lambda size: b"\xa7" * size)
    assert "a7" not in repr(pair)
    assert "\\xa7" not in repr(pair)
    for make in (pickle.dumps, lambda one: one.__getstate__()):
        with pytest.raises(TypeError, match="never copied or pickled"):
            make(pair)


def foreign():
    return {
        "empty": b"",
        "text": b"not a key\n",
        "rsa": rsa.generate_private_key(65537, 2048).private_bytes(*PKCS8),
        "another curve": ec.generate_private_key(ec.SECP384R1()).private_bytes(*PKCS8),
        "another edwards curve": ed448.Ed448PrivateKey.generate().private_bytes(*PKCS8),
        "public": KeyPair.draw("EdDSA", seeded_entropy()).public.to_pem(),
        "cut": KeyPair.draw("EdDSA", seeded_entropy()).to_pem()[:-5],
        "text behind": KeyPair.draw("EdDSA", seeded_entropy()).to_pem() + b"x",
        "no key inside": b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
    }


@pytest.mark.parametrize("data", foreign().values(), ids=foreign())
def test_anything_else_in_a_key_file_is_refused_without_its_words(data):
    with pytest.raises(KeySourceError) as caught:
        read_pems(data)
    assert str(caught.value) == "keys.corrupt: A key can't be read, written or used"
    assert "ValueError" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("alg", ["EdDSA", "ES256"])
def test_public_keys_are_written_as_other_programs_read_them(alg):
    pair = KeyPair.draw(alg, seeded_entropy())
    loaded = form.load_pem_public_key(pair.public.to_pem())
    if alg == "EdDSA":
        assert loaded.public_bytes_raw() == pair.public.raw
        assert read_public_pem(pair.public.to_pem()) == pair.public
    else:
        point = form.Encoding.X962, form.PublicFormat.UncompressedPoint
        assert loaded.public_bytes(*point) == pair.public.raw


@pytest.mark.parametrize(
    "data", [b"", b"no key", KeyPair.draw("ES256", seeded_entropy()).public.to_pem()]
)
def test_a_root_file_without_an_ed25519_key_is_refused(data):
    with pytest.raises(KeySourceError, match=r"keys\.corrupt"):
        read_public_pem(data)


def test_a_seed_of_another_length_is_no_key():
    with pytest.raises(KeySourceError, match=r"keys\.form"):
        KeyPair.of("EdDSA", bytes(31))

"""Public keys: only points that can really be keys."""

import hashlib
import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, x25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from ikd.core import cbor
from ikd.core.errors import TokenError
from ikd.core.tokens.curves import is_p256
from ikd.core.tokens.publickey import EDDSA, ES256, PublicKey

SPKI = Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
Q = 2**255 - 19
P = 2**256 - 2**224 + 2**192 + 2**96 - 1
D = -121665 * pow(121666, -1, Q) % Q


def root_of(square: int) -> int | None:
    """A square root modulo Q, if there is one (RFC 8032 section 5.1.3)."""
    root = pow(square, (Q + 3) // 8, Q)
    if (root * root - square) % Q:
        root = root * pow(2, (Q - 1) // 4, Q) % Q
    return None if (root * root - square) % Q else root


def small_order_encodings() -> list[bytes]:
    """Every 32 bytes that lenient readers take for a point of order 1, 2, 4 or 8."""
    square = (-1 - root_of(1 + D)) * pow(D, -1, Q) % Q  # y^2 of the points of order 8
    y8 = root_of(square)
    canonical = [0, 1, Q - 1, y8, Q - y8]
    encodings = [y + extra for y in canonical for extra in (0, Q) if y + extra < 2**255]
    return [(y | sign << 255).to_bytes(32, "little") for y in encodings for sign in (0, 1)]


def outcome(make, *arguments, **options) -> str | None:
    """The fault word of a refusal, None where there was none."""
    try:
        make(*arguments, **options)
    except TokenError as error:
        return error.fault
    return None


def refused(make, *arguments) -> None:
    with pytest.raises(TokenError) as caught:
        make(*arguments)
    assert caught.value.fault == "key"


def test_every_encoding_of_a_small_order_point_is_refused():
    encodings = small_order_encodings()
    assert len(set(encodings)) == 14
    for raw in encodings:
        refused(PublicKey.ed25519, raw)


@pytest.mark.parametrize("y", [Q, Q + 1, Q + 3, Q + 18, 2**255 - 1])
def test_a_y_beyond_the_field_is_refused(y):
    refused(PublicKey.ed25519, y.to_bytes(32, "little"))


def test_about_half_of_all_numbers_are_no_y_of_the_curve():
    taken = 0
    for number in range(2, 202):
        try:
            PublicKey.ed25519(number.to_bytes(32, "little"))
            taken += 1
        except TokenError:
            assert root_of((number**2 - 1) * pow(D * number**2 + 1, -1, Q)) is None
    assert 60 < taken < 140


@pytest.mark.parametrize("size", [0, 31, 33, 64])
def test_ed25519_keys_have_32_bytes(size):
    refused(PublicKey.ed25519, b"\x02" * size)


def test_points_off_p256_are_refused(house):
    raw = house.device.public.raw
    refused(PublicKey.p256, raw[:-1] + bytes([raw[-1] ^ 1]))
    refused(PublicKey.p256, b"\x04" + bytes(64))
    refused(PublicKey.p256, b"\x00")
    refused(PublicKey.p256, b"\x06" + raw[1:])
    refused(PublicKey.p256, b"\x07" + raw[1:])
    refused(PublicKey.p256, raw[1:])
    refused(PublicKey.p256, raw + b"\x00")
    refused(PublicKey.p256, b"\x05" + raw[1:33])
    refused(PublicKey.p256, b"\x02" + b"\xff" * 32)
    refused(PublicKey.p256, bytearray(raw))


def test_coordinates_beyond_the_field_are_refused():
    b = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
    y = pow(b, (P + 1) // 4, P)  # the point (0, y), also spelled (P, y)
    assert is_p256(b"\x04" + bytes(32) + y.to_bytes(32, "big"))
    assert not is_p256(b"\x04" + P.to_bytes(32, "big") + y.to_bytes(32, "big"))


def test_an_x_without_a_point_is_refused():
    refusals = 0
    for x in range(1, 40):
        try:
            key = PublicKey.p256(b"\x02" + x.to_bytes(32, "big"))
            assert key.raw[-1] % 2 == 0
        except TokenError:
            refusals += 1
    assert 5 < refusals < 35


def test_compressed_and_uncompressed_are_the_same_key(house):
    for signer in (house.device, house.station, house.stranger):
        key = signer.public
        sign = 3 if key.raw[-1] & 1 else 2
        assert PublicKey.p256(bytes([sign]) + key.raw[1:33]) == key


def test_the_thumbprint_is_that_of_rfc_9679():
    x = bytes.fromhex("65eda5a12577c2bae829437fe338701a10aaa375e1bb5b5de108de439c08551d")
    y = bytes.fromhex("1e52ed75701163f7f9e40ddf9f341b3dc9ba860af7e0ca7ca7e9eecd0084d19c")
    key = PublicKey.p256(b"\x04" + x + y)
    wanted = "496bd8afadf307e5b08c64b0421bf9dc01528a344a43bda88fadd1669da253ec"
    assert key.thumbprint.hex() == wanted
    assert key.kid.hex() == wanted[:16]


def test_the_canonical_cose_key_is_canonical(house):
    device, root = house.device.public, house.root.public
    maps = {
        device: {1: 2, -1: 1, -2: device.raw[1:33], -3: device.raw[33:]},
        root: {1: 1, -1: 6, -2: root.raw},
    }
    for key, told in maps.items():
        assert key.to_cose() == cbor.encode(told)
        assert key.thumbprint == hashlib.sha256(key.to_cose()).digest()


@pytest.mark.parametrize("alg", [0, -19, -9, 7, None, "ES256", -257])
def test_other_algorithms_are_not_known(house, alg):
    with pytest.raises(TokenError):
        PublicKey(alg=alg, raw=house.device.public.raw)


def test_a_key_is_not_a_key_of_the_other_algorithm(house):
    refused(lambda: PublicKey(alg=EDDSA, raw=house.device.public.raw))
    refused(lambda: PublicKey(alg=ES256, raw=house.root.public.raw))


@given(st.binary(max_size=70))
def test_any_bytes_are_a_key_or_refused(data):
    for make in (PublicKey.ed25519, PublicKey.p256):
        assert outcome(make, data) in {None, "key"}


def test_no_repr_shows_the_key(house):
    for key in (house.device.public, house.device):
        shown = repr(key)
        assert house.device.public.raw.hex()[:8] not in shown
        assert "\\x" not in shown


def wycheproof(vectors, name):
    groups = json.loads((vectors / "wycheproof" / name).read_text())["testGroups"]
    return [(group, test) for group in groups for test in group["tests"]]


def test_wycheproof_ed25519(vectors):
    cases = wycheproof(vectors, "ed25519_test.json")
    assert len(cases) == 151
    for group, test in cases:
        key = PublicKey.ed25519(bytes.fromhex(group["publicKey"]["pk"]))
        held = key.holds(bytes.fromhex(test["sig"]), bytes.fromhex(test["msg"]))
        assert held == (test["result"] == "valid"), test["tcId"]


def test_wycheproof_p256_p1363(vectors):
    cases = wycheproof(vectors, "ecdsa_secp256r1_sha256_p1363_test.json")
    assert len(cases) == 262
    for group, test in cases:
        key = PublicKey.p256(bytes.fromhex(group["publicKey"]["uncompressed"]))
        held = key.holds(bytes.fromhex(test["sig"]), bytes.fromhex(test["msg"]))
        assert held == (test["result"] == "valid"), test["tcId"]


@pytest.mark.parametrize("signature", [b"", b"\x01" * 63, b"\x01" * 65, "x" * 64, None, bytes(64)])
def test_what_is_no_signature_does_not_hold(house, signature):
    for key in (house.device.public, house.root.public):
        assert key.holds(signature, b"message") is False


@pytest.mark.parametrize("name", ["issuer", "station"])
def test_a_key_comes_back_from_its_pem(house, name):
    key = getattr(house, name).public
    assert PublicKey.from_pem(key.to_pem()) == key


@pytest.mark.parametrize(
    "pem",
    [
        b"",
        b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
        ec.derive_private_key(7, ec.SECP384R1()),
        x25519.X25519PrivateKey.from_private_bytes(bytes(range(32))),
    ],
    ids=["nothing", "no key", "P-384", "X25519"],
)
def test_a_pem_of_anything_but_such_a_key_is_refused(pem):
    text = pem if isinstance(pem, bytes) else pem.public_key().public_bytes(*SPKI)
    refused(PublicKey.from_pem, text)

"""COSE_Sign1: one spelling, one algorithm, no bit to spare."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikd.core import cbor
from ikd.core.errors import TokenError
from ikd.core.tokens import cose
from ikd.core.tokens.publickey import EDDSA, ES256, PublicKey

AAD = b"ikd/test/1"


def fault(make, *arguments, **options) -> str:
    with pytest.raises(TokenError) as caught:
        make(*arguments, **options)
    return caught.value.fault


def signed(key, protected, unprotected=None, payload=b"payload"):
    """A token with any headers, validly signed."""
    header = cbor.encode(protected) if isinstance(protected, dict) else protected
    signature = key.sign_checked(cose.signing_input(header, payload, AAD))
    return b"\xd2" + cbor.encode([header, unprotected or {}, payload, signature], booleans=True)


@given(st.binary(max_size=300), st.binary(max_size=20))
def test_what_was_signed_is_what_is_read(house, payload, aad):
    for key in (house.issuer, house.device):
        data = cose.write(payload, key, external_aad=aad)
        parts = cose.read(data)
        assert parts.verify(key.public, external_aad=aad) == payload
        assert cose.assemble(parts.protected, parts.payload, parts.signature) == data


@pytest.mark.parametrize("which", ["issuer", "device"])
def test_every_single_bit_flip_is_refused(house, which):
    key = getattr(house, which)
    data = cose.write(b"payload of a token", key, external_aad=AAD)
    for place in range(len(data) * 8):
        flipped = bytearray(data)
        flipped[place // 8] ^= 1 << place % 8
        with pytest.raises(TokenError):
            cose.read(bytes(flipped)).verify(key.public, external_aad=AAD)


def test_another_purpose_is_another_signature(house):
    parts = cose.read(cose.write(b"payload", house.device, external_aad=AAD))
    assert fault(parts.verify, house.device.public, external_aad=b"ikd/other/1") == "signature"
    assert fault(parts.verify, house.device.public) == "signature"


def test_the_algorithm_is_that_of_the_key(house):
    header = {1: EDDSA, 4: house.device.public.kid}
    parts = cose.read(signed(house.device, header))
    assert fault(parts.verify, house.device.public, external_aad=AAD) == "algorithm"


def test_the_key_is_the_one_that_is_named(house):
    header = {1: ES256, 4: house.stranger.public.kid}
    parts = cose.read(signed(house.device, header))
    assert fault(parts.verify, house.device.public, external_aad=AAD) == "key"
    assert fault(parts.verify, house.stranger.public, external_aad=AAD) == "signature"


def test_headers_elsewhere_or_beside_are_refused(house):
    key = house.device
    alg, kid = {1: ES256}, {4: key.public.kid}
    both = {**alg, **kid}
    assert cose.read(signed(key, both))
    for protected, unprotected in [
        (alg, kid),
        (kid, alg),
        ({}, both),
        (b"", both),
        (both, kid),
        (both, {5: b"iv"}),
        ({**both, 2: [1]}, None),
        ({**both, 3: 0}, None),
        ({**both, 16: "application/cwt"}, None),
        ({**both, "x": 1}, None),
        ({1: ES256, 4: key.public.kid[:7]}, None),
        ({1: ES256, 4: key.public.thumbprint}, None),
        ({1: ES256, 4: "text-kid"}, None),
        ({1: "ES256", 4: key.public.kid}, None),
        ({1: -257, 4: key.public.kid}, None),
        ({1: -19, 4: key.public.kid}, None),
        (b"\xa2\x01\x26\x04\x48" + key.public.kid + b"\x00", None),
        (b"\xa2\x04\x48" + key.public.kid + b"\x01\x26", None),
        (b"\x80", None),
    ]:
        assert fault(cose.read, signed(key, protected, unprotected)) in {"cose", "cbor"}


def test_further_headers_are_read_only_where_they_must_be_there(house):
    headers = {16: "application/statuslist+cwt"}
    data = cose.write(b"payload", house.status, headers=headers)
    assert cose.read(data, headers=headers).verify(house.status.public) == b"payload"
    assert fault(cose.read, data) == "cose"
    assert fault(cose.read, data, headers={16: "application/cwt"}) == "cose"
    assert fault(cose.read, cose.write(b"p", house.status), headers=headers) == "cose"


def test_other_containers_are_refused(house):
    data = cose.write(b"payload", house.device, external_aad=AAD)
    parts = cbor.decode(data[1:])
    for other in [
        data[1:],
        b"\xd8\x12" + data[1:],
        b"\xd9\x00\x12" + data[1:],
        b"\xd8\x3d" + data,
        b"\xd1" + data[1:],
        b"\xd8\x62" + data[1:],
        data + b"\x00",
        data[:-1],
        b"\xd2" + cbor.encode(parts[:3]),
        b"\xd2" + cbor.encode([*parts, b""]),
        b"\xd2" + cbor.encode([parts[0], [], *parts[2:]]),
        b"\xd2" + cbor.encode([parts[0], {}, "payload", parts[3]]),
        b"\xd2" + cbor.encode([parts[0], {}, parts[2], parts[3] + b"\x00"]),
        b"\xd2" + cbor.encode([parts[0], {}, parts[2], parts[3][:63]]),
        b"\xd2" + cbor.encode([parts[0], {}, parts[2], "s" * 64]),
        b"\xd2" + cbor.encode({1: 2}),
        b"\xd2",
        b"",
        bytearray(data),
        data.hex(),
        None,
    ]:
        assert fault(cose.read, other) in {"cose", "cbor"}


def test_longer_than_allowed_is_refused(house):
    data = cose.write(b"x" * 4000, house.device)
    assert fault(cose.read, data, max_bytes=1000) == "cbor"
    assert fault(cose.read, cose.write(b"x" * 4200, house.device)) == "cbor"


@given(st.binary(max_size=120) | st.binary(max_size=120).map(lambda data: b"\xd2\x84" + data))
def test_any_bytes_are_read_or_refused(data):
    with contextlib.suppress(TokenError):
        parts = cose.read(data)
        assert cose.assemble(parts.protected, parts.payload, parts.signature) == data


def public_of(example) -> PublicKey:
    key = example["input"]["sign0"]["key"]
    if key["kty"] == "OKP":
        return PublicKey.ed25519(bytes.fromhex(key["x_hex"]))
    import base64

    x, y = (base64.urlsafe_b64decode(key[name] + "==") for name in "xy")
    return PublicKey.p256(b"\x04" + x + y)


def test_the_working_groups_examples(vectors):
    """Our Sig_structure and signatures agree with theirs; their headers are laxer than ours."""
    names = [f"sign1-tests/sign-pass-0{n}" for n in (1, 2, 3)] + ["eddsa-examples/eddsa-sig-01"]
    for name in names:
        example = json.loads((vectors / "cose-wg" / f"{name}.json").read_text())
        data = bytes.fromhex(example["output"]["cbor"])
        parts = cbor.decode(data[1:] if data[0] == 0xD2 else data)
        aad = bytes.fromhex(example["input"]["sign0"].get("external", ""))
        protected = parts[0] if parts[0] != b"\xa0" else b""  # RFC 9052: an empty map is h''
        message = cose.signing_input(protected, parts[2], aad)
        assert message.hex().upper() == example["intermediates"]["ToBeSign_hex"], name
        assert public_of(example).holds(parts[3], message), name
        assert fault(cose.read, data) in {"cose", "cbor"}, name


def test_the_working_groups_failures_fail(vectors):
    files = sorted((vectors / "cose-wg" / "sign1-tests").glob("sign-fail-*.json"))
    assert len(files) == 6
    for file in files:
        data = bytes.fromhex(json.loads(file.read_text())["output"]["cbor"])
        assert fault(cose.read, data) in {"cose", "cbor"}, file.name


def test_the_working_groups_eddsa_example_is_signed_alike(vectors):
    from ikd.core.tokens.signing import ed25519_signer

    example = json.loads((vectors / "cose-wg/eddsa-examples/eddsa-sig-01.json").read_text())
    key = ed25519_signer(bytes.fromhex(example["input"]["sign0"]["key"]["d_hex"]))
    parts = cbor.decode(bytes.fromhex(example["output"]["cbor"])[1:])
    assert key.sign_checked(cose.signing_input(parts[0], parts[2])) == parts[3]


def test_the_keys_bytes_are_no_part_of_any_repr(house):
    shown = repr(cose.read(cose.write(b"payload", house.device)))
    assert "payload'" not in shown
    assert "signature" not in shown

"""The claims set of a credential: one spelling, whoever writes it."""

from datetime import UTC, datetime, timedelta

import cbor2
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ikd.core import cbor
from ikd.core.errors import TokenError
from ikd.core.tokens.claim169 import Claim169
from ikd.core.tokens.credentialclaims import CLAIM_169, STATUS, CredentialClaims
from ikd.core.tokens.cwt import CNF, CTI, EXP, IAT, ISS, NBF

PEOPLE = st.builds(
    Claim169,
    name=st.text("ABC é'", min_size=1, max_size=64).filter(lambda name: name == name.strip()),
    sex=st.integers(1, 2),
    nik_tail=st.from_regex(r"[0-9]{4}", fullmatch=True),
    birth_year=st.integers(1850, 2200),
)
# From the first second to beyond 2106, where four bytes end.
SECONDS = st.integers(0, 2**33)


def as_map(claims: CredentialClaims) -> dict:
    """The claims as RFC 8392 and claim 169 say them."""
    raw = claims.device_key.raw
    return {
        ISS: claims.issuer,
        EXP: int(claims.expires_at.timestamp()),
        NBF: int(claims.not_before.timestamp()),
        IAT: int(claims.issued_at.timestamp()),
        CTI: claims.credential_id,
        CNF: {1: {1: 2, -1: 1, -2: raw[1:33], -3: bool(raw[-1] & 1)}},
        CLAIM_169: claims.person.to_map(),
        STATUS: {"status_list": {"idx": claims.status_index, "uri": claims.status_list}},
    }


@given(PEOPLE, SECONDS, st.integers(0, 2**32 - 1), st.binary(min_size=16, max_size=16))
@example(Claim169(name="A", sex=1, nik_tail="9901", birth_year=1990), 23, 23, bytes(16))
@example(Claim169(name="A", sex=1, nik_tail="9901", birth_year=1990), 2**16, 2**16, bytes(16))
@example(Claim169(name="A", sex=1, nik_tail="9901", birth_year=1990), 2**32 - 1, 24, bytes(16))
def test_the_spelling_is_the_canonical_encoding_of_the_claims(
    house, person, second, index, token_id
):
    issued = datetime.fromtimestamp(second, UTC)
    claims = house.claims(
        person=person,
        issued_at=issued,
        not_before=issued,
        expires_at=issued + timedelta(days=180),
        status_index=index,
        credential_id=token_id,
    )
    assert claims.to_payload() == cbor.encode(as_map(claims), booleans=True)
    assert CredentialClaims.from_payload(claims.to_payload()) == claims


@pytest.mark.parametrize("which", ["device", "stranger"])  # y even, and y odd
def test_the_sign_of_y_is_that_of_the_key(house, which):
    key = getattr(house, which).public
    claims = house.claims(device_key=key)
    assert claims.to_payload() == cbor.encode(as_map(claims), booleans=True)
    assert CredentialClaims.from_payload(claims.to_payload()).device_key == key


def spellings(payload: bytes, found: dict):
    """Other bytes that a library reads as the same claims, or nearly."""
    yield "bytes after the end", payload + b"\x00"
    yield "indefinite length", b"\xbf" + payload[1:] + b"\xff"
    yield "a longer head", b"\xb8\x08" + payload[1:]
    yield "a key that is true", payload.replace(b"\xa8\x01", b"\xa8\xf5", 1)
    yield "a key that is a float", payload.replace(b"\xa8\x01", b"\xa8\xf9\x3c\x00", 1)
    yield "a doubled key", b"\xa9\x01\x61x" + payload[1:]
    yield "another order", cbor2.dumps(dict(reversed(found.items())))
    yield "sex as true", payload.replace(b"\x09\x02", b"\x09\xf5", 1)
    yield "sex as a float", payload.replace(b"\x09\x02", b"\x09\xf9\x40\x00", 1)
    yield "the sign of y as a number", payload.replace(b"\x22\xf4", b"\x22\x00", 1)
    yield "a time under a tag", cbor2.dumps({**found, IAT: datetime.fromtimestamp(5, UTC)})
    yield "a time as a float", cbor2.dumps({**found, IAT: float(found[IAT])})
    yield "a key of another kind beside", cbor2.dumps({**found, CNF: {**found[CNF], 3: b"kid"}})
    yield "one claim too many", cbor2.dumps({**found, 2: "subject"})
    yield "nothing", b""
    yield "cut short", payload[:-1]
    yield "nested without end", b"\x81" * 4000


def test_every_other_spelling_is_refused(house):
    payload = house.claims().to_payload()
    for name, other in spellings(payload, cbor2.loads(payload)):
        assert other != payload, name
        with pytest.raises(TokenError) as caught:
            CredentialClaims.from_payload(other)
        assert caught.value.fault in {"cbor", "claims"}, name


@pytest.mark.parametrize("label", [ISS, EXP, NBF, IAT, CTI, CNF, CLAIM_169, STATUS])
@pytest.mark.parametrize(
    "thing", [None, 5, -1, True, 1.0, "two words", b"bytes", [], [1], {}, {1: 2}]
)
def test_a_claim_of_any_other_type_is_a_fault_of_the_token(house, label, thing):
    found = cbor2.loads(house.claims().to_payload())
    with pytest.raises(TokenError):
        CredentialClaims.from_payload(cbor2.dumps({**found, label: thing}))


@pytest.mark.parametrize("text", [["x"], {"x": 1}, 5, None, b"bytes"])
def test_an_address_is_text(house, text):
    with pytest.raises(TokenError):
        house.claims(issuer=text)
    with pytest.raises(TokenError):
        house.claims(status_list=text)

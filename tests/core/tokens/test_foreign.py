"""Claim 169 as others write it: explained, and never plainly accepted."""

import contextlib
from datetime import timedelta

import claim169
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikd.core import cbor
from ikd.core.errors import TokenError
from ikd.core.tokens import base45, cose, credential, foreign
from ikd.core.tokens.cwt import EXP, IAT, ISS, NBF
from ikd.core.tokens.inflate import deflate
from ikd.core.tokens.policy import Policy
from ikd.core.tokens.verifier import Verifier

TOLERANT = Policy(foreign="warn", static="accept")


def fault(make, *arguments, **options) -> str:
    with pytest.raises(TokenError) as caught:
        make(*arguments, **options)
    return caught.value.fault


def written(house, payload=None, *, header=None, loose=None, key=None, wrap=deflate, tag=b"\xd2"):
    """A token as somebody else might write it, validly signed."""
    key = key or house.issuer
    if payload is None:
        payload = {1: "https://other.example.org", 6: int(house.now.timestamp()), 169: {4: "BUDI"}}
    body = payload if isinstance(payload, bytes) else cbor.encode(payload)
    protected = cbor.encode({1: -8} if header is None else header)
    signature = key.sign_checked(cose.signing_input(protected, body))
    data = tag + cbor.encode([protected, loose or {}, body, signature], booleans=True)
    return base45.encode(wrap(data))


def read(house, text, **options):
    return foreign.read(text, house.keyring(), **{"now": house.now, **options})


def test_what_claim169_writes_is_read_with_notes(house):
    person = claim169.Claim169Input(id="1376015708909901", full_name="SITI CONTOH")
    now = int(house.now.timestamp())
    meta = claim169.CwtMetaInput(issuer="https://other.example.org", expires_at=now + 60)
    text = claim169.encode_with_ed25519(person, meta, b"issuer.." * 4)
    found = read(house, text)
    assert found.notes == ("headers", "no_kid", "claims", "attributes")
    assert found.issuer == "https://other.example.org"
    assert found.attributes[4] == "SITI CONTOH"
    assert "SITI" not in repr(found)
    assert fault(read, house, text, now=house.now + timedelta(seconds=60)) == "expired"


@pytest.mark.parametrize(
    ("changes", "note"),
    [
        ({"wrap": bytes}, "uncompressed"),
        ({"tag": b"\xd8\x3d\xd2"}, "tag_61"),
        ({"tag": b""}, "untagged"),
        ({"header": {1: -8, 3: 0}}, "headers"),
        ({"loose": {5: b"x"}}, "headers"),
        ({}, "no_kid"),
        ({}, "claims"),
        ({}, "attributes"),
    ],
)
def test_each_difference_has_its_note(house, changes, note):
    assert note in read(house, written(house, **changes)).notes
    assert note in foreign.NOTES


# What other houses write into claim 169, of one invented person each.
DRAFT = {1: "1376015708909901", 4: "SITI CONTOH", 8: "19900817", 9: "2", 13: "IDN"}
JSON_LIKE = {1: "1376015708909901", 4: "SITI CONTOH", 8: "1990-08-17", 9: 2, 13: "IDN"}
EPHILID = {"sb": {"fn": "SITI", "ln": "CONTOH", "s": "Female"}, "img": b"RIFF"}
OURS = {1: "1376015708909901", 4: "SITI CONTOH", 8: "19900817", 9: 2, 13: "IDN"}


@pytest.mark.parametrize(
    ("attributes", "changes", "note"),
    [
        (OURS, {"tag": b"\xd8\x3d\xd2"}, "tag_61"),
        (OURS, {"wrap": bytes}, "uncompressed"),
        (DRAFT, {}, "text_sex"),
        (JSON_LIKE, {}, "dashed_date"),
        (EPHILID, {"wrap": bytes}, "text_keys"),
    ],
)
def test_each_dialect_that_is_known_is_named_and_only_it(house, attributes, changes, note):
    """Told apart from a token of ours by this one thing, and never more than a warning."""
    claims = {1: "https://other.example.org", 6: int(house.now.timestamp()), 169: attributes}
    text = written(house, claims, **changes)
    found = read(house, text)
    special = {"tag_61", "uncompressed", "text_sex", "dashed_date", "text_keys"}
    also = {"uncompressed"} if note == "text_keys" else set()
    assert set(found.notes) & special == {note} | also
    assert found.attributes == attributes
    assert note in foreign.NOTES
    for policy, outcome in ((TOLERANT, "warn"), (Policy(), "refuse")):
        verdict = Verifier(house.keyring(), house.status_list(), policy).check(text, now=house.now)
        assert (verdict.kind, verdict.outcome) == ("foreign", outcome)
        assert note in verdict.reasons[0].detail
        assert verdict.claims is None


@pytest.mark.parametrize("damage", [0, 40, -1])
def test_no_dialect_saves_a_signature_that_does_not_hold(house, damage):
    text = written(house, {169: EPHILID}, wrap=bytes, tag=b"\xd8\x3d\xd2")
    data = bytearray(base45.decode(text))
    data[len(data) - 64 + damage if damage >= 0 else damage] ^= 1
    assert fault(read, house, base45.encode(bytes(data))) == "key"
    checks = Verifier(house.keyring(), house.status_list(), TOLERANT)
    verdict = checks.check(base45.encode(bytes(data)), now=house.now)
    assert (verdict.outcome, verdict.foreign) == ("refuse", None)


def test_a_named_key_is_the_only_one_tried(house):
    kid = house.issuer.public.kid
    for options in ({"header": {1: -8, 4: kid}}, {"loose": {4: kid}}):
        assert "no_kid" not in read(house, written(house, **options)).notes
    other = {"header": {1: -8, 4: house.issuer_es256.public.kid}}
    assert fault(read, house, written(house, **other)) == "signature"
    unknown = {"header": {1: -8, 4: b"12345678"}}
    assert fault(read, house, written(house, **unknown)) == "key"
    assert fault(read, house, written(house, loose={4: "text"})) == "cose"


def test_es256_is_tried_with_es256_keys_only(house):
    assert read(house, written(house, header={1: -7}, key=house.issuer_es256))
    assert fault(read, house, written(house, header={1: -7})) == "key"


def test_only_keys_for_credentials_count(house):
    for key in (house.status, house.root):
        assert fault(read, house, written(house, key=key)) == "key"
    for state in ("revoked", "pending"):
        record = house.record(house.issuer, "credential", state=state)
        keyring = house.keyring([record])
        assert fault(foreign.read, written(house), keyring, now=house.now) == "key"


@pytest.mark.parametrize(
    ("header", "loose"),
    [
        ({}, {1: -8}),
        ({1: -8, 2: [16]}, {}),
        ({1: -8, 4: b"k"}, {4: b"k"}),
        ({1: "EdDSA"}, {}),
        ([], {}),
    ],
)
def test_headers_that_mislead_verifiers_are_refused(house, header, loose):
    assert fault(read, house, written(house, header=header, loose=loose)) == "cose"


@pytest.mark.parametrize(
    "payload", [b"\x01", cbor.encode({1: "x"}), cbor.encode({169: "x"}), cbor.encode([169])]
)
def test_without_a_claim_169_it_is_nothing(house, payload):
    assert fault(read, house, written(house, payload)) == "claims"


def test_times_count_where_they_are_given(house):
    now = int(house.now.timestamp())
    for label, value, word in [
        (EXP, now, "expired"),
        (NBF, now + 31, "early"),
        (IAT, now + 31, "early"),
        (IAT, now - 99 * 86400, "key"),
        (EXP, "soon", "claims"),
    ]:
        assert fault(read, house, written(house, {label: value, 169: {4: "B"}})) == word
    assert read(house, written(house, {169: {4: "B"}})).issuer is None
    assert read(house, written(house, {ISS: 5, 169: {4: "B"}})).issuer is None


def test_keys_in_any_order_are_read_but_none_twice(house):
    one = bytes.fromhex("a2 18a9 a0 01 6178".replace(" ", ""))
    assert read(house, written(house, one)).attributes == {}
    twice = bytes.fromhex("a3 18a9 a0 01 6178 01 6179".replace(" ", ""))
    assert fault(read, house, written(house, twice)) == "cbor"


def test_our_own_credential_has_no_notes(house):
    text = credential.write(house.claims(), house.issuer)
    assert read(house, text).notes == ()


@pytest.mark.parametrize("parts", [[1], [b"", {}, b""], [b"", {}, b"", b"short"], {1: 2}])
def test_other_containers_are_refused(house, parts):
    assert fault(read, house, base45.encode(b"\xd2" + cbor.encode(parts))) == "cose"


def test_the_verifier_refuses_by_default_and_explains(house):
    text = written(house)
    verdict = Verifier(house.keyring(), house.status_list()).check(text, now=house.now)
    assert (verdict.outcome, verdict.kind, verdict.foreign) == ("refuse", "foreign", None)
    assert verdict.reasons[0].code == "foreign"
    assert verdict.reasons[0].detail == "headers no_kid claims attributes"


def test_the_verifier_warns_at_most(house):
    checks = Verifier(house.keyring(), house.status_list(), TOLERANT)
    verdict = checks.check(written(house), now=house.now)
    assert (verdict.outcome, verdict.codes) == ("warn", ("foreign", "status_missing"))
    assert verdict.claims is None
    assert verdict.foreign.attributes == {4: "BUDI"}


def test_what_is_ours_and_wrong_is_not_saved_by_tolerance(house):
    checks = Verifier(house.keyring(), house.status_list({7: "invalid"}), TOLERANT)
    ours = credential.write(house.claims(), house.issuer)
    assert checks.check(ours, now=house.now).codes == ("invalid",)
    expired = checks.check(ours, now=house.now + timedelta(days=200))
    assert (expired.kind, expired.outcome) == ("credential", "refuse")
    unsigned = checks.check(base45.encode(deflate(b"\xd2\x80")), now=house.now)
    assert (unsigned.kind, unsigned.codes) == ("credential", ("malformed",))


@given(st.text(max_size=60) | st.text(alphabet="0123456789ABCDEF $%*+-./:", max_size=80))
def test_any_text_is_refused(house, text):
    with pytest.raises(TokenError):
        read(house, text)


@given(st.binary(max_size=80))
def test_any_payload_is_read_or_refused(house, payload):
    with contextlib.suppress(TokenError):
        assert isinstance(read(house, written(house, payload)).attributes, dict)

"""Claim 169 as others write it: read tolerantly, asked as ours is, and never plainly accepted."""

import contextlib
import struct
from datetime import timedelta

import claim169
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikd.core import cbor
from ikd.core.errors import TokenError
from ikd.core.tokens import base45, cose, credential, foreign, loosecbor, presentation
from ikd.core.tokens.cwt import AUD, EXP, IAT, ISS, NBF
from ikd.core.tokens.foreignkeys import ForeignKey
from ikd.core.tokens.inflate import deflate
from ikd.core.tokens.policy import Policy
from ikd.core.tokens.verifier import Verifier

TOLERANT = Policy(foreign="warn", static="accept")
DAY = timedelta(days=1)


def fault(make, *arguments, **options) -> str:
    with pytest.raises(TokenError) as caught:
        make(*arguments, **options)
    return caught.value.fault


def written(house, payload=None, *, header=None, loose=None, key=None, wrap=deflate, tag=b"\xd2"):
    """A token as somebody else might write it, validly signed."""
    key = key or house.other
    now = int(house.now.timestamp())
    if payload is None:
        payload = {1: "https://other.example.org", 4: now + 60, 6: now, 169: {4: "BUDI"}}
    body = payload if isinstance(payload, bytes) else cbor.encode(payload, booleans=True)
    head = {1: -8} if header is None else header
    protected = head if isinstance(head, bytes) else cbor.encode(head)
    signature = key.sign_checked(cose.signing_input(protected, body))
    data = tag + cbor.encode([protected, loose or {}, body, signature], booleans=True)
    return base45.encode(wrap(data))


def read(text):
    return foreign.read(base45.decode(text))


def check(house, text, policy=TOLERANT, **changes):
    options = {"foreign_keys": house.foreign_keys(), **changes}
    now, challenge = options.pop("now", house.now), options.pop("challenge", b"")
    lists = options.pop("lists", house.status_list())
    ring = options.pop("keyring", house.keyring())
    return Verifier(ring, lists, policy, **options).check(text, now=now, challenge=challenge)


def test_what_claim169_writes_is_read_with_notes(house):
    person = claim169.Claim169Input(id="1376015708909901", full_name="SITI CONTOH")
    now = int(house.now.timestamp())
    meta = claim169.CwtMetaInput(issuer="https://other.example.org", expires_at=now + 60)
    text = claim169.encode_with_ed25519(person, meta, b"another." * 4)
    found = read(text)
    assert found.notes == ("headers", "no_kid", "claims", "attributes")
    assert found.issuer == "https://other.example.org"
    assert found.attributes[4] == "SITI CONTOH"
    assert "SITI" not in repr(found)
    verdict = check(house, text)
    assert (verdict.outcome, verdict.kind) == ("warn", "foreign")
    assert (verdict.name, verdict.issuer) == ("SITI CONTOH", "Negeri Contoh")
    assert "SITI" not in repr(verdict)
    late = check(house, text, now=house.now + timedelta(seconds=60))
    assert (late.outcome, late.codes[0], late.foreign) == ("refuse", "expired", None)


INDEFINITE = bytes.fromhex("bf 02 7f 61 78 61 79 ff 18a9 bf 04 64 42554449 ff ff".replace(" ", ""))
LONGER = bytes.fromhex("a1 1900a9 a1 1804 6442554449".replace(" ", ""))


@pytest.mark.parametrize(
    ("changes", "note"),
    [
        ({"wrap": bytes}, "uncompressed"),
        ({"tag": b"\xd8\x3d\xd2"}, "tag_61"),
        ({"tag": b""}, "untagged"),
        ({"header": {1: -8, 3: 0}}, "headers"),
        ({"loose": {5: b"x"}}, "headers"),
        ({}, "no_kid"),
        ({"header": {1: -19}}, "algorithm"),
        ({"payload": INDEFINITE}, "spelling"),
        ({"payload": LONGER}, "spelling"),
        ({"header": bytes.fromhex("bf0127ff")}, "spelling"),
        ({}, "claims"),
        ({}, "attributes"),
    ],
)
def test_each_difference_has_its_note(house, changes, note):
    text = written(house, **changes)
    assert note in read(text).notes
    assert note in foreign.NOTES
    verdict = check(house, text)
    assert (verdict.kind, verdict.outcome) == ("foreign", "warn")
    assert note in verdict.reasons[0].detail


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
    found = read(text)
    special = {"tag_61", "uncompressed", "text_sex", "dashed_date", "text_keys"}
    also = {"uncompressed"} if note == "text_keys" else set()
    assert set(found.notes) & special == {note} | also
    assert found.attributes == attributes
    for policy, outcome in ((TOLERANT, "warn"), (Policy(), "refuse")):
        verdict = check(house, text, policy)
        assert (verdict.kind, verdict.outcome) == ("foreign", outcome)
        assert note in verdict.reasons[0].detail
        assert verdict.claims is None


@pytest.mark.parametrize("damage", [0, 40, -1])
@pytest.mark.parametrize("kid", [None, b"key-1"])
def test_no_dialect_saves_a_signature_that_does_not_hold(house, damage, kid):
    header = {1: -8, 4: kid} if kid else None
    text = written(house, {169: EPHILID}, wrap=bytes, tag=b"\xd8\x3d\xd2", header=header)
    data = bytearray(base45.decode(text))
    data[len(data) - 64 + damage if damage >= 0 else damage] ^= 1
    verdict = check(house, base45.encode(bytes(data)))
    assert (verdict.outcome, verdict.foreign) == ("refuse", None)
    assert verdict.codes[0] == ("signature" if kid else "key")


def test_a_key_is_found_by_the_name_that_its_issuer_gave_it(house):
    for options in ({"header": {1: -8, 4: b"key-1"}}, {"loose": {4: b"key-1"}}):
        text = written(house, **options)
        assert "no_kid" not in read(text).notes
        assert check(house, text).outcome == "warn"
    for kid, code in ((b"key-2", "signature"), (b"key-3", "key")):
        assert check(house, written(house, header={1: -8, 4: kid})).codes[0] == code
    assert fault(read, written(house, loose={4: "text"})) == "cose"


def test_keys_of_the_keyring_are_no_foreign_keys(house):
    """A foreign issuer's key stands in a file of its own; ours only sign as we write."""
    for key in (house.status, house.root, house.stranger):
        assert check(house, written(house, key=key, header={1: key.public.alg})).codes[0] == "key"
    assert check(house, written(house), foreign_keys=()).codes[0] == "key"


@pytest.mark.parametrize("alg", [-7, -9])
def test_es256_is_tried_with_es256_keys_only(house, alg):
    assert check(house, written(house, header={1: alg}, key=house.other_es256)).outcome == "warn"
    assert check(house, written(house, header={1: alg})).codes[0] == "key"


@pytest.mark.parametrize(
    ("header", "loose"),
    [
        ({}, {1: -8}),
        ({1: -8, 2: [16]}, {}),
        ({1: -8, 4: b"k"}, {4: b"k"}),
        ({1: "EdDSA"}, {}),
        ({1: -35}, {}),
        ({1: 5}, {}),
        ([], {}),
    ],
)
def test_headers_that_mislead_verifiers_are_refused(house, header, loose):
    text = written(house, header=header, loose=loose)
    assert fault(read, text) == "cose"
    assert check(house, text).codes == ("malformed",)


@pytest.mark.parametrize(
    "payload", [b"\x01", cbor.encode({1: "x"}), cbor.encode({169: "x"}), cbor.encode([169])]
)
def test_without_a_claim_169_it_is_nothing(house, payload):
    assert fault(read, written(house, payload)) == "claims"


def double(number: float) -> bytes:
    return b"\xfb" + struct.pack(">d", number)


@pytest.mark.parametrize(
    ("label", "after", "code"),
    [
        (EXP, 0, "expired"),
        (EXP, -0.5, "expired"),
        (NBF, 31, "early"),
        (IAT, 31, "early"),
        (NBF, 30.5, "early"),
        (NBF, 30, None),
        (EXP, 0.5, None),
        (EXP, 2.0**33, None),
    ],
)
def test_times_count_whole_or_broken(house, label, after, code):
    """RFC 8392 lets a NumericDate be a float."""
    at = house.now.timestamp() + after
    time = cbor.encode(int(at)) if type(after) is int else double(at)
    payload = b"\xa2" + cbor.encode(label) + time + b"\x18\xa9\xa1\x04\x64BUDI"
    verdict = check(house, written(house, payload))
    assert verdict.outcome == ("refuse" if code else "warn")
    assert (code or "foreign") == verdict.codes[0]


NO_TIMES = [double(number) for number in (float("nan"), float("inf"), -1.0, 1e300)]


@pytest.mark.parametrize("time", [*NO_TIMES, b"\x20", b"\x64soon", b"\x41x", b"\xf5"])
def test_what_is_no_time_is_refused(house, time):
    payload = b"\xa2\x04" + time + b"\x18\xa9\xa1\x04\x64BUDI"
    assert fault(read, written(house, payload)) == "claims"
    assert check(house, written(house, payload)).codes == ("malformed",)


@pytest.mark.parametrize("weight", ["warn", "refuse"])
def test_one_that_never_expires_is_told_as_that(house, weight):
    policy = Policy(foreign="warn", static="accept", no_expiry=weight)
    verdict = check(house, written(house, {169: {4: "B"}}), policy)
    assert verdict.outcome == weight
    assert "no_expiry" in verdict.codes


@pytest.mark.parametrize(
    ("audience", "ours", "codes"),
    [
        ("bank", "", ("audience",)),
        ("bank", "clinic", ("audience",)),
        ("bank", "bank", ()),
        (["clinic", "bank"], "bank", ()),
        (["clinic", "bank"], "ban", ("audience",)),
        ([], "", ()),
    ],
)
def test_one_for_another_audience_is_refused(house, audience, ours, codes):
    claims = {AUD: audience, EXP: int(house.now.timestamp()) + 60, 169: {4: "B"}}
    policy = Policy(foreign="warn", static="accept", audience=ours)
    verdict = check(house, written(house, claims), policy)
    refusals = tuple(one.code for one in verdict.reasons if one.weight == "refuse")
    assert refusals == codes


@pytest.mark.parametrize("audience", [5, [5], {"a": 1}])
def test_an_audience_that_is_none_is_refused(house, audience):
    assert fault(read, written(house, {AUD: audience, 169: {4: "B"}})) == "claims"


def test_a_key_speaks_for_its_issuer_only(house):
    """Whoever we trust for one country can't sign in the name of our own."""
    claims = {ISS: "https://ikd.example.id", 169: {4: "B"}}
    verdict = check(house, written(house, claims))
    assert (verdict.outcome, verdict.codes[0], verdict.foreign) == ("refuse", "issuer", None)
    for issuer in (None, 5):
        claims = {169: {4: "B"}} if issuer is None else {ISS: issuer, 169: {4: "B"}}
        assert check(house, written(house, claims)).issuer == "Negeri Contoh"


def test_a_key_counts_within_its_time(house):
    past, soon = house.now - DAY, house.now + DAY
    for times, code in [
        ({"not_before": past, "not_after": soon}, None),
        ({"not_after": past}, "key"),
        ({"not_before": soon}, "key"),
    ]:
        for text in (written(house), written(house, {169: {4: "B"}})):
            verdict = check(house, text, foreign_keys=house.foreign_keys(**times))
            assert (verdict.outcome == "refuse") == (code is not None)
            assert code is None or code in verdict.codes


@pytest.mark.parametrize(
    "changes",
    [{"kid": "key"}, {"kid": b"k" * 65}, {"issuer": ""}, {"issuer": "a\nb"}, {"name": "x" * 129}],
)
def test_a_foreign_key_names_key_and_issuer_plainly(house, changes):
    values = {"kid": b"", "key": house.other.public, "issuer": "i", "name": "n"}
    assert fault(ForeignKey, **{**values, **changes}) == "keyring"


def test_a_foreign_code_is_asked_for_its_status_and_its_holder(house):
    place = {"status_list": {"idx": 7, "uri": house.uri}}
    claims = {EXP: int(house.now.timestamp()) + 60, 65535: place, 169: {4: "B"}}
    text = written(house, claims)
    assert check(house, text).codes == ("foreign",)
    fallen = check(house, text, lists=house.status_list({7: "superseded"}))
    assert (fallen.outcome, fallen.codes[0]) == ("refuse", "superseded")
    strict = check(house, text, Policy(foreign="warn", static="refuse"))
    assert (strict.outcome, strict.codes[0]) == ("refuse", "no_holder_proof")
    assert check(house, text, challenge=b"c" * 16).codes[0] == "no_holder_proof"
    far = {EXP: claims[EXP], 65535: {"status_list": {"idx": 2**60, "uri": house.uri}}, 169: {}}
    assert check(house, written(house, far)).codes[0] == "status_unknown"
    for odd in (5, {"status_list": 5}, {"status_list": [1]}):
        assert "status_missing" in check(house, written(house, {65535: odd, 169: {}})).codes
    for odd in ({"idx": "1", "uri": house.uri}, {"idx": -1, "uri": "x"}, {"idx": 1, "uri": 1}):
        text = written(house, {65535: {"status_list": odd}, 169: {}})
        assert check(house, text).codes == ("malformed",)


def dressed(house, key=None, **changes):
    """Our own credential, its claims and signature unchanged or signed again by our issuer."""
    return written(house, house.claims().to_payload(), key=key or house.issuer, **changes)


KIDDED = {1: -8, 4: b"\x00" * 8}


@pytest.mark.parametrize(
    "changes",
    [
        {"tag": b""},
        {"tag": b"\xd8\x3d\xd2"},
        {"wrap": bytes},
        {"loose": {5: b"x"}},
        {"header": {1: -8}},
        {"header": {1: -19}},
        {"header": {1: -8, 3: 0}},
        {"header": KIDDED},
        {"header": {1: -8, 4: b"key-1"}},
        {"header": {1: -8}, "loose": {4: b"key-1"}},
    ],
)
@pytest.mark.parametrize("standing", ["valid", "superseded", "invalid"])
def test_our_own_issuers_token_in_another_dress_is_refused(house, changes, standing):
    """Whatever the policy; and the status list is asked all the same."""
    text = dressed(house, **changes)
    verdict = check(house, text, lists=house.status_list({7: standing}))
    assert (verdict.outcome, verdict.codes[0], verdict.foreign) == ("refuse", "rewritten", None)
    assert (standing in verdict.codes) == (standing != "valid")
    strict = check(house, text, Policy(foreign="warn", static="refuse"))
    assert "no_holder_proof" in strict.codes


def test_the_signed_bytes_of_ours_are_found_under_any_wrapping(house):
    """Nothing is signed anew: tag and zlib taken off, a header put beside the signature."""
    signed = credential.to_cose(credential.write(house.claims(), house.issuer))
    loose = b"\xd2\x84" + signed[2:].replace(b"\xa0", b"\xa1\x05\x41x", 1)
    for data in (signed, signed[1:], b"\xd8\x3d" + signed, loose, deflate(signed[1:])):
        verdict = check(house, base45.encode(data))
        assert (verdict.outcome, verdict.codes[0]) == ("refuse", "rewritten")


@pytest.mark.parametrize("state", ["active", "verify_only", "revoked", "pending"])
def test_a_key_of_ours_is_known_as_ours_in_any_state(house, state):
    ring = house.keyring([house.record(house.issuer, "credential", state=state)])
    verdict = check(house, dressed(house, tag=b""), keyring=ring)
    assert (verdict.outcome, verdict.codes[0]) == ("refuse", "rewritten")
    as_ours = credential.write(house.claims(), house.issuer)
    code = {"revoked": "revoked_key", "pending": "key"}.get(state)
    assert check(house, as_ours, keyring=ring).codes == ((code,) if code else ())


def test_a_token_under_our_keys_name_is_ours_or_forged(house):
    header = {1: -8, 4: house.issuer.public.kid}
    for tag in (b"\xd2", b""):
        assert check(house, written(house, header=header, tag=tag)).codes == ("signature",)


def test_one_that_is_written_just_like_ours_is_foreign_all_the_same(house):
    text = credential.write(house.claims(issuer="https://other.example.org"), house.other)
    keys = house.foreign_keys(kid=house.other.public.kid)
    verdict = check(house, text, foreign_keys=keys)
    assert (verdict.kind, verdict.outcome, verdict.codes) == ("foreign", "warn", ("foreign",))
    assert (verdict.claims, verdict.reasons[0].detail) == (None, "")
    assert check(house, text).codes == ("key",)


@pytest.mark.parametrize("ours", [True, False])
def test_nobody_presents_a_credential_of_another_dress(house, ours):
    """It names no device that it was made for, or not as ours do."""
    if ours:
        signed = credential.to_cose(credential.write(house.claims(), house.issuer))[1:]
    else:
        signed = base45.decode(written(house, wrap=bytes))
    shown = presentation.write(
        signed, token_id=bytes(16), now=house.now, device=house.device, by="value"
    )
    verdict = check(house, shown)
    assert (verdict.kind, verdict.outcome, verdict.claims) == ("presentation", "refuse", None)
    assert {"holder"} | ({"rewritten"} if ours else {"foreign"}) <= set(verdict.codes)


@pytest.mark.parametrize("name", ["SITI\nCONTOH", "SITI\u202eCONTOH", "x" * 129, "", 5, b"SITI"])
def test_a_name_that_does_not_show_as_it_is_is_not_shown(house, name):
    verdict = check(house, written(house, {169: {4: name}}))
    assert (verdict.outcome, verdict.name) == ("warn", None)


def test_keys_in_any_order_are_read_but_none_twice(house):
    one = bytes.fromhex("a2 18a9 a0 01 6178".replace(" ", ""))
    assert read(written(house, one)).attributes == {}
    twice = bytes.fromhex("a3 18a9 a0 01 6178 01 6179".replace(" ", ""))
    assert fault(read, written(house, twice)) == "cbor"
    longer = bytes.fromhex("a3 18a9 a0 01 6178 1801 6179".replace(" ", ""))
    assert fault(read, written(house, longer)) == "cbor"


def test_our_own_credential_has_no_notes(house):
    assert read(credential.write(house.claims(), house.issuer)).notes == ()


@pytest.mark.parametrize("parts", [[1], [b"", {}, b""], [b"", {}, b"", b"short"], {1: 2}])
def test_other_containers_are_refused(parts):
    assert fault(foreign.read, b"\xd2" + cbor.encode(parts)) == "cose"


def test_the_verifier_refuses_by_default_and_explains(house):
    verdict = check(house, written(house), Policy())
    assert (verdict.outcome, verdict.kind, verdict.foreign) == ("refuse", "foreign", None)
    assert (verdict.name, verdict.issuer) == (None, None)
    assert verdict.reasons[0].code == "foreign"
    assert verdict.reasons[0].detail == "headers no_kid claims attributes"


def test_what_is_ours_and_wrong_is_not_saved_by_tolerance(house):
    ours = credential.write(house.claims(), house.issuer)
    assert check(house, ours, lists=house.status_list({7: "invalid"})).codes == ("invalid",)
    expired = check(house, ours, now=house.now + timedelta(days=200))
    assert (expired.kind, expired.outcome) == ("credential", "refuse")
    unsigned = check(house, base45.encode(deflate(b"\xd2\x80")))
    assert (unsigned.kind, unsigned.codes) == ("credential", ("malformed",))


VALUES = st.recursive(
    st.integers(-(2**64), 2**64 - 1) | st.booleans() | st.none() | st.text() | st.binary(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.integers(-(2**64), 2**64 - 1) | st.text(), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(VALUES)
def test_what_is_read_strictly_is_read_loosely_as_the_same(value):
    data = cbor.encode(value, booleans=True, nulls=True)
    assert loosecbor.decode(data, max_depth=16) == value


@pytest.mark.parametrize(
    ("data", "value"),
    [
        ("9f01820203ff", [1, [2, 3]]),
        ("5f42010243030405ff", b"\x01\x02\x03\x04\x05"),
        ("7f657374726561646d696e67ff", "streaming"),
        ("bf6346756ef563416d7421ff", {"Fun": True, "Amt": -2}),
        ("f90000", 0.0),
        ("fa47c35000", 100000.0),
        ("fb3ff199999999999a", 1.1),
        ("1b000000000000000a", 10),
        ("5803010203", b"\x01\x02\x03"),
        ("f6", None),
    ],
)
def test_what_rfc_8949_allows_is_read(data, value):
    """Most of it from its appendix A."""
    assert loosecbor.decode(bytes.fromhex(data)) == value


@pytest.mark.parametrize(
    "data",
    ["", "c11a514b67b0", "d9d9f700", "1c", "f7", "f0", "f818", "ff", "81", "8181818181818100",
     "a1f500", "a1410000", "5f01ff", "5f5f4100ffff", "7f4161ff", "61ff", "5bffffffffffffffff",
     "9bffffffffffffffff", "bbffffffffffffffff", "9f", "bf01", "bf01ff", "1f", "3f", "0000",
     "a1fb3ff000000000000000", "df00"],
)  # fmt: skip
def test_what_has_two_meanings_or_none_is_refused(data):
    assert fault(loosecbor.decode, bytes.fromhex(data)) == "cbor"


@given(st.binary(max_size=80))
def test_any_bytes_are_read_or_refused(data):
    with contextlib.suppress(TokenError):
        loosecbor.decode(data)
    with contextlib.suppress(TokenError):
        foreign.read(data)


@given(st.binary(max_size=80))
def test_any_payload_is_read_or_refused(house, payload):
    with contextlib.suppress(TokenError):
        assert isinstance(read(written(house, payload)).attributes, dict)
    assert check(house, written(house, payload)).outcome in ("warn", "refuse")

"""Status lists: never "valid" out of ignorance."""

import base64
import json
import tracemalloc
import zlib
from datetime import timedelta

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikd.core import cbor
from ikd.core.errors import TokenError
from ikd.core.tokens import bitlist, cose
from ikd.core.tokens.cwt import EXP, IAT, SUB
from ikd.core.tokens.inflate import inflate
from ikd.core.tokens.statuslist import (
    HEADERS,
    LISTED,
    MAX_INFLATED,
    STATUS_LIST,
    TTL,
    StatusList,
)

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def fault(make, *arguments, **options) -> str:
    with pytest.raises(TokenError) as caught:
        make(*arguments, **options)
    return caught.value.fault


def read(house, data, **options):
    keyring = options.pop("keyring", house.keyring())
    return StatusList.read(data, keyring, **{"uri": house.uri, "now": house.now, **options})


def resigned(house, change, headers=HEADERS, key=None):
    data = house.status_list().write(house.status)
    found = {**cbor.decode(cose.read(data, headers=HEADERS).payload), **change}
    found = {label: value for label, value in found.items() if value is not None}
    return cose.write(cbor.encode(found), key or house.status, headers=headers)


@given(st.dictionaries(st.integers(0, 999), st.sampled_from(LISTED), max_size=30))
def test_what_was_signed_is_what_is_read(house, standings):
    made = house.status_list(standings)
    found = read(house, made.write(house.status))
    assert found == made
    for index in range(1000):
        assert found.status(index, now=house.now) == standings.get(index, "valid")


def test_beyond_the_list_is_unknown(house):
    made = house.status_list({999: "invalid"})
    assert made.status(999, now=house.now) == "invalid"
    for index in (1000, 2**40, -1, -1000):
        assert made.status(index, now=house.now) == "unknown"


@pytest.mark.parametrize(
    ("after", "fresh"),
    [
        (-31 * SECOND, False),
        (-30 * SECOND, True),
        (12 * HOUR - SECOND, True),
        (12 * HOUR, False),
        (8 * DAY, False),
    ],
)
def test_an_old_list_never_says_valid_but_bad_news_stays(house, after, fresh):
    made = house.status_list({1: "invalid", 2: "suspended", 3: "superseded"})
    now = house.now + after
    assert made.is_fresh(now) == fresh
    assert made.status(0, now=now) == ("valid" if fresh else "stale")
    assert [made.status(index, now=now) for index in (1, 2, 3)] == list(LISTED[1:])
    assert made.status(1000, now=now) == "unknown"


def test_the_end_comes_before_a_longer_time_to_live(house):
    made = house.status_list(ttl=9 * DAY)
    assert made.is_fresh(house.now + 7 * DAY - SECOND)
    assert not made.is_fresh(house.now + 7 * DAY)


def test_only_keys_for_status_lists_sign_them(house):
    for key in (house.issuer, house.root, house.station):
        assert fault(read, house, house.status_list().write(key)) == "key"
    data = house.status_list().write(house.status)
    record = house.record(house.status, "status", state="revoked")
    assert fault(read, house, data, keyring=house.keyring([record])) == "revoked"
    record = house.record(house.status, "status", not_before=house.now + SECOND)
    assert fault(read, house, data, keyring=house.keyring([record])) == "key"


def test_a_list_is_the_one_that_was_asked_for(house):
    data = house.status_list().write(house.status)
    assert fault(read, house, data, uri="https://status.example.id/2") == "list"


def test_an_older_list_than_seen_is_refused(house):
    data = house.status_list().write(house.status)
    assert read(house, data, newest=house.now)
    assert fault(read, house, data, newest=house.now + SECOND) == "rollback"


def test_a_list_from_the_future_is_refused(house):
    data = house.status_list().write(house.status)
    assert read(house, data, now=house.now - 30 * SECOND)
    assert fault(read, house, data, now=house.now - 31 * SECOND) == "early"


def test_the_type_header_must_be_there(house):
    assert fault(read, house, resigned(house, {}, headers={})) == "cose"
    assert fault(read, house, resigned(house, {}, headers={16: "application/cwt"})) == "cose"


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({TTL: 0}, "list"),
        ({TTL: -1}, "list"),
        ({TTL: 2**60}, "list"),
        ({TTL: "12h"}, "claims"),
        ({TTL: None}, "claims"),
        ({EXP: None}, "claims"),
        ({EXP: 0}, "list"),
        ({IAT: 2**60}, "claims"),
        ({SUB: b"uri"}, "claims"),
        ({STATUS_LIST: [2, b""]}, "claims"),
        ({STATUS_LIST: {}}, "list"),
        ({STATUS_LIST: {"bits": 3, "lst": zlib.compress(b"1")}}, "list"),
        ({STATUS_LIST: {"bits": 1, "lst": zlib.compress(b"1")}}, "list"),
        ({STATUS_LIST: {"bits": "2", "lst": zlib.compress(b"1")}}, "list"),
        ({STATUS_LIST: {"bits": 2, "lst": "text"}}, "list"),
        ({STATUS_LIST: {"bits": 2, "lst": b"junk"}}, "zlib"),
        ({STATUS_LIST: {"bits": 2, "lst": zlib.compress(b"")}}, "list"),
        ({STATUS_LIST: {"bits": 2, "lst": zlib.compress(b"1") + b"\x00"}}, "zlib"),
        ({1: "issuer"}, "claims"),
    ],
)
def test_a_signed_list_of_another_shape_is_refused(house, change, word):
    assert fault(read, house, resigned(house, change)) == word


def test_a_bomb_of_a_kilobyte_stops_at_the_cap(house):
    lst = zlib.compress(bytes(100_000_000), 9)
    data = resigned(house, {STATUS_LIST: {"bits": 2, "lst": lst}})
    tracemalloc.start()
    try:
        assert fault(read, house, data) == "zlib"
        assert tracemalloc.get_traced_memory()[1] < 16 * 2**20
    finally:
        tracemalloc.stop()


def test_a_million_places_take_a_few_kilobytes(house):
    standings = {(n * 7919 + n * n) % 2**20: "invalid" for n in range(1000)}
    made = house.status_list(standings, size=2**20)
    data = made.write(house.status)
    assert len(data) < 6000
    assert read(house, data).status(7920, now=house.now) == "invalid"


def test_the_smallest_and_the_largest_list(house):
    assert house.status_list({3: "invalid"}, size=4).status(3, now=house.now) == "invalid"
    assert house.status_list(size=2**24).status(2**24 - 1, now=house.now) == "valid"
    assert house.status_list(ttl=SECOND).is_fresh(house.now)


@pytest.mark.parametrize(
    "changes",
    [
        {"size": 0},
        {"size": 2**24 + 4},
        {"ttl": timedelta(0)},
        {"expires_at": timedelta(0)},
    ],
)
def test_a_list_that_can_not_be_is_not_made(house, changes):
    if "expires_at" in changes:
        changes = {"expires_at": house.now}
    assert fault(house.status_list, **changes) == "list"


@pytest.mark.parametrize("index", [-1, 1000])
def test_places_beyond_the_list_are_not_written(house, index):
    assert fault(house.status_list, {index: "invalid"}) == "list"


@given(st.integers(1, 200), st.sampled_from([1, 2, 4, 8]), st.data())
def test_packed_numbers_come_back(size, bits, data):
    values = st.dictionaries(st.integers(0, size - 1), st.integers(0, 2**bits - 1))
    chosen = data.draw(values)
    packed = bitlist.pack(size, bits, chosen)
    assert len(packed) == (size * bits + 7) // 8
    assert [bitlist.at(packed, bits, n) for n in range(size)] == [
        chosen.get(n, 0) for n in range(size)
    ]


@pytest.mark.parametrize("value", [-1, 4])
def test_numbers_that_do_not_fit_are_not_packed(value):
    assert fault(bitlist.pack, 4, 2, {0: value}) == "list"


def examples(vectors, name):
    """The hexadecimal lines of one example file."""
    lines = (vectors / "token-status-list" / "examples" / name).read_text().splitlines()
    plain = [line.partition("#")[0].strip() for line in lines if line and " = " not in line]
    return "".join(line for line in plain if line and set(line) <= set("0123456789abcdef"))


def encoded(vectors, name):
    text = (vectors / "token-status-list" / "examples" / name).read_text()
    return bytes.fromhex("".join(text.split("encoded:")[1].split()))


def test_the_drafts_small_lists_decode(vectors):
    for name, bits, plain in [
        ("status_list_encoding_cbor.md", 1, b"\xb9\xa3"),
        ("status_list_encoding2_cbor.md", 2, b"\xc9\x44\xf9"),
    ]:
        found = cbor2.loads(encoded(vectors, name))
        assert found["bits"] == bits
        assert inflate(found["lst"], max_bytes=99) == plain
    two = [bitlist.at(b"\xc9\x44\xf9", 2, n) for n in range(12)]
    assert two == [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]
    one = [bitlist.at(b"\xb9\xa3", 1, n) for n in range(16)]
    assert one == [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]


# The draft's own tables of the places that aren't 0 (appendix "Test vectors for Status List").
ONE = dict.fromkeys(
    (0, 1993, 25460, 159495, 495669, 554353, 645645, 723232, 854545, 934534, 1000345), 1
)
TWO = {**ONE, 1993: 2, 159495: 3, 645645: 2, 934534: 2, 1000345: 3}
FOUR = {
    0: 1,
    1993: 2,
    35460: 3,
    459495: 4,
    595669: 5,
    754353: 6,
    845645: 7,
    923232: 8,
    924445: 9,
    934534: 10,
    1004534: 11,
    1000345: 12,
    1030203: 13,
    1030204: 14,
    1030205: 15,
}


def test_every_example_of_the_draft_is_there(vectors):
    assert len(list((vectors / "token-status-list" / "examples").glob("*.md"))) == 20


@pytest.mark.parametrize(
    ("name", "bits", "places"),
    [("1_long", 1, ONE), ("2_long", 2, TWO), ("4", 4, FOUR), ("8", 8, None)],
)
def test_the_drafts_long_lists_say_what_its_tables_say(vectors, name, bits, places):
    """Each of 2**20 places, through our own inflating and unpacking; JSON and CBOR alike."""
    found = cbor2.loads(bytes.fromhex(examples(vectors, f"status_list_encoding{name}_cbor.md")))
    assert found["bits"] == bits
    data = inflate(found["lst"], max_bytes=MAX_INFLATED)
    assert len(data) == 2**20 * bits // 8
    said = {place: number for place in range(2**20) if (number := bitlist.at(data, bits, place))}
    assert said == places or (places is None and sorted(said.values()) == list(range(1, 256)))
    assert bitlist.pack(2**20, bits, said) == data
    assert bitlist.at(data, bits, 2**20) is None
    text = vectors / "token-status-list" / "examples" / f"status_list_encoding{name}_json.md"
    shown = json.loads("".join(text.read_text().split()))
    packed = base64.urlsafe_b64decode(shown["lst"] + "=" * (-len(shown["lst"]) % 4))
    assert inflate(packed, max_bytes=MAX_INFLATED) == data


def test_the_drafts_signed_list_is_laxer_than_ours(vectors):
    """Its kid is unprotected and its keys don't ascend; the claims are the same five."""
    data = bytes.fromhex(examples(vectors, "status_list_cwt.md"))
    assert data.startswith(b"\xd2\x84")
    assert fault(cose.read, data, headers=HEADERS) == "cose"
    parts = cbor2.loads(data[1:])
    assert cbor2.loads(parts[0]) == {1: -7, 16: HEADERS[16]}
    assert {SUB, EXP, IAT, TTL, STATUS_LIST} == cbor2.loads(parts[2]).keys()


def test_lists_of_two_bits_read_like_the_drafts(house, vectors):
    found = cbor2.loads(encoded(vectors, "status_list_encoding2_cbor.md"))
    listed = read(house, resigned(house, {STATUS_LIST: found}))
    seen = [listed.status(index, now=house.now) for index in range(13)]
    assert seen[:4] == ["invalid", "suspended", "valid", "superseded"]
    assert seen[12] == "unknown"
    assert isinstance(listed, StatusList)


@given(st.binary(max_size=100))
def test_any_bytes_are_refused(house, data):
    with pytest.raises(TokenError):
        read(house, data)

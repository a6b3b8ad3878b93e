"""Deterministic CBOR: one value, one spelling."""

import contextlib
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikd.core import cbor
from ikd.core.errors import TokenError

INTS = st.integers(min_value=-(2**64), max_value=2**64 - 1)
KEYS = INTS | st.text(max_size=5)
LEAVES = INTS | st.binary(max_size=30) | st.text(max_size=30)
VALUES = st.recursive(
    LEAVES | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


def refused(data: bytes, **options: object) -> str:
    with pytest.raises(TokenError) as caught:
        cbor.decode(data, **options)
    assert caught.value.fault == "cbor"
    return str(caught.value)


@given(VALUES)
def test_what_is_encoded_decodes_to_the_same_value(value):
    data = cbor.encode(value, booleans=True, nulls=True)
    again = cbor.decode(data, max_depth=16, max_bytes=2**21, booleans=True, nulls=True)
    assert again == value
    assert cbor.encode(again, booleans=True, nulls=True) == data


@given(st.dictionaries(KEYS, st.integers(0, 9), max_size=8), st.randoms())
def test_the_order_of_insertion_never_shows(mapping, random):
    items = list(mapping.items())
    random.shuffle(items)
    assert cbor.encode(dict(items)) == cbor.encode(mapping)


@given(st.binary(max_size=40))
def test_bytes_that_decode_are_the_only_spelling_of_their_value(data):
    with contextlib.suppress(TokenError):
        value = cbor.decode(data, booleans=True, nulls=True)
        assert cbor.encode(value, booleans=True, nulls=True) == data


def test_keys_ascend_by_their_encoded_bytes_not_by_length():
    # RFC 8949 section 4.2.1 gives this order: 10, 100, -1, "z", "aa"; RFC 7049 had 10, -1 first.
    data = cbor.encode({"aa": 5, 100: 2, "z": 4, -1: 3, 10: 1})
    assert data.hex() == "a5 0a01 186402 2003 617a04 62616105".replace(" ", "")


def test_containers_of_many_items_come_back():
    for value in (list(range(30)), {n: [n] for n in range(300)}, [b"x" * 300, "y" * 300]):
        assert cbor.decode(cbor.encode(value)) == value


def test_lists_and_tuples_are_the_same_array():
    assert cbor.encode((1, (2,))) == cbor.encode([1, [2]])
    assert cbor.decode(cbor.encode((1, (2,)))) == [1, [2]]


@pytest.mark.parametrize(
    ("spelling", "why"),
    [
        ("1801", "one in two bytes"),
        ("1900ff", "255 in three bytes"),
        ("5801aa", "a length in two bytes"),
        ("9f01ff", "an array of no declared length"),
        ("bf0102ff", "a map of no declared length"),
        ("5f4101ff", "bytes of no declared length"),
        ("7f6161ff", "text of no declared length"),
        ("a201010102", "a key twice"),
        ("a202010101", "keys that descend"),
        ("a2613101 0102", "a text key before an int key"),
        ("a1410101", "bytes as a key"),
        ("a1820102 01", "an array as a key"),
        ("a1f501", "a bool as a key"),
        ("a1f601", "null as a key"),
        ("f5", "a bool where none is allowed"),
        ("f6", "null where none is allowed"),
        ("f7", "undefined"),
        ("f0", "a simple value"),
        ("f8ff", "a long simple value"),
        ("f814", "false spelled long"),
        ("f93c00", "a half float"),
        ("fa3f800000", "a single float"),
        ("fb3ff0000000000000", "a double float"),
        ("c24101", "a bignum"),
        ("c249010000000000000000", "a bignum that is needed"),
        ("c11a514b67b0", "a time tag"),
        ("d8236161", "a pattern tag"),
        ("d81c8100", "a shared reference"),
        ("0000", "two items"),
        ("8201", "an array cut short"),
        ("a101", "a map cut short"),
        ("18", "a head cut short"),
        ("19ff", "a head cut short in the middle"),
        ("4201", "bytes cut short"),
        ("61ff", "text that isn't UTF-8"),
        ("63eda080", "half of a surrogate pair"),
        ("1c", "a reserved head"),
        ("ff", "a lone break"),
        ("", "nothing"),
    ],
)
def test_every_other_spelling_is_refused(spelling, why):
    assert refused(bytes.fromhex(spelling)), why


def test_bools_and_nulls_stand_only_where_they_are_allowed():
    assert cbor.decode(bytes.fromhex("83f4f5f6"), booleans=True, nulls=True) == [False, True, None]
    refused(bytes.fromhex("83f4f5f6"), booleans=True)
    refused(bytes.fromhex("81f4"), nulls=True)
    for value in (True, None):
        with pytest.raises(TokenError):
            cbor.encode([value])


def test_depth_is_counted_in_containers():
    assert cbor.decode(bytes.fromhex("8181818100")) == [[[[0]]]]
    assert cbor.decode(bytes.fromhex("81818180")) == [[[[]]]]
    refused(bytes.fromhex("818181818100"))
    refused(bytes.fromhex("8181818180"))
    refused(bytes.fromhex("a101a101a101a101a0"))
    assert cbor.decode(bytes.fromhex("8181818100"), max_depth=5) == [[[[0]]]]


def test_a_sibling_after_a_deep_one_is_not_deeper():
    value = [[[[1]]], [[[2]]], {"a": [[3]]}, 4]
    assert cbor.decode(cbor.encode(value)) == value


def test_the_longest_and_one_byte_more():
    data = cbor.encode(b"x" * 4093)
    assert len(data) == 4096
    assert cbor.decode(data) == b"x" * 4093
    assert "length" in refused(cbor.encode(b"x" * 4094))


@pytest.mark.parametrize(
    "bomb",
    [
        b"\x81" * 4096,
        b"\xa1\x01" * 2048,
        bytes.fromhex("9bffffffffffffffff"),
        bytes.fromhex("bb7fffffffffffffff"),
        bytes.fromhex("5bffffffffffffffff00"),
        bytes.fromhex("7b00000000ffffffff61"),
        bytes.fromhex("9a00ffffff") + b"\x00" * 100,
    ],
)
def test_bombs_cost_no_memory(bomb):
    tracemalloc.start()
    try:
        refused(bomb, max_depth=16)
        assert tracemalloc.get_traced_memory()[1] < 64 * 1024
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("data", [bytearray(b"\x01"), memoryview(b"\x01"), "\x01", None, 1])
def test_only_bytes_are_decoded(data):
    refused(data)


class Number(int):
    """An int that could answer comparisons as it likes."""


class Word(str):
    """A str that could."""

    __slots__ = ()


@pytest.mark.parametrize(
    "value",
    [
        *(1.0, 2**64, -(2**64) - 1, Number(1), Word("a"), {1}, bytearray(b"x"), object()),
        *([1, [2.5]], {1.5: 1}, {True: 1}, {None: 1}, {b"k": 1}, {Word("a"): 1}, {2**64: 1}),
        *("\ud800", {"\ud800": 1}),
    ],
)
def test_what_has_no_canonical_form_here_is_not_encoded(value):
    with pytest.raises(TokenError) as caught:
        cbor.encode(value)
    assert caught.value.fault == "cbor"


def test_a_value_inside_itself_is_refused():
    loop: list[object] = []
    loop.append(loop)
    with pytest.raises(TokenError):
        cbor.encode(loop)


def test_encoding_stops_at_the_depth_that_was_given():
    assert cbor.encode([[1]], max_depth=2)
    with pytest.raises(TokenError):
        cbor.encode([[1]], max_depth=1)


def test_no_refusal_shows_what_was_inside():
    secret = b"\x701376010501859902"
    assert "1376010501859902" not in refused(secret + b"\x00")
    error = None
    try:
        cbor.decode(b"\x62\xff\x31")
    except TokenError as caught:
        error = caught
    assert error is not None


@given(st.dictionaries(st.integers(0, 300), st.binary(max_size=9), max_size=9))
def test_what_is_in_order_already_is_encoded_alike(value):
    ordered = dict(sorted(value.items()))
    assert cbor.encode_ordered(ordered) == cbor.encode(value)


@pytest.mark.parametrize("value", [object(), "\ud800", {1: object()}])
def test_what_has_no_encoding_is_refused_there_too(value):
    with pytest.raises(TokenError) as caught:
        cbor.encode_ordered(value)
    assert caught.value.fault == "cbor"


@given(st.binary(max_size=300), st.binary(max_size=5), st.binary(max_size=5))
def test_a_byte_string_is_read_where_it_stands(data, before, after):
    found, end = cbor.read_bytes(before + cbor.encode(data) + after, len(before))
    assert found == data
    assert end == len(before) + len(cbor.encode(data))


@given(st.binary(max_size=12))
def test_a_byte_string_that_is_read_has_no_other_spelling(data):
    with contextlib.suppress(TokenError):
        found, end = cbor.read_bytes(data, 0)
        assert data[:end] == cbor.encode(found)


@pytest.mark.parametrize(
    "data",
    [
        *("", "58", "5817" + "00" * 23, "5900ff" + "00" * 255, "5a0000ffff", "5b00000000ffffffff"),
        *("43 0000", "5f 4100 ff", "5c", "5e", "60", "a0", "80", "f4", "01", "ff"),
    ],
)
def test_what_is_no_byte_string_in_its_shortest_form_is_refused(data):
    with pytest.raises(TokenError) as caught:
        cbor.read_bytes(bytes.fromhex(data), 0)
    assert caught.value.fault == "cbor"


@pytest.mark.parametrize("size", [0, 23, 24, 255, 256, 65_535, 65_536])
def test_byte_strings_at_the_edges_of_their_heads_are_read(size):
    data = cbor.encode(bytes(size))
    assert cbor.read_bytes(data, 0) == (bytes(size), len(data))


def test_what_somebody_trusted_wrote_is_read_in_any_spelling_but_must_be_cbor():
    spelt_longer = bytes.fromhex("1801")
    assert cbor.decode_once(spelt_longer) == 1
    with pytest.raises(TokenError):
        cbor.decode(spelt_longer)
    with pytest.raises(TokenError) as caught:
        cbor.decode_once(b"\x5f")
    assert caught.value.code == "token.cbor"

"""Zlib with a cap."""

import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikd.core.errors import TokenError
from ikd.core.tokens.inflate import deflate, inflate


def outcome(make, *arguments, **options) -> str | None:
    """The fault word of a refusal, None where there was none."""
    try:
        make(*arguments, **options)
    except TokenError as error:
        return error.fault
    return None


@given(st.binary(max_size=500))
def test_what_was_deflated_comes_back(data):
    assert inflate(deflate(data), max_bytes=500) == data


def refused(data, max_bytes=4096):
    with pytest.raises(TokenError) as caught:
        inflate(data, max_bytes=max_bytes)
    assert caught.value.fault == "zlib"


def test_exactly_the_cap_fits_and_one_byte_more_does_not():
    assert inflate(zlib.compress(b"x" * 4096), max_bytes=4096) == b"x" * 4096
    refused(zlib.compress(b"x" * 4097))


def test_anything_after_the_end_is_refused():
    whole = deflate(b"data")
    for tail in (b"\x00", b"\n", whole):
        refused(whole + tail)


def test_a_stream_cut_anywhere_is_refused():
    whole = deflate(bytes(range(200)))
    for end in range(len(whole)):
        refused(whole[:end])


def test_a_wrong_checksum_or_header_is_refused():
    whole = deflate(b"some data that is long enough")
    refused(whole[:-1] + bytes([whole[-1] ^ 1]))
    refused(zlib.compress(b"data")[2:-4])
    refused(b"\x1f\x8b" + whole)
    machine = zlib.compressobj(9, zlib.DEFLATED, 15, zdict=b"dictionary")
    refused(machine.compress(b"dictionary") + machine.flush())


def test_a_bomb_costs_no_memory():
    bomb = zlib.compress(bytes(50_000_000), 9)
    tracemalloc.start()
    try:
        refused(bomb)
        assert tracemalloc.get_traced_memory()[1] < 256 * 1024
    finally:
        tracemalloc.stop()


@given(st.binary(max_size=100))
def test_any_bytes_are_inflated_or_refused(data):
    assert outcome(inflate, data, max_bytes=100) in {None, "zlib"}

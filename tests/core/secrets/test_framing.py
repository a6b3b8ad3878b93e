"""Two lists of parts never give the same bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikd.core.errors import SealError
from ikd.core.secrets.framing import framed, unframed

PARTS = st.lists(st.binary(max_size=6), max_size=5)


@given(PARTS, PARTS)
def test_equal_bytes_come_only_from_equal_parts(one, two):
    assert (framed(*one) == framed(*two)) == (one == two)


@given(st.text(st.characters()), st.text(st.characters()))
def test_any_text_is_framed_and_no_two_alike(one, two):
    assert (framed(one) == framed(two)) == (one == two)
    assert framed("\ud800", one) != framed("?", one)


@given(PARTS)
def test_what_was_framed_comes_apart_again(parts):
    assert unframed(framed(*parts), tuple(map(len, parts))) == tuple(parts)


def test_text_is_framed_as_its_utf_8():
    assert framed("é", "") == b"\x00\x00\x00\x02\xc3\xa9\x00\x00\x00\x00"


@given(PARTS, st.binary(min_size=1, max_size=3))
def test_anything_behind_or_missing_is_refused(parts, more):
    data, sizes = framed(*parts), tuple(map(len, parts))
    with pytest.raises(SealError):
        unframed(data + more, sizes)
    if data:
        with pytest.raises(SealError):
            unframed(data[:-1], sizes)


def test_a_part_of_another_length_is_refused():
    with pytest.raises(SealError):
        unframed(framed(b"ab", b"c"), (1, 2))

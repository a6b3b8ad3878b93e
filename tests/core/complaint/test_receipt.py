"""A receipt is drawn at random, and read as people type it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikd.core.complaint.receipt import draw_receipt, parse_receipt
from ikd.core.errors import InputError


@given(st.binary(min_size=64, max_size=64))
def test_what_is_drawn_reads_back_however_it_is_typed(entropy):
    receipt = draw_receipt(entropy)
    assert parse_receipt(receipt) == receipt
    assert parse_receipt(f" {receipt.lower().replace('-', ' ')} ") == receipt


def test_signs_that_look_alike_are_read_as_what_was_meant():
    assert parse_receipt("O1I0-0000-0000-0000-000l") == "0110-0000-0000-0000-0001"


def test_two_draws_differ():
    assert draw_receipt(b"a" * 64) != draw_receipt(b"b" * 64)


@pytest.mark.parametrize("bad", ["", "0" * 19, "0" * 21, "U" * 20, "\u0660" * 20, None, b"0" * 20])
def test_anything_else_is_none(bad):
    with pytest.raises(InputError, match=r"receipt\.form"):
        parse_receipt(bad)

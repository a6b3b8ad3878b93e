"""Identifiers: 16 bytes, written in one way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikd.core.errors import InputError
from ikd.core.ids import draw, draw_id, id_bytes, parse_id


@given(st.binary(min_size=32, max_size=32), st.text(max_size=8))
def test_an_identifier_is_the_same_as_text_and_as_bytes(entropy, label):
    drawn = draw_id(entropy, label)
    assert parse_id(drawn) == drawn == id_bytes(drawn).hex()
    assert len(id_bytes(drawn)) == 16


def test_what_is_drawn_for_two_purposes_has_nothing_in_common():
    entropy = bytes(32)
    assert draw(entropy, "a", 16) != draw(entropy, "b", 16)
    assert draw(entropy, "a", 16) == draw(entropy, "a", 16)


@pytest.mark.parametrize("text", ["", "0" * 31, "0" * 33, "G" * 32, "A" * 32, "0" * 32 + "\n", 5])
def test_anything_else_is_no_identifier(text):
    with pytest.raises(InputError) as caught:
        parse_id(text)
    assert caught.value.code == "id.form"

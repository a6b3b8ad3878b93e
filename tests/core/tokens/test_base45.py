"""Base45: every text has one meaning or none."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikd.core.errors import TokenError
from ikd.core.tokens import base45

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


@given(st.binary(max_size=200))
def test_what_is_encoded_decodes_to_the_same_bytes(data):
    text = base45.encode(data)
    assert set(text) <= set(ALPHABET)
    assert base45.decode(text) == data


@given(st.text(alphabet=ALPHABET, max_size=12) | st.text(max_size=6))
def test_a_text_that_decodes_is_the_only_form_of_its_bytes(text):
    with contextlib.suppress(TokenError):
        data = base45.decode(text)
        assert base45.encode(data) == text


def test_the_examples_of_the_rfc(vectors):
    examples = json.loads((vectors / "rfc" / "base45_rfc9285.json").read_text())
    assert (len(examples["encode"]), len(examples["invalid"])) == (4, 3)
    for plain, text in examples["encode"]:
        assert base45.encode(plain.encode()) == text
        assert base45.decode(text) == plain.encode()
    for text in examples["invalid"]:
        with pytest.raises(TokenError):
            base45.decode(text)


@pytest.mark.parametrize(
    "text",
    ["A", "AAAA", "GGW", ":::", "ZZ", "0!0", "bb8", "BB8\n", "BB8 BB8\u00a0", "\ud800AA", "ÄÖ"],
)
def test_what_no_bytes_make_is_refused(text):
    with pytest.raises(TokenError) as caught:
        base45.decode(text)
    assert caught.value.fault == "base45"


def test_the_last_values_that_fit_and_the_first_that_do_not():
    assert base45.decode("FGW") == b"\xff\xff"
    assert base45.decode("U5") == b"\xff"
    for beyond in ("GGW", "V5"):
        with pytest.raises(TokenError):
            base45.decode(beyond)


def test_nothing_is_the_form_of_nothing():
    assert base45.encode(b"") == ""
    assert base45.decode("") == b""


@pytest.mark.parametrize("thing", [None, b"BB8", 5, ["B"]])
def test_only_text_is_decoded(thing):
    with pytest.raises(TokenError):
        base45.decode(thing)

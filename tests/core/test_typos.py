"""A mistyped word is told from the one that was meant, and from another word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikd.core.typos import meant

KEYS = ("source", "quote", "why", "captcha", "id", "confirm_within")


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("sorce", "source"),
        ("soource", "source"),
        ("sourse", "source"),
        ("suorce", "source"),
        ("Quote", "quote"),
        ("wyh", "why"),
        ("confirmwithin", "confirm_within"),
        ("srcs", None),
        ("reason", None),
        ("if", None),
        ("", None),
    ],
)
def test_one_slip_is_near_and_more_is_another_word(typed: str, near: str | None) -> None:
    assert meant(typed, KEYS) == near


@given(st.text())
def test_any_text_has_an_answer(typed: str) -> None:
    assert meant(typed, KEYS) in (*KEYS, None)


def test_nothing_is_looked_for_in_a_text_too_long_to_be_a_key() -> None:
    assert meant("s" * 100_000, ["s" * 100_000]) is None

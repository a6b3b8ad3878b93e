"""One rule counts the tries of every secret: a try is a wrong comparison, and nothing else is."""

from __future__ import annotations

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikd.core.errors import RefusedError
from ikd.core.ids import RecordId
from ikd.core.secrets.ledger import Ledger, Left

MINE, OTHER = RecordId("a" * 32), RecordId("b" * 32)
NEW = Ledger(
    word="pin",
    secret_id=MINE,
    met=0,
    limit=3,
    met_whole=0,
    limit_whole=4,
    matches=lambda verifier, candidate: verifier == candidate,
)


def refusal(ledger: Ledger, guessed_at: RecordId | None) -> str:
    with pytest.raises(RefusedError) as caught:
        ledger.check(guessed_at)
    return caught.value.code


def test_a_guess_at_the_secret_that_counts_goes_on():
    NEW.check(MINE)


@pytest.mark.parametrize("guessed_at", [OTHER, None])
def test_a_guess_at_any_other_is_superseded(guessed_at: RecordId | None):
    assert refusal(NEW, guessed_at) == "pin.superseded"


@pytest.mark.parametrize("guessed_at", [MINE, OTHER, None])
def test_a_secret_that_died_is_dead_to_whoever_guessed_at_it_and_never_superseded(
    guessed_at: RecordId | None,
):
    assert refusal(attrs.evolve(NEW, secret_id=None), guessed_at) == "pin.dead"


def test_a_refusal_is_called_after_the_word_of_its_ledger():
    passcode = attrs.evolve(NEW, word="passcode")
    assert refusal(passcode, OTHER) == "passcode.superseded"
    assert refusal(attrs.evolve(passcode, secret_id=None), OTHER) == "passcode.dead"


def test_the_right_secret_costs_no_try_whatever_was_met():
    worn = attrs.evolve(NEW, met=2, met_whole=3)
    assert worn.compare(b"right", b"right") is None


@pytest.mark.parametrize(
    ("met", "met_whole", "here", "whole"),
    [
        (0, 0, 2, 3),  # a new one
        (1, 1, 1, 2),
        (2, 2, 0, 1),  # its third try was its last; the whole has one left
        (0, 3, 0, 0),  # a new secret never refills the whole
        (0, 2, 1, 1),  # and has no more tries than the whole has left
        (3, 0, 0, 3),  # met more than a limit that was lowered since
        (0, 9, 0, 0),
    ],
)
def test_a_wrong_guess_leaves_what_secret_and_whole_have_left(
    met: int, met_whole: int, here: int, whole: int
):
    ledger = attrs.evolve(NEW, met=met, met_whole=met_whole)
    assert ledger.compare(b"right", b"wrong") == Left(here=here, whole=whole)


def test_nothing_is_right_where_there_is_no_verifier():
    assert NEW.compare(None, b"right") == Left(here=2, whole=3)


COUNT = st.integers(0, 30)


@given(limit=COUNT, limit_whole=COUNT, met=COUNT, met_whole=COUNT)
def test_no_order_of_secrets_gives_more_tries_than_the_whole(
    limit: int, limit_whole: int, met: int, met_whole: int
):
    ledger = attrs.evolve(NEW, limit=limit, limit_whole=limit_whole, met=met, met_whole=met_whole)
    left = ledger.compare(b"right", b"wrong")
    assert left is not None
    assert 0 <= left.here <= left.whole <= max(0, limit_whole - 1)
    assert left.here <= max(0, limit - 1)
    more = attrs.evolve(ledger, met=met + 1, met_whole=met_whole + 1).compare(b"right", b"wrong")
    assert more is not None
    assert more.here < left.here or not left.here
    assert more.whole < left.whole or not left.whole

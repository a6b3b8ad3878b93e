"""How long something owed is tried: as long as what it is for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ikd.core.records.patience import (
    ANEW,
    FIRST_WAIT,
    LEAST_LIFE,
    LONGEST_WAIT,
    MAIL_LIFE,
    TryingEnd,
    patience,
)

BORN = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
DIES = BORN + timedelta(minutes=30)


def asked(after=timedelta(), **known):
    given = {"question": False, "until": None, "attempts": 20, "failure": "passing"}
    return patience(created=BORN, wanted=True, now=BORN + after, **{**given, **known})


@pytest.mark.parametrize("years", [0, 1, 50])
def test_a_question_is_asked_as_long_as_its_case_lives(years):
    after = timedelta(days=365 * years)
    later = asked(after, question=True, attempts=10_000 * years + 1)
    assert FIRST_WAIT <= later - BORN - after <= LONGEST_WAIT


@pytest.mark.parametrize("known", [{"question": True}, {"until": DIES}, {}])
@pytest.mark.parametrize("failure", [None, "passing", "final"])
def test_what_nobody_waits_for_is_void_whatever_it_is(known, failure):
    given = {"question": False, "until": None, **known}
    void = patience(created=BORN, wanted=False, now=BORN, attempts=1, failure=failure, **given)
    assert void is TryingEnd.VOID


def test_waits_double_up_to_an_hour():
    waits = [asked(question=True, attempts=number) - BORN for number in range(1, 12)]
    assert waits == [min(FIRST_WAIT * 2**number, LONGEST_WAIT) for number in range(11)]


def test_waits_spread_a_quarter_to_both_sides():
    low, high = (asked(question=True, attempts=1, spread=one) - BORN for one in (0.0, 1.0))
    assert (low, high) == (FIRST_WAIT * 0.75, FIRST_WAIT * 1.25)


def test_a_message_is_tried_for_five_days():
    before = MAIL_LIFE - timedelta(seconds=1)
    assert asked(before) == BORN + MAIL_LIFE  # the last try is made at the very end
    assert asked(MAIL_LIFE) is TryingEnd.GIVE_UP


def test_a_message_that_was_let_go_again_is_tried_for_another_hour():
    late = MAIL_LIFE * 2
    assert asked(late, attempts=0, failure=None) == BORN + late
    assert asked(late, attempts=ANEW - 1) > BORN + late
    assert asked(late, attempts=ANEW) is TryingEnd.GIVE_UP


def test_a_pin_is_tried_until_two_minutes_before_its_end():
    last = DIES - LEAST_LIFE
    assert asked(timedelta(minutes=27), until=DIES) == last
    assert asked(last - BORN, until=DIES, failure=None) == last
    assert asked(last - BORN, until=DIES) is TryingEnd.GIVE_UP
    after = last - BORN + timedelta(microseconds=1)
    assert asked(after, until=DIES, failure=None) is TryingEnd.GIVE_UP


def test_what_will_never_be_taken_is_given_up_at_once():
    for known in ({"question": True}, {"until": DIES}, {}):
        assert asked(failure="final", attempts=1, **known) is TryingEnd.GIVE_UP

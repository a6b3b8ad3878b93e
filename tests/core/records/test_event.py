"""An event is a fact at a time, under a journal name that no other ever gets."""

from __future__ import annotations

import attrs
import pytest

from ikd.core.decide import KINDS
from ikd.core.records.event import Event, by_name, event
from model.cases import START


@event("test.rang/1", public="done")
@attrs.frozen(kw_only=True)
class Rang(Event):
    """A bell rang."""

    loud: bool


@event("test.rang/1")
@attrs.frozen(kw_only=True)
class RangElsewhere(Event):
    """Another bell rang."""


def test_an_event_says_when_it_happened_and_what_it_is_called():
    rang = Rang(at=START, loud=True)
    assert (rang.at, rang.journal_name, rang.public) == (START, "test.rang/1", "done")


def test_one_without_a_public_answer_of_its_own_has_none():
    assert RangElsewhere.public is None
    assert Event.public is None


def test_a_name_is_never_given_twice():
    assert by_name([Rang, Rang]) == {"test.rang/1": Rang}
    with pytest.raises(TypeError, match=r"test\.rang/1"):
        by_name([Rang, RangElsewhere])


def test_what_is_wrong_but_counted_says_so_to_the_public_and_nothing_else_does():
    said = {name: kind.public for name, kind in KINDS.events.items() if kind.public is not None}
    assert said == {
        "application.pin_refused/1": "try_again",
        "identity.sign_in_refused/1": "try_again",
    }


def test_every_event_of_a_kind_is_called_after_it():
    for kind in KINDS:
        assert all(one.journal_name.startswith(f"{kind.word}.") for one in kind.events)

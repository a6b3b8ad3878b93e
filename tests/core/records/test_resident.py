"""The resident's record: one running case, one identity, twenty wrong guesses in thirty days."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from ikd.core.activation.events import Withdrawn
from ikd.core.errors import StoreError
from ikd.core.records import resident as r
from model.cases import START

NUMBER, CASE, IDENTITY = "a" * 32, "b" * 32, "c" * 32


def after(*events: Any) -> r.Resident:
    record = r.LAW.replay((opened(), *events))
    assert record is not None
    return record


def opened() -> r.ResidentOpened:
    return r.ResidentOpened(at=START, resident_id=NUMBER)


def guesses(*days: float) -> r.Resident:
    return after(*(r.GuessCounted(at=START + timedelta(days=day)) for day in days))


def test_a_case_runs_until_it_is_closed_or_has_become_an_identity():
    started = r.CaseStarted(at=START, application_id=CASE)
    assert after(started).running == CASE
    assert after(started, r.CaseClosed(at=START, application_id=CASE)).running is None
    linked = after(started, r.IdentityLinked(at=START, identity_id=IDENTITY))
    assert (linked.running, linked.identity) == (None, IDENTITY)


def test_a_guess_counts_for_thirty_days_to_the_moment():
    record = guesses(0)
    end = START + timedelta(days=30)
    assert record.guesses_left(end - timedelta(microseconds=1)) == 19
    assert record.guesses_left(end) == 20


def test_twenty_guesses_are_all_and_the_oldest_falls_off_first():
    record = guesses(*range(20))
    assert record.guesses_left(START + timedelta(days=19)) == 0
    assert record.guesses_left(START + timedelta(days=31)) == 2


def test_no_more_times_are_kept_than_can_count():
    record = guesses(*range(25))
    assert len(record.guesses) == 20
    assert record.guesses[0] == START + timedelta(days=5)


def test_each_event_is_a_version_at_its_time():
    record = guesses(1, 2)
    assert (record.version, record.changed_at) == (3, START + timedelta(days=2))
    assert (record.office, record.due) == (None, None)


@pytest.mark.parametrize("kind", r.EVENTS)
def test_a_journal_begins_with_the_opening_and_has_only_one(kind: type[Any]):
    fields = {"at": START, "application_id": CASE, "identity_id": IDENTITY, "resident_id": NUMBER}
    names = kind.__attrs_attrs__
    happened = kind(**{f.name: fields[f.name] for f in names})
    record = None if kind is not r.ResidentOpened else after()
    with pytest.raises(StoreError) as caught:
        r.LAW.evolve(record, happened)
    assert caught.value.code == "journal.transition"


def test_an_event_of_something_else_is_refused():
    with pytest.raises(StoreError):
        r.LAW.evolve(after(), Withdrawn(at=START, reason="resident"))

"""The house: what an operator says of the clock is kept, and decided as anything else is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ikd import commands as do
from ikd import events
from ikd.core.decide import KINDS, decide
from ikd.core.errors import RefusedError
from ikd.core.house.decisions import load
from ikd.core.house.house import HOUSE_ID, House
from ikd.core.ids import RecordId
from ikd.core.records.actor import Actor
from ikd.core.records.context import Evidence
from ikd.core.records.kind import Around
from model import acts
from model.cases import Case


def accepting(case: Case, actor: Actor, subject=None):
    command = do.AcceptClock(office=case.office.id, reason="the battery was changed")
    around = Around(standard=case.office, subject=subject)
    ahead = (case.now, case.now + timedelta(days=400))
    context = case.context(actor, Evidence(ahead=ahead))
    return decide(KINDS.asked(command), around, command, context)


def test_an_operator_opens_the_house_by_accepting_the_clock(payakumbuh: Case):
    (change,) = accepting(payakumbuh, acts.operator(payakumbuh)).changes
    opened, accepted = change.events
    assert isinstance(accepted, events.ClockAccepted)
    assert (accepted.upto, accepted.officer) == (payakumbuh.now, "op-1")
    assert change.expected_version == 0
    assert opened.at == payakumbuh.now


def test_a_house_that_stands_is_opened_no_second_time(payakumbuh: Case):
    (first,) = accepting(payakumbuh, acts.operator(payakumbuh)).changes
    (again,) = accepting(payakumbuh, acts.operator(payakumbuh), first.record).changes
    assert [type(one) for one in again.events] == [events.ClockAccepted]
    assert KINDS.replay("house", (*first.events, *again.events)) == again.record


@pytest.mark.parametrize("actor", [acts.RESIDENT, acts.MINISTRY, acts.SYSTEM])
def test_nobody_but_an_operator_accepts_a_clock(payakumbuh: Case, actor: Actor):
    with pytest.raises(RefusedError, match=r"actor\.not_permitted"):
        accepting(payakumbuh, actor)


def closing(case: Case, owed_by: tuple[str, RecordId] | None, actor: Actor | None = None):
    command = do.CloseUndelivered(office=case.office.id, message_id="a" * 32, reason="by letter")
    context = case.context(actor or acts.operator(case), Evidence(undelivered=owed_by))
    return decide(KINDS.asked(command), Around(standard=case.office), command, context)


def test_a_message_that_reached_nobody_is_closed_with_how_its_resident_was_told(payakumbuh: Case):
    number = RecordId("b" * 32)
    decision = closing(payakumbuh, ("application", number))
    *_, closed = decision.changes[0].events
    assert isinstance(closed, events.UndeliveredClosed)
    assert (closed.kind, closed.record_id, closed.reason) == ("application", number, "by letter")
    assert decision.voids == (closed.message_id,)


def test_what_was_delivered_or_is_another_offices_is_not_closed(payakumbuh: Case):
    with pytest.raises(RefusedError, match=r"message\.not_undelivered"):
        closing(payakumbuh, None)


def test_the_house_is_loaded_with_the_office_that_is_named(payakumbuh: Case):
    class Shelves:
        def office(self, office_id):
            assert office_id == payakumbuh.office.id
            return payakumbuh.office

        def record(self, kind, record_id):
            return kind, record_id

    command = do.AcceptClock(office=payakumbuh.office.id, reason="the battery was changed")
    around = load(Shelves(), command)  # type: ignore[arg-type]
    assert around.standard is payakumbuh.office
    assert around.subject == (House, HOUSE_ID)


def test_what_a_wrong_clock_wrote_does_not_tell_the_time_and_all_else_does(payakumbuh: Case):
    (change,) = accepting(payakumbuh, acts.operator(payakumbuh)).changes
    assert isinstance(change.record, House)
    assert not change.record.is_believed(payakumbuh.now + timedelta(days=30))
    assert change.record.is_believed(payakumbuh.now - timedelta(days=1))


def test_the_system_notes_until_when_nothing_is_swept(payakumbuh: Case):
    until = payakumbuh.now + timedelta(minutes=10)
    command = do.NoteCalm(office=payakumbuh.office.id, until=until)
    around = Around(standard=payakumbuh.office)
    decided = decide(
        KINDS.asked(command), around, command, payakumbuh.context(acts.SYSTEM, Evidence())
    )
    (change,) = decided.changes
    assert isinstance(change.record, House)
    assert change.record.calm_until == until

"""A frozen record is used again, or counts as gone, once two officers of its office agree."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from ikd import commands as do
from ikd import events
from ikd.core import structure
from ikd.core.decide import KINDS, THE_HOUSE, decide
from ikd.core.errors import RefusedError
from ikd.core.house.house import FrozenRecord, House
from ikd.core.ids import RecordId
from ikd.core.records.actor import Actor
from ikd.core.records.context import Evidence
from ikd.core.records.decision import Decision, Frozen, Retold
from ikd.core.records.kind import Around, Held
from model import acts
from model.cases import Case

NUMBER, OTHER = RecordId("a" * 32), RecordId("b" * 32)
SECOND = "op-2"


def asked(case: Case, command: Any, actor: Actor, house: House | None, **known: Any) -> Decision:
    around = Around(standard=case.office, subject=house)
    context = case.context(actor, Evidence(**known))
    return decide(KINDS.asked(command), around, command, context)


def house_of(decision: Decision) -> House:
    record = decision.changes[0].record
    assert isinstance(record, House)
    return record


def freezing(case: Case, house: House | None = None, number: RecordId = NUMBER, **other: Any):
    known = {"office": case.office.id, "whose": case.office.id, **other}
    command = do.FreezeRecord(kind="identity", record_id=number, **known)
    return asked(case, command, acts.SYSTEM, house)


def frozen(case: Case, **other: Any) -> House:
    """The house with two frozen records."""
    return house_of(freezing(case, house_of(freezing(case, number=OTHER)), **other))


def second(case: Case, **other: Any) -> Actor:
    return Actor.operator(SECOND, **{"office": case.office.id, **other})


def told_again(case: Case) -> Retold:
    """What the journal of the record tells; which record it is doesn't matter to the house."""
    return Retold(record=frozen(case), head=bytes(32))


def making(case: Case, actor: Actor, house: House | None, **known: Any) -> Decision:
    command = do.MakeAnew(
        office=case.office.id,
        kind="identity",
        record_id=NUMBER,
        version=1,
        head=bytes(32),
        reason="a disk was changed",
    )
    return asked(case, command, actor, house, **{"retold": told_again(case), **known})


def closing(case: Case, actor: Actor, house: House | None) -> Decision:
    command = do.CloseDamaged(
        office=case.office.id, kind="identity", record_id=NUMBER, reason="told at the counter"
    )
    return asked(case, command, actor, house)


BOTH = pytest.mark.parametrize("act", [making, closing])


def test_the_system_freezes_a_record_and_says_so_to_the_store(payakumbuh: Case):
    decision = freezing(payakumbuh)
    new = Frozen(kind="identity", id=NUMBER, at=payakumbuh.now, reason="changed")
    assert decision.freezes == (new,)
    known = house_of(decision).frozen_record("identity", NUMBER)
    office = payakumbuh.office.id
    assert known == FrozenRecord(kind="identity", id=NUMBER, office=office, at=payakumbuh.now)


def test_a_record_that_is_not_frozen_is_not_found_among_those_that_are(payakumbuh: Case):
    house = house_of(freezing(payakumbuh))
    assert house.frozen_record("identity", OTHER) is None
    assert house.frozen_record("application", NUMBER) is None


def test_a_record_that_is_frozen_again_is_frozen_once(payakumbuh: Case):
    again = house_of(freezing(payakumbuh, frozen(payakumbuh)))
    assert [one.id for one in again.frozen] == [OTHER, NUMBER]


def test_an_audit_expects_what_the_house_says_is_frozen(payakumbuh: Case):
    assert THE_HOUSE.holds is not None
    held = THE_HOUSE.holds(structure.unstructure(frozen(payakumbuh)))
    assert held == Held(frozen=(("identity", OTHER), ("identity", NUMBER)))


def test_every_command_on_the_house_addresses_the_one_house(payakumbuh: Case):
    command = do.NoteCalm(office=payakumbuh.office.id, until=payakumbuh.now)
    assert THE_HOUSE.addressed(command) == frozen(payakumbuh).id


def test_the_first_officer_only_asks_that_a_record_be_made_anew(payakumbuh: Case):
    decision = making(payakumbuh, acts.operator(payakumbuh), frozen(payakumbuh))
    (happened,) = decision.changes[0].events
    assert happened == events.MakingAnewAsked(
        at=payakumbuh.now,
        kind="identity",
        record_id=NUMBER,
        reason="a disk was changed",
        officer="op-1",
    )
    assert (decision.retold, decision.thaws) == ((), ())


def test_a_second_officer_makes_the_record_anew_and_it_is_frozen_no_more(payakumbuh: Case):
    house = house_of(making(payakumbuh, acts.operator(payakumbuh), frozen(payakumbuh)))
    decision = making(payakumbuh, second(payakumbuh), house)
    assert [type(one) for one in decision.changes[0].events] == [events.RecordMadeAnew]
    assert decision.retold == (told_again(payakumbuh),)
    assert decision.thaws == (("identity", NUMBER),)
    assert [one.id for one in house_of(decision).frozen] == [OTHER]


def test_nothing_is_made_anew_from_a_journal_that_is_not_whole(payakumbuh: Case):
    with pytest.raises(RefusedError, match=r"record\.journal_differs"):
        making(payakumbuh, acts.operator(payakumbuh), frozen(payakumbuh), retold=None)


def test_the_first_officer_only_asks_that_a_record_be_closed(payakumbuh: Case):
    decision = closing(payakumbuh, acts.operator(payakumbuh), frozen(payakumbuh))
    assert [type(one) for one in decision.changes[0].events] == [events.ClosingAsked]
    assert decision.closes == ()
    known = house_of(decision).frozen_record("identity", NUMBER)
    assert known is not None
    assert (known.asked_by, known.to_close, known.closed) == ("op-1", True, False)


def test_a_second_officer_closes_the_record_and_it_stays_frozen(payakumbuh: Case):
    house = house_of(closing(payakumbuh, acts.operator(payakumbuh), frozen(payakumbuh)))
    decision = closing(payakumbuh, second(payakumbuh), house)
    (happened,) = decision.changes[0].events
    assert isinstance(happened, events.RecordClosed)
    assert (happened.reason, happened.officer) == ("told at the counter", SECOND)
    assert decision.closes == (("identity", NUMBER),)
    assert [(one.id, one.closed) for one in house_of(decision).frozen] == [
        (OTHER, False),
        (NUMBER, True),
    ]


@BOTH
def test_the_officer_who_asked_cannot_be_the_second_one_too(payakumbuh: Case, act: Any):
    first = acts.operator(payakumbuh)
    house = house_of(act(payakumbuh, first, frozen(payakumbuh)))
    with pytest.raises(RefusedError, match=r"record\.second_person"):
        act(payakumbuh, first, house)


def test_who_agrees_to_something_else_than_was_asked_asks_anew(payakumbuh: Case):
    house = house_of(making(payakumbuh, acts.operator(payakumbuh), frozen(payakumbuh)))
    decision = closing(payakumbuh, second(payakumbuh), house)
    assert [type(one) for one in decision.changes[0].events] == [events.ClosingAsked]
    assert decision.closes == ()


@BOTH
def test_what_is_not_frozen_is_neither_made_anew_nor_closed(payakumbuh: Case, act: Any):
    for house in (None, house_of(freezing(payakumbuh, number=OTHER))):
        with pytest.raises(RefusedError, match=r"record\.not_frozen"):
            act(payakumbuh, acts.operator(payakumbuh), house)


@BOTH
def test_what_was_closed_stays_closed(payakumbuh: Case, act: Any):
    house = frozen(payakumbuh)
    closed = tuple(attrs.evolve(one, closed=True) for one in house.frozen)
    with pytest.raises(RefusedError, match=r"record\.not_frozen"):
        act(payakumbuh, acts.operator(payakumbuh), attrs.evolve(house, frozen=closed))


@BOTH
def test_an_operator_touches_no_frozen_record_of_another_office(payakumbuh: Case, act: Any):
    with pytest.raises(RefusedError, match=r"actor\.other_office"):
        act(payakumbuh, acts.operator(payakumbuh), frozen(payakumbuh, whose="elsewhere"))


@BOTH
def test_the_ministry_may_ask_for_a_record_of_no_office(payakumbuh: Case, act: Any):
    decision = act(payakumbuh, acts.MINISTRY, frozen(payakumbuh, whose=None))
    known = house_of(decision).frozen_record("identity", NUMBER)
    assert known is not None
    assert known.asked_by == acts.MINISTRY.id


def test_the_journal_of_the_house_tells_it_again(payakumbuh: Case):
    first = freezing(payakumbuh)
    steps = [first, making(payakumbuh, acts.operator(payakumbuh), house_of(first))]
    steps.append(making(payakumbuh, second(payakumbuh), house_of(steps[-1])))
    steps.append(freezing(payakumbuh, house_of(steps[-1])))
    steps.append(closing(payakumbuh, acts.operator(payakumbuh), house_of(steps[-1])))
    steps.append(closing(payakumbuh, second(payakumbuh), house_of(steps[-1])))
    happened = [one for step in steps for one in step.changes[0].events]
    assert KINDS.replay("house", happened) == house_of(steps[-1])

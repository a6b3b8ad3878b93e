"""A law is all that changes a record: its table says what may follow, its changes what it does."""

from __future__ import annotations

import enum
from datetime import timedelta
from typing import ClassVar

import attrs
import pytest

from ikd.core.decide import KINDS
from ikd.core.errors import StoreError
from ikd.core.ids import RecordId
from ikd.core.records.event import Event
from ikd.core.records.kind import AnyKind
from ikd.core.records.law import Law
from ikd.core.records.record import Known, Record
from model.cases import START

LATER = START + timedelta(hours=1)


class Lamp(enum.Enum):
    """Whether it is lit."""

    LIT = "LIT"
    OUT = "OUT"


@attrs.frozen(kw_only=True)
class Hung(Event):
    """A lamp was hung up, and lit."""


@attrs.frozen(kw_only=True)
class Moved(Event):
    """It hangs elsewhere now."""

    place: str


@attrs.frozen(kw_only=True)
class Broke(Event):
    """It broke, for good."""


@attrs.frozen(kw_only=True)
class LampRecord(Record):
    """A lamp."""

    kind: ClassVar[str] = "lamp"
    status: Lamp
    place: str = "hall"


LAW = Law[LampRecord](
    transitions={
        (None, Hung): Lamp.LIT,
        (Lamp.LIT, Moved): Lamp.LIT,
        (Lamp.LIT, Broke): Lamp.OUT,
    },
    begin=lambda hung: LampRecord(
        id=RecordId("a" * 32), version=1, changed_at=hung.at, status=Lamp.LIT
    ),
    changes={Moved: lambda _lamp, moved: {"place": moved.place}, Broke: lambda _lamp, _broke: {}},
)
HUNG, MOVED, BROKE = Hung(at=START), Moved(at=LATER, place="stairs"), Broke(at=LATER)


def test_the_first_event_makes_the_record():
    made = LAW.evolve(None, HUNG)
    assert (made.version, made.changed_at, made.status, made.place) == (1, START, Lamp.LIT, "hall")


def test_each_further_one_is_a_version_at_its_time_and_changes_what_it_says():
    moved = LAW.evolve(LAW.evolve(None, HUNG), MOVED)
    assert (moved.version, moved.changed_at) == (2, LATER)
    assert (moved.status, moved.place) == (Lamp.LIT, "stairs")


def test_the_status_after_it_is_the_one_of_the_table():
    assert LAW.evolve(LAW.evolve(None, HUNG), BROKE).status is Lamp.OUT


@pytest.mark.parametrize(
    "journal", [(MOVED,), (BROKE,), (HUNG, HUNG), (HUNG, BROKE, MOVED), (HUNG, BROKE, BROKE)]
)
def test_what_the_table_lacks_cannot_happen(journal: tuple[Event, ...]):
    with pytest.raises(StoreError) as caught:
        LAW.replay(journal)
    assert caught.value.code == "journal.transition"
    assert type(journal[-1]).__name__ in str(caught.value)


def test_a_replay_folds_every_event_and_nothing_makes_nothing():
    assert LAW.replay(()) is None
    assert LAW.replay((HUNG, MOVED)) == LAW.evolve(LAW.evolve(None, HUNG), MOVED)


def test_a_record_without_a_status_office_or_end_of_its_own_says_so():
    plain = Record(id=RecordId("a" * 32), version=1, changed_at=START)
    assert (plain.status, plain.office, plain.due) == (Known.KNOWN, None, None)


@pytest.mark.parametrize("kind", KINDS.all, ids=lambda kind: kind.word)
def test_every_event_of_a_kind_is_in_its_table_and_its_effect_is_written_down(kind: AnyKind):
    tabled = {happened for _, happened in kind.law.transitions}
    first = {happened for status, happened in kind.law.transitions if status is None}
    assert tabled == set(kind.events)
    assert set(kind.law.changes) == set(kind.events) - first
    assert len(first) == 1

"""The record of the house, as its events have made it: one a store, under a fixed id."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import attrs

from ikd.core.ids import RecordId
from ikd.core.records.event import Event, event
from ikd.core.records.law import Changes, Law
from ikd.core.records.record import Known, Record

HOUSE_ID = RecordId(f"{1:032x}")


@event("house.opened/1")
@attrs.frozen(kw_only=True)
class HouseOpened(Event):
    """Something had to be noted of the whole store for the first time."""


@event("house.clock_accepted/1")
@attrs.frozen(kw_only=True)
class ClockAccepted(Event):
    """An operator says that the clock is right, whatever was written before.

    Attributes:
        upto: The time that was accepted; what was written later than that doesn't count as newest.
        reason: Why, in the operator's words.
        officer: Who.
        ahead: Times of the first and the newest change that lay ahead of it, if any did.
    """

    upto: datetime
    reason: str
    officer: str
    ahead: tuple[datetime, datetime] | None = None


@event("house.undelivered_closed/1")
@attrs.frozen(kw_only=True)
class UndeliveredClosed(Event):
    """An operator closed a message that reached nobody.

    Attributes:
        kind: Kind of the record that owed it.
        record_id: That record.
        message_id: The message.
        reason: How its resident was told, or why they can't be.
        officer: Who closed it.
    """

    kind: str
    record_id: RecordId
    message_id: RecordId
    reason: str
    officer: str


@event("house.calm_noted/1")
@attrs.frozen(kw_only=True)
class CalmNoted(Event):
    """The clock says that a day or more was missed: the sweep waits, should it be wrong.

    Attributes:
        until: Until when nothing is swept.
    """

    until: datetime


@event("house.record_frozen/1")
@attrs.frozen(kw_only=True)
class RecordFrozen(Event):
    """A record wasn't what was written; nothing uses it until two officers made it anew.

    Attributes:
        kind: Kind of the record.
        record_id: The record.
        office: The office of the record, as its journal tells it.
    """

    kind: str
    record_id: RecordId
    office: str | None = None


@event("house.making_anew_asked/1")
@attrs.frozen(kw_only=True)
class MakingAnewAsked(Event):
    """An officer asks that a frozen record be made anew from its journal; a second one has to.

    Attributes:
        kind: Kind of the record.
        record_id: The record.
        reason: Why, in the officer's words.
        officer: Who.
    """

    kind: str
    record_id: RecordId
    reason: str
    officer: str


@event("house.record_made_anew/1")
@attrs.frozen(kw_only=True)
class RecordMadeAnew(Event):
    """A second officer agreed: the record is again what its journal tells, and is used again.

    Attributes:
        kind: Kind of the record.
        record_id: The record.
        reason: Why, in the second officer's words.
        officer: Who.
    """

    kind: str
    record_id: RecordId
    reason: str
    officer: str


@event("house.closing_asked/1")
@attrs.frozen(kw_only=True)
class ClosingAsked(Event):
    """An officer asks that a frozen record be closed as damaged; a second one has to agree.

    Attributes:
        kind: Kind of the record.
        record_id: The record.
        reason: How the resident was told, or why they can't be, in the officer's words.
        officer: Who.
    """

    kind: str
    record_id: RecordId
    reason: str
    officer: str


@event("house.record_closed/1")
@attrs.frozen(kw_only=True)
class RecordClosed(Event):
    """A second officer agreed: the record counts as gone, and its resident may begin anew.

    Attributes:
        kind: Kind of the record.
        record_id: The record.
        reason: How the resident was told, in the second officer's words.
        officer: Who.
    """

    kind: str
    record_id: RecordId
    reason: str
    officer: str


EVENTS = (
    HouseOpened,
    ClockAccepted,
    UndeliveredClosed,
    CalmNoted,
    RecordFrozen,
    MakingAnewAsked,
    RecordMadeAnew,
    ClosingAsked,
    RecordClosed,
)


@attrs.frozen(kw_only=True)
class FrozenRecord:
    """A record that nothing uses.

    Attributes:
        kind: Its kind.
        id: The record.
        office: Its office, as its journal tells it.
        at: Since when.
        asked_by: The officer who asked that it be made anew, or be closed, if one did.
        to_close: Whether that was to close it.
        closed: Whether it counts as gone.
    """

    kind: str
    id: RecordId
    office: str | None
    at: datetime
    asked_by: str | None = None
    to_close: bool = False
    closed: bool = False


@attrs.frozen(kw_only=True)
class House(Record):
    """What is true of a whole store.

    Attributes:
        accepted: The clock's time that an operator accepted last, if one ever did.
        ahead: Spans of time, both ends included, in which a wrong clock wrote: what lies there
            doesn't tell the time.
        calm_until: Until when nothing was to be swept, as it was noted last.
        frozen: The records that nothing uses.
    """

    kind: ClassVar[str] = "house"
    accepted: datetime | None = None
    ahead: tuple[tuple[datetime, datetime], ...] = ()
    calm_until: datetime | None = None
    frozen: tuple[FrozenRecord, ...] = ()

    def frozen_record(self, kind: str, record_id: RecordId) -> FrozenRecord | None:
        """Return what is known of a frozen record, ``None`` for one that isn't frozen."""
        named = (one for one in self.frozen if (one.kind, one.id) == (kind, record_id))
        return next(named, None)

    def is_believed(self, at: datetime) -> bool:
        """Say whether a change of that time tells the time."""
        return not any(first <= at <= last for first, last in self.ahead)


def _accepted(house: House, happened: ClockAccepted) -> Changes:
    ahead = () if happened.ahead is None else (happened.ahead,)
    return {"accepted": happened.upto, "ahead": (*house.ahead, *ahead)}


def _others(house: House, kind: str, record_id: RecordId) -> tuple[FrozenRecord, ...]:
    return tuple(one for one in house.frozen if (one.kind, one.id) != (kind, record_id))


def _frozen(house: House, happened: RecordFrozen) -> Changes:
    new = FrozenRecord(
        kind=happened.kind, id=happened.record_id, office=happened.office, at=happened.at
    )
    return {"frozen": (*_others(house, happened.kind, happened.record_id), new)}


def _asked(house: House, happened: MakingAnewAsked | ClosingAsked) -> Changes:
    asked = house.frozen_record(happened.kind, happened.record_id)
    closing = isinstance(happened, ClosingAsked)
    more = (attrs.evolve(asked, asked_by=happened.officer, to_close=closing),) if asked else ()
    return {"frozen": (*_others(house, happened.kind, happened.record_id), *more)}


def _closed(house: House, happened: RecordClosed) -> Changes:
    asked = house.frozen_record(happened.kind, happened.record_id)
    more = (attrs.evolve(asked, closed=True),) if asked else ()
    return {"frozen": (*_others(house, happened.kind, happened.record_id), *more)}


LAW = Law[House](
    transitions={
        (None, HouseOpened): Known.KNOWN,
        (Known.KNOWN, ClockAccepted): Known.KNOWN,
        (Known.KNOWN, UndeliveredClosed): Known.KNOWN,
        (Known.KNOWN, CalmNoted): Known.KNOWN,
        (Known.KNOWN, RecordFrozen): Known.KNOWN,
        (Known.KNOWN, MakingAnewAsked): Known.KNOWN,
        (Known.KNOWN, RecordMadeAnew): Known.KNOWN,
        (Known.KNOWN, ClosingAsked): Known.KNOWN,
        (Known.KNOWN, RecordClosed): Known.KNOWN,
    },
    begin=lambda opened: House(id=HOUSE_ID, version=1, changed_at=opened.at),
    changes={
        ClockAccepted: _accepted,
        UndeliveredClosed: lambda _house, _closed: {},
        CalmNoted: lambda _house, noted: {"calm_until": noted.until},
        RecordFrozen: _frozen,
        MakingAnewAsked: _asked,
        ClosingAsked: _asked,
        RecordClosed: _closed,
        RecordMadeAnew: lambda house, made: {"frozen": _others(house, made.kind, made.record_id)},
    },
)

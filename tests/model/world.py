"""A case with everything around it that can fail: what is owed, and what reached the resident."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Self

import attrs

from ikd.core.activation.application import Application
from ikd.core.errors import InputError, RefusedError
from ikd.core.ids import RecordId
from ikd.core.records.actor import Actor
from ikd.core.records.context import Evidence
from ikd.core.records.decision import Decision
from ikd.core.records.declaration import Command
from ikd.core.records.notices import Notice
from ikd.core.records.phone_record import LivePin
from ikd.core.records.questions import Question
from model.cases import START, Case


class Lane(enum.Enum):
    """Where an owed thing waits, as the service names it."""

    PIN = "pin"
    MAIL = "mail"
    REGISTRY = "registry"


@attrs.frozen(kw_only=True)
class Item:
    """One thing owed.

    Attributes:
        id: Of the notice or question.
        lane: Where it waits.
        word: Template of the notice, or what is asked.
        subject: PIN that it carries, or the question itself.
        created: When it came to be owed.
        until: After this it must not be sent any more, if ever.
        done: ``waiting``, ``sent``, ``parked`` or ``undelivered``; what is void is dropped.
        attempts: Tries so far.
        failure: Code of the last failure, if any.
    """

    id: str
    lane: Lane
    word: str
    subject: str | None
    created: datetime
    until: datetime | None = None
    done: str = "waiting"
    attempts: int = 0
    failure: str | None = None


@attrs.define
class World:
    """One case, its outbox, and its resident.

    Attributes:
        case: The records, at the time that the service goes by.
        outbox: What is owed, or was sent at a case's end, oldest first.
        reached: PINs that the resident has read.
        mistyped: Whether the address that is on file is somebody else's.
        wall: The right time.
        ahead: By how much the service's clock is wrong.
    """

    case: Case
    outbox: tuple[Item, ...] = ()
    reached: frozenset[str] = frozenset()
    mistyped: bool = False
    wall: datetime = START
    ahead: timedelta = timedelta()

    def copy(self, **other: Any) -> Self:
        """Return a world that goes its own way from here."""
        return attrs.evolve(self, case=self.case.copy(), **other)

    @property
    def application(self) -> Application | None:
        """The one application, once there is one."""
        return next(iter(self.case.all("application")), None)

    def told_the_time(self) -> Self:
        """Let the service go by its clock, which never shows less than its newest record."""
        newest = [record.changed_at for record in self.case.records.values()]
        self.case.now = max(self.wall + self.ahead, *newest) if newest else self.wall + self.ahead
        return self

    def waiting(self, lane: Lane) -> Item | None:
        """Return what is next in *lane*."""
        return next((i for i in self.outbox if i.lane is lane and i.done == "waiting"), None)

    def settled(self, item: Item, **changes: Any) -> Self:
        """Return a world in which *item* has these *changes*."""
        after = attrs.evolve(item, **changes)
        return self.copy(outbox=tuple(after if i.id == item.id else i for i in self.outbox))

    def without(self, *items: Item) -> Self:
        """Return a world in which *items* are owed no more."""
        return self.copy(outbox=tuple(item for item in self.outbox if item not in items))

    def does(self, command: Command, actor: Actor, evidence: Evidence | None = None) -> Self | None:
        """Return the world after *command*, or ``None`` where it changes nothing."""
        try:
            shown = self.case.evidence(command) if evidence is None else evidence
            shown = attrs.evolve(shown, pin_waits=self._pin_waits())
            decision = self.case.decide(command, actor, shown)
        except (RefusedError, InputError):
            return None
        if not any(change.events for change in decision.changes):
            return None
        after = self.copy()
        after.case.keep(decision)
        after.case.owed = ()
        after.outbox = (*_left(self.outbox, decision), *_owed(decision, self.case.now))
        return after.told_the_time()

    def _pin_waits(self) -> bool:
        """Say whether the PIN that counts hasn't left yet."""
        waiting = {item.subject for item in self.outbox if item.done in ("waiting", "parked")}
        return live_pin(self) in waiting


def _left(outbox: Iterable[Item], decision: Decision) -> Iterator[Item]:
    """Return what of *outbox* the *decision* doesn't void, and note what reached nobody."""
    reached_nobody = {unsent.named: unsent.code for unsent in decision.unsent}
    for item in outbox:
        code = reached_nobody.get(RecordId(item.subject or item.id))
        if item.subject in decision.voids and item.done != "sent":
            continue
        yield item if code is None else attrs.evolve(item, done="undelivered", failure=code)


def _owed(decision: Decision, now: datetime) -> tuple[Item, ...]:
    return (*map(_item(now), decision.notices), *map(_item(now), decision.questions))


def _item(now: datetime) -> Any:
    def made(owed: Notice | Question) -> Item:
        if isinstance(owed, Question):
            word, lane = owed.kind.value, Lane.REGISTRY
            return Item(id=owed.id, lane=lane, word=word, subject=owed.id, created=now)
        lane = Lane.MAIL if owed.pin_id is None else Lane.PIN
        return Item(
            id=owed.id,
            lane=lane,
            word=owed.template,
            subject=owed.pin_id,
            created=now,
            until=owed.until,
        )

    return made


def _live(world: World) -> LivePin | None:
    records = (*world.case.all("application"), *world.case.all("identity"))
    return next((record.pin for record in records if record.pin is not None), None)


def live_pin(world: World) -> str | None:
    """Return the PIN that counts now, of the application or of the identity."""
    pin = _live(world)
    return pin and pin.id


def medium_of(world: World) -> str | None:
    """Return the medium that was asked for, for the PIN that counts now."""
    pin = _live(world)
    return pin and pin.medium

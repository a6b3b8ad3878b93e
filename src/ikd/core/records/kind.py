"""A kind of record as one thing: whoever handles records asks it, and tests no word or class."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

import attrs

from ikd.core.errors import InputError
from ikd.core.ids import RecordId
from ikd.core.records.actor import Role
from ikd.core.records.context import Context
from ikd.core.records.decision import Plan
from ikd.core.records.declaration import Command
from ikd.core.records.event import Event, by_name
from ikd.core.records.law import Law
from ikd.core.records.phone_record import PhoneRecord
from ikd.core.records.questions import Answer
from ikd.core.records.record import Record
from ikd.core.records.resident import Resident
from ikd.core.records.waits import Waits
from ikd.core.resident.nik import Nik
from ikd.core.standard.calendar import DaysOff, no_days_off
from ikd.core.standard.deadlines import Deadline, Pause
from ikd.core.standard.office import Office

R = TypeVar("R", bound=Record)
READERS = frozenset({Role.RESIDENT, Role.OPERATOR, Role.MINISTRY, Role.SYSTEM})
HOUSE = frozenset({Role.MINISTRY, Role.SYSTEM})
"""Whom everything is shown to, whichever office it belongs to."""
Plain = dict[str, Any]


class Find(Protocol):
    """What a kind loads by. Whatever is found is compared again at the commit."""

    def record(self, kind: type[R], record_id: RecordId | None) -> R | None:
        """Return a record, or ``None``."""

    def known(self, kind: type[R], record_id: RecordId) -> R:
        """Return a record that another one names."""

    def resident_of(self, nik: Nik) -> Resident | None:
        """Return the resident of *nik*, if it was met before."""

    def office(self, office_id: str) -> Office:
        """Return an office as its standard is now."""

    def standard(self, digest: str) -> Office:
        """Return a pinned version of a standard."""


@attrs.frozen(kw_only=True)
class Around:
    """What was loaded for one command; a kind adds what else it needs.

    Attributes:
        standard: The standard that rules.
        subject: The record addressed; ``None`` before it is made.
        phone: The record whose phone proves, pairs and guesses, if any.
        resident: The resident concerned, if known.
    """

    standard: Office
    subject: Record | None = None
    phone: PhoneRecord | None = None
    resident: Resident | None = None


@attrs.frozen(kw_only=True)
class Columns:
    """What a row shows of its record, to be searched by.

    Attributes:
        status: The status as a word.
        office: The office it belongs to.
        due: When time alone changes it.
        waits: Role that moves next.
        desk: Office at which it waits.
        since: Since when.
        limit_at: The earliest published limit, without pauses.
    """

    status: str
    office: str | None
    due: datetime | None
    waits: str | None = None
    desk: str | None = None
    since: datetime | None = None
    limit_at: datetime | None = None


@attrs.frozen(kw_only=True)
class Rulebook:
    """What a row's columns are worked out by, beside its record.

    Attributes:
        standard: Returns a pinned version of a standard by its digest.
        days_off: Tells the nation's holidays.
    """

    standard: Callable[[str], Office]
    days_off: DaysOff = no_days_off


def columns_of(
    record: Record, waits: Waits | None = None, limit_at: datetime | None = None
) -> Columns:
    """Return the columns of a record, and who is waited for if anybody is."""
    shown = Columns(status=record.status.value, office=record.office, due=record.due)
    if waits is None or waits.role is None:
        return shown
    role, desk, since = waits.role.value, waits.desk, waits.since
    return attrs.evolve(shown, waits=role, desk=desk, since=since, limit_at=limit_at)


def _plain_columns(record: Record, _rules: Rulebook) -> Columns:
    return columns_of(record)


@attrs.frozen(kw_only=True)
class Owner:
    """Under whose name fields are sealed: the kind and id of the record whose data key it is.

    Attributes:
        kind: Kind of that record.
        id: That record.
    """

    kind: str
    id: RecordId


@attrs.frozen(kw_only=True)
class Held:
    """What stands elsewhere because a record says so; an audit looks whether it does.

    Attributes:
        claims: Space, key and owner of each claim; ``None`` for a key that the record doesn't
            know, where one or more of that owner must stand.
        secrets: The kind of each secret, by its id.
        standards: Digests of pinned standards.
        frozen: Kind and id of records that nothing uses.
    """

    claims: tuple[tuple[str, bytes | None, str], ...] = ()
    secrets: Mapping[str, str] = attrs.field(factory=dict, repr=False)
    standards: tuple[str, ...] = ()
    frozen: tuple[tuple[str, str], ...] = ()


@attrs.frozen(kw_only=True)
class Kind(Generic[R]):
    """One kind of record.

    Attributes:
        record: Class of its records; its ``kind`` is the word.
        events: Everything that can happen to one.
        law: What may happen when, and what it changes.
        commands: Everything that may be asked of one.
        load: Loads what a command concerns.
        decide: Decides a command.
        addressed: Which record a command addresses; ``None`` for one that is still to be made.
        time_passes: The command by which time passes for a record, if it ever does.
        answered: The command by which the registry answers a question of a record, if it asks.
        undelivered: The command by which a record hears that a PIN of it reached nobody (which
            record, which PIN, what went wrong), if it sends any.
        readers: Roles that its records may be shown to.
        fields_of: Whose data key seals its fields.
        columns: What its row shows.
        waits: Who moves a record next by the standard that rules it, at some moment.
        limits: What is left of the limits that its office published, with pauses laid over.
        holds: What stands elsewhere because of a record, told from its plain state; an audit
            judges no secrets of a kind that doesn't tell.
        form: Number of the form that its state is written in.
        older: Turns the plain state of each older form into that of the next.
    """

    record: type[R]
    events: tuple[type[Event], ...]
    law: Law[R]
    commands: tuple[type[Command], ...] = ()
    load: Callable[[Find, Any], Around] | None = None
    decide: Callable[[Plan, Any, Context, Any], None] | None = None
    addressed: Callable[[Any], RecordId | None] = lambda _: None
    time_passes: Callable[[RecordId], Command] | None = None
    answered: Callable[[RecordId, Answer], Command] | None = None
    undelivered: Callable[[RecordId, RecordId, str], Command] | None = None
    readers: AbstractSet[Role] = READERS
    fields_of: Callable[[R], Owner] = lambda record: Owner(kind=record.kind, id=record.id)
    columns: Callable[[R, Rulebook], Columns] = _plain_columns
    waits: Callable[[R, Office, datetime], Waits] | None = None
    limits: Callable[[R, Office, datetime, Sequence[Pause], DaysOff], tuple[Deadline, ...]] = (
        lambda *_: ()
    )
    holds: Callable[[Plain], Held] | None = None
    form: int = 1
    older: Mapping[int, Callable[[Plain], Plain]] = attrs.field(factory=dict)

    @property
    def word(self) -> str:
        """What it is called."""
        return self.record.kind

    @property
    def statuses(self) -> tuple[str, ...]:
        """Every status that one of its records can have, as words."""
        return tuple(dict.fromkeys(after.value for after in self.law.transitions.values()))


AnyKind = Kind[Any]


class Kinds:
    """Every kind of record that a service knows.

    Attributes:
        all: The kinds.
        acts: Every command there is, by the word for it.
        events: Every event there is, by its journal name.
    """

    def __init__(self, kinds: Iterable[AnyKind]) -> None:
        self.all = tuple(kinds)
        asked = [(command, kind) for kind in self.all for command in kind.commands]
        self._by_word = {kind.word: kind for kind in self.all}
        self._by_command = dict(asked)
        self.acts = {command.act(): command for command, _ in asked}
        if len(self._by_word) < len(self.all) or len(self.acts) < len(asked):
            raise InputError("kinds.twice", "two kinds share a word or a command")
        self.events = by_name(event for kind in self.all for event in kind.events)

    def __iter__(self) -> Iterator[AnyKind]:
        return iter(self.all)

    def named(self, word: str) -> AnyKind:
        """Return the kind called *word*.

        Raises:
            InputError: There is none (``record.kind``).
        """
        if type(word) is not str or word not in self._by_word:
            raise InputError("record.kind", f"one of {', '.join(self._by_word)}")
        return self._by_word[word]

    def asked(self, command: Command) -> AnyKind:
        """Return the kind that *command* is asked of.

        Raises:
            InputError: There is none (``command.unknown``).
        """
        kind = self._by_command.get(type(command))
        if kind is None:
            raise InputError("command.unknown", f"{type(command).__name__} is no command")
        return kind

    def replay(self, word: str, events: Iterable[Event]) -> Record | None:
        """Return the record of the kind called *word* that *events* make, or ``None``."""
        record: Record | None = self.named(word).law.replay(events)
        return record

    def and_further(self, kinds: Iterable[AnyKind]) -> Kinds:
        """Return these and *kinds*."""
        return Kinds((*self.all, *kinds))

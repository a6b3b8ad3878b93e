"""What may be asked of the house."""

from __future__ import annotations

from datetime import datetime

import attrs

from ikd.core.activation.commands import SHORT_TEXT
from ikd.core.ids import RecordId, parse_id
from ikd.core.records.actor import Role
from ikd.core.records.declaration import Command, Declared, Need
from ikd.core.timing import aware
from ikd.core.validators import valid, whole


@Declared(by={Role.OPERATOR}, needs={Need.AHEAD}, wall=True)
@attrs.frozen(kw_only=True)
class AcceptClock(Command):
    """Say that the clock is right, though it is far ahead of the newest change, or behind it.

    Leads to: ``HouseOpened`` the first time, ``ClockAccepted``.

    Attributes:
        office: The operator's office.
        reason: Why, in one line.
    """

    office: str = attrs.field(validator=SHORT_TEXT)
    reason: str = attrs.field(validator=SHORT_TEXT)


@Declared(by={Role.OPERATOR}, needs={Need.MESSAGE})
@attrs.frozen(kw_only=True)
class CloseUndelivered(Command):
    """Close a message that reached nobody: the resident was told otherwise, or can't be.

    A PIN that reached nobody isn't closed: another one is sent, or the visit made anew.

    Leads to: ``HouseOpened`` the first time, ``UndeliveredClosed``.

    Attributes:
        office: The operator's office, and that of the case.
        message_id: The message, as ``Waiting.messages`` names it.
        reason: How the resident was told, or why they can't be, in one line.
    """

    office: str = attrs.field(validator=SHORT_TEXT)
    message_id: RecordId = attrs.field(converter=parse_id)
    reason: str = attrs.field(validator=SHORT_TEXT)


@Declared(by={Role.SYSTEM})
@attrs.frozen(kw_only=True)
class NoteCalm(Command):
    """Note that nothing is swept for a while, since the clock says that a day or more was missed.

    Leads to: ``HouseOpened`` the first time, ``CalmNoted``.

    Attributes:
        office: One that is served.
        until: Until when nothing is swept, by whichever process.
    """

    office: str = attrs.field(validator=SHORT_TEXT)
    until: datetime = attrs.field(converter=aware)


@Declared(by={Role.SYSTEM})
@attrs.frozen(kw_only=True)
class FreezeRecord(Command):
    """Note that a record isn't what was written: nothing uses it from now on.

    Leads to: ``HouseOpened`` the first time, ``RecordFrozen``.

    Attributes:
        office: One that is served.
        kind: Kind of the record.
        record_id: The record.
        whose: The office of the record, as its journal tells it; nothing where that can't be
            believed either.
    """

    office: str = attrs.field(validator=SHORT_TEXT)
    kind: str = attrs.field(validator=SHORT_TEXT)
    record_id: RecordId = attrs.field(converter=parse_id)
    whose: str | None = attrs.field(default=None, validator=SHORT_TEXT)


@Declared(by={Role.OPERATOR, Role.MINISTRY}, needs={Need.JOURNAL})
@attrs.frozen(kw_only=True)
class MakeAnew(Command):
    """Make a frozen record anew from its journal, which must agree with a checkpoint.

    The first officer asks, a second one does it.

    Leads to: ``MakingAnewAsked``, or ``RecordMadeAnew`` if another officer asked before.

    Attributes:
        office: The office of the record; an operator's own. One that belongs to none is the
            ministry's.
        kind: Kind of the record.
        record_id: The record.
        version: How many events it has by the checkpoint.
        head: Hash of the last of them, 32 bytes.
        reason: What was found out, in one line.
    """

    office: str = attrs.field(validator=SHORT_TEXT)
    kind: str = attrs.field(validator=SHORT_TEXT)
    record_id: RecordId = attrs.field(converter=parse_id)
    version: int = attrs.field(validator=whole("command", 1, 1_000_000))
    head: bytes = attrs.field(
        validator=valid("command", "32 bytes", lambda one: type(one) is bytes and len(one) == 32)
    )
    reason: str = attrs.field(validator=SHORT_TEXT)


@Declared(by={Role.OPERATOR, Role.MINISTRY})
@attrs.frozen(kw_only=True)
class CloseDamaged(Command):
    """Close a frozen record that can't be made anew: its resident was told, and begins anew.

    The first officer asks, a second one does it. The record counts as gone from then on; a
    credential of it stays suspended.

    Leads to: ``ClosingAsked``, or ``RecordClosed`` if another officer asked before.

    Attributes:
        office: The office of the record; an operator's own. One that belongs to none is the
            ministry's.
        kind: Kind of the record.
        record_id: The record.
        reason: How the resident was told, or why they can't be, in one line.
    """

    office: str = attrs.field(validator=SHORT_TEXT)
    kind: str = attrs.field(validator=SHORT_TEXT)
    record_id: RecordId = attrs.field(converter=parse_id)
    reason: str = attrs.field(validator=SHORT_TEXT)


COMMANDS = (
    AcceptClock,
    CloseUndelivered,
    NoteCalm,
    FreezeRecord,
    MakeAnew,
    CloseDamaged,
)

"""What may be asked of the house."""

from __future__ import annotations

from datetime import datetime

import attrs

from ikd.core.activation.commands import SHORT_TEXT
from ikd.core.ids import RecordId, parse_id
from ikd.core.records.actor import Role
from ikd.core.records.declaration import Command, Declared, Need
from ikd.core.timing import aware


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


COMMANDS = (AcceptClock, CloseUndelivered, NoteCalm)

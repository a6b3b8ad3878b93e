"""What may be asked of the house."""

from __future__ import annotations

import attrs

from ikd.core.activation.commands import SHORT_TEXT
from ikd.core.records.actor import Role
from ikd.core.records.declaration import Command, Declared, Need


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


COMMANDS = (AcceptClock,)

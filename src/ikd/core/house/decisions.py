"""Every command's decision on the house."""

from __future__ import annotations

from ikd.core.errors import RefusedError
from ikd.core.house import house as e
from ikd.core.house.commands import AcceptClock, CloseUndelivered, NoteCalm
from ikd.core.house.house import HOUSE_ID, LAW, House
from ikd.core.records.context import Context
from ikd.core.records.decision import Effects, Plan
from ikd.core.records.event import Event
from ikd.core.records.kind import Around, Find
from ikd.core.records.permission import check_permission

HouseCommand = AcceptClock | CloseUndelivered | NoteCalm


def load(find: Find, command: HouseCommand) -> Around:
    """Return what *command* concerns: the house, if it was ever opened."""
    return Around(standard=find.office(command.office), subject=find.record(House, HOUSE_ID))


def decide(plan: Plan, command: HouseCommand, context: Context, around: Around) -> None:
    """Decide *command* into *plan*.

    Raises:
        RefusedError: Not allowed; nothing changes.
    """
    check_permission(context, command, command.office)
    match command:
        case AcceptClock():
            happened: Event = _accepted(command, context)
        case CloseUndelivered():
            happened = _closed(plan, command, context)
        case NoteCalm():
            happened = e.CalmNoted(at=context.now, until=command.until)
    known = around.subject if isinstance(around.subject, House) else None
    house = known or plan.happen(LAW, None, e.HouseOpened(at=context.now))
    plan.happen(LAW, house, happened)


def _accepted(command: AcceptClock, context: Context) -> e.ClockAccepted:
    return e.ClockAccepted(
        at=context.now,
        upto=context.now,
        reason=command.reason,
        officer=context.actor.id,
        ahead=context.evidence.ahead,
    )


def _closed(plan: Plan, command: CloseUndelivered, context: Context) -> e.UndeliveredClosed:
    owed_by = context.evidence.undelivered
    if owed_by is None:
        words = "no message of this office under that id reached nobody"
        raise RefusedError("message.not_undelivered", words)
    plan.add(Effects(voids=(command.message_id,)))
    return e.UndeliveredClosed(
        at=context.now,
        kind=owed_by[0],
        record_id=owed_by[1],
        message_id=command.message_id,
        reason=command.reason,
        officer=context.actor.id,
    )

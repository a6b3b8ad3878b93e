"""Every command's decision on the house."""

from __future__ import annotations

from ikd.core.errors import RefusedError
from ikd.core.house import house as e
from ikd.core.house.commands import (
    AcceptClock,
    CloseDamaged,
    CloseUndelivered,
    FreezeRecord,
    MakeAnew,
    NoteCalm,
)
from ikd.core.house.house import HOUSE_ID, LAW, House
from ikd.core.records.actor import Role
from ikd.core.records.context import Context
from ikd.core.records.decision import Effects, Frozen, Plan
from ikd.core.records.event import Event
from ikd.core.records.kind import Around, Find
from ikd.core.records.permission import check_permission

HouseCommand = AcceptClock | CloseUndelivered | NoteCalm | FreezeRecord | MakeAnew | CloseDamaged


def load(find: Find, command: HouseCommand) -> Around:
    """Return what *command* concerns: the house, if it was ever opened."""
    return Around(standard=find.office(command.office), subject=find.record(House, HOUSE_ID))


def decide(plan: Plan, command: HouseCommand, context: Context, around: Around) -> None:
    """Decide *command* into *plan*.

    Raises:
        RefusedError: Not allowed; nothing changes.
    """
    check_permission(context, command, command.office)
    known = around.subject if isinstance(around.subject, House) else None
    match command:
        case AcceptClock():
            happened: Event = _accepted(command, context)
        case CloseUndelivered():
            happened = _closed(plan, command, context)
        case NoteCalm():
            happened = e.CalmNoted(at=context.now, until=command.until)
        case FreezeRecord():
            happened = _frozen(plan, command, context)
        case MakeAnew():
            happened = _anew(plan, command, context, known)
        case _:  # CloseDamaged, which alone is left
            happened = _closing(plan, command, context, known)
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


def _frozen(plan: Plan, command: FreezeRecord, context: Context) -> e.RecordFrozen:
    frozen = Frozen(kind=command.kind, id=command.record_id, at=context.now, reason="changed")
    plan.add(Effects(freezes=(frozen,)))
    return e.RecordFrozen(
        at=context.now, kind=command.kind, record_id=command.record_id, office=command.whose
    )


def _anew(
    plan: Plan, command: MakeAnew, context: Context, house: House | None
) -> e.MakingAnewAsked | e.RecordMadeAnew:
    """Let a first officer ask and a second one do it, from a journal that is whole."""
    second = _is_second(house, command, context, to_close=False)
    if context.evidence.retold is None:
        raise RefusedError("record.journal_differs", "its journal isn't that of the checkpoint")
    if second:
        plan.retold.append(context.evidence.retold)
        plan.add(Effects(thaws=((command.kind, command.record_id),)))
    happens = e.RecordMadeAnew if second else e.MakingAnewAsked
    return happens(
        at=context.now,
        kind=command.kind,
        record_id=command.record_id,
        reason=command.reason,
        officer=context.actor.id,
    )


def _closing(
    plan: Plan, command: CloseDamaged, context: Context, house: House | None
) -> e.ClosingAsked | e.RecordClosed:
    """Let a first officer ask and a second one do it."""
    second = _is_second(house, command, context, to_close=True)
    if second:
        plan.add(Effects(closes=((command.kind, command.record_id),)))
    happens = e.RecordClosed if second else e.ClosingAsked
    return happens(
        at=context.now,
        kind=command.kind,
        record_id=command.record_id,
        reason=command.reason,
        officer=context.actor.id,
    )


def _is_second(
    house: House | None, command: MakeAnew | CloseDamaged, context: Context, *, to_close: bool
) -> bool:
    """Say whether another officer asked the same before; the first one can't agree as well."""
    frozen = house and house.frozen_record(command.kind, command.record_id)
    if not frozen or frozen.closed:
        raise RefusedError("record.not_frozen", "no such record is frozen")
    if context.actor.role is Role.OPERATOR and frozen.office != command.office:
        raise RefusedError("actor.other_office", "the record belongs to another office")
    asked = frozen.asked_by if frozen.to_close is to_close else None
    if asked == context.actor.id:
        raise RefusedError("record.second_person", "another officer has to agree")
    return asked is not None

"""Every command's decision on the house."""

from __future__ import annotations

from ikd.core.house import house as e
from ikd.core.house.commands import AcceptClock
from ikd.core.house.house import HOUSE_ID, LAW, House
from ikd.core.records.context import Context
from ikd.core.records.decision import Plan
from ikd.core.records.kind import Around, Find
from ikd.core.records.permission import check_permission


def load(find: Find, command: AcceptClock) -> Around:
    """Return what *command* concerns: the house, if it was ever opened."""
    return Around(standard=find.office(command.office), subject=find.record(House, HOUSE_ID))


def decide(plan: Plan, command: AcceptClock, context: Context, around: Around) -> None:
    """Decide *command* into *plan*.

    Raises:
        RefusedError: Not allowed; nothing changes.
    """
    check_permission(context, command, command.office)
    known = around.subject if isinstance(around.subject, House) else None
    house = known or plan.happen(LAW, None, e.HouseOpened(at=context.now))
    accepted = e.ClockAccepted(
        at=context.now,
        upto=context.now,
        reason=command.reason,
        officer=context.actor.id,
        ahead=context.evidence.ahead,
    )
    plan.happen(LAW, house, accepted)

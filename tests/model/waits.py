"""Who moves next: what ``where`` names, and where it is seen."""

from __future__ import annotations

from ikd.core.activation.application import Application
from ikd.core.decide import APPLICATION
from ikd.core.records.kind import Rulebook
from ikd.core.records.waits import Waits
from model.world import Lane, World, live_pin


def where(world: World) -> Waits | None:
    """Return what core says of a live case, the sending of a PIN laid over as the service does."""
    application = world.application
    if application is None or not application.is_live or APPLICATION.waits is None:
        return None
    return APPLICATION.waits(application, world.case.office, world.case.now)


def role(world: World) -> str:
    """Return the role that a live case waits for; "" where it waits for nobody."""
    waits = where(world)
    if waits is None or waits.role is None:
        return ""
    pin = live_pin(world) if waits.missing == "pin" else None
    sending = [item.done for item in world.outbox if pin and item.subject == pin]
    return {"waiting": "system", "parked": "operator"}.get("".join(sending), waits.role.value)


def is_seen(world: World, by: str) -> bool:
    """Say whether the case stands where *by* looks: a lane, a list, or the app for its resident."""
    application = world.application
    assert application is not None
    if by == "system":
        return world.waiting(Lane.PIN) is not None
    if by == "registry" and application.questions:
        return world.waiting(Lane.REGISTRY) is not None
    return by == "resident" or _column(application, world) == by or _undelivered(world)


def _column(application: Application, world: World) -> str | None:
    rules = Rulebook(standard=lambda _digest: world.case.office)
    return APPLICATION.columns(application, rules).waits


def _undelivered(world: World) -> bool:
    return any(item.done in ("parked", "undelivered") for item in world.outbox)

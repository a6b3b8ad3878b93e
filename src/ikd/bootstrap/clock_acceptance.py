"""Accepting the clock of a store that no service opens because of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from ikd.adapters.system import WallClock
from ikd.bootstrap.service_opening import OfficeLike, open_service
from ikd.core.house.commands import AcceptClock
from ikd.core.records.actor import Actor
from ikd.plugins.offices import load_office


def accept_clock(
    store: str,
    *,
    office: OfficeLike,
    officer: str,
    reason: str,
    keys: str | Path | None = None,
    wall: Callable[[], datetime] | None = None,
) -> datetime:
    """Note that an operator says the clock is right; return the time that was accepted.

    Services that start from now on count nothing as newest that was written later than that.
    Those that run go by what was noted when they started.

    Args:
        store: URL of the store.
        office: The operator's office.
        officer: Who says so, as the journal names an operator.
        reason: Why, in one line.
        keys: Folder of the keys, if it isn't beside the store.
        wall: What tells the wall time; the system's if not given.
    """
    clock = WallClock(wall)
    served = office if hasattr(office, "id") else load_office(office)
    with open_service(
        offices=[served], store=store, keys=keys, clock=clock, deliver="worker"
    ) as service:
        now = clock.now()
        command = AcceptClock(office=served.id, reason=reason)
        operator = Actor.operator(officer, office=served.id)
        service.handle(command, actor=operator, key=f"clock/{now.isoformat()}")
    return now

"""How a service is: whether its lanes live, what waits in them, and what can't work."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import attrs

from ikd.core.ports import Lane
from ikd.service.background import Courier
from ikd.service.crew import caught, code_of
from ikd.service.delivery import LANES


@attrs.frozen(kw_only=True)
class LaneHealth:
    """How one lane of the outbox is.

    Attributes:
        name: ``pin``, ``mail``, ``registry``, or another that something waits in.
        lives: Whether it is delivered here; ``None`` where another process must.
        waiting: How much waits in it, what is being tried too; parked items don't count.
            ``None`` while the store can't be read.
        oldest: Since when the oldest of that is owed, if anything is.
    """

    name: str
    lives: bool | None
    waiting: int | None
    oldest: datetime | None


@attrs.frozen(kw_only=True)
class Health:
    """How a service is at one moment; nothing in it is personal.

    Attributes:
        lanes: Each lane, the most urgent first.
        swept: When this process last let time pass for what was overdue, if it ever did.
        store: Code of why the store can't be read, if it can't.
        captcha: Code of why no puzzle can be made, if none can and an office publishes one.
    """

    lanes: tuple[LaneHealth, ...]
    swept: datetime | None
    store: str | None
    captcha: str | None


def health(courier: Courier, puzzle: Callable[[], object] | None) -> Health:
    """Return how a service is; what is wrong is told and never raised.

    Args:
        courier: What delivers.
        puzzle: Makes a captcha, where an office publishes one.
    """
    lanes: dict[str, Lane] = {}
    delivery = courier.delivery
    store = _fault(lambda: lanes.update({one.name: one for one in delivery.parts.store.lanes()}))
    names = dict.fromkeys((*LANES, *sorted(lanes)))
    return Health(
        lanes=tuple(_lane(name, courier, lanes.get(name), store) for name in names),
        swept=delivery.sweep.at,
        store=store,
        captcha=None if puzzle is None else _fault(puzzle),
    )


def _lane(name: str, courier: Courier, found: Lane | None, store: str | None) -> LaneHealth:
    nothing = 0 if store is None else None
    return LaneHealth(
        name=name,
        lives=courier.lives(name),
        waiting=nothing if found is None else found.waiting,
        oldest=None if found is None else found.oldest,
    )


def _fault(act: Callable[[], object]) -> str | None:
    """Do *act* and return the code of what it raised, if anything."""
    try:
        act()
    except caught() as failure:
        return code_of(failure)
    return None

"""What can go wrong around a case, and whom each fault stops while it lasts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

import attrs

from model import acts
from model.movers import Move
from model.world import World

LEAP = timedelta(days=400)
STOPPED: Mapping[str, frozenset[str]] = {
    "registry silent": frozenset({"registry"}),
    "registry late": frozenset({"registry"}),
    "registry incomplete": frozenset({"registry"}),
    "mail refused": frozenset({"lane"}),
    "mail slow": frozenset({"lane"}),
    "mail unknown": frozenset({"lane"}),
    "clock off": frozenset(),
    "wrong facts": frozenset({"registry"}),
    "operator away": frozenset({"operator"}),
    "ministry away": frozenset({"ministry"}),
}
"""Every fault, and the movers that do nothing right while it lasts."""


def moves() -> Iterator[Move]:
    """Yield the faults that no lane and no registry commits."""
    yield Move("resident", "registers with a mistyped address", _mistypes, "wrong facts")
    yield Move("resident", "registers and leaves it open", _leaves_open, "wrong facts")
    yield Move("resident", "registers from a tablet", _from_a_tablet, "wrong facts")
    yield Move("time", "the clock leaps ahead", _leaps, "clock off")
    yield Move("time", "the clock is put right", _put_right)


def _mistypes(world: World) -> World | None:
    if world.application is not None:
        return None
    after = world.does(acts.register(world.case, email="auy@example.id"), acts.RESIDENT)
    return after and attrs.evolve(after, mistyped=True)


def _leaves_open(world: World) -> World | None:
    if world.application is not None:
        return None
    return world.does(acts.register(world.case, device=acts.phone(online=None)), acts.RESIDENT)


def _from_a_tablet(world: World) -> World | None:
    if world.application is not None:
        return None
    return world.does(acts.register(world.case, device=acts.phone(kind="tablet")), acts.RESIDENT)


def _leaps(world: World) -> World | None:
    if world.ahead or world.application is None or not world.application.is_live:
        return None
    return world.copy(ahead=LEAP).told_the_time()


def _put_right(world: World) -> World | None:
    return world.copy(ahead=timedelta()).told_the_time() if world.ahead else None

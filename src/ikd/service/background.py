"""When delivery runs: in the background, before ``handle`` returns, or in another process."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Literal, get_args

from ikd.core.errors import InputError
from ikd.core.ports import OutboxItem
from ikd.service.crew import POLL, Crew
from ikd.service.delivery import LANES, Delivery
from ikd.service.lanes import Lane

Deliver = Literal["thread", "inline", "worker"]
_ROUNDS = 50  # of delivery in a row, while they move something: an answer may owe a question
_QUEUE = 4  # items a worker that a process keeps to itself; the next ones anybody may take


def room_of(deliver: Deliver) -> Mapping[str, int]:
    """Return how much of each lane is born leased: no more than is soon delivered here."""
    if deliver not in get_args(Deliver):
        raise InputError("settings.deliver", 'one of "thread", "inline", "worker"')
    if deliver == "worker":
        return {}
    return {lane: workers * _QUEUE for lane, workers in LANES.items()}


class Courier:
    """Runs *delivery* as told; ``thread`` starts the lanes' daemon threads, and one for time."""

    def __init__(self, delivery: Delivery, deliver: Deliver) -> None:
        self.deliver = deliver
        self._delivery = delivery
        self._time = Crew("ikd-deliver", self._tick)
        self.lanes = {
            name: Lane(name, workers, delivery.leases.take, self._one)
            for name, workers in LANES.items()
        }
        self._mend()

    def committed(self, owed: tuple[OutboxItem, ...]) -> None:
        """See to what was committed a moment ago."""
        if self.deliver == "thread":
            self._mend()
            self._hand(owed)
        elif self.deliver == "inline":
            self._time.quietly(lambda: self._now(owed))

    def look(self) -> None:
        """Something may be due that nobody here was handed."""
        if self.deliver == "thread":
            for lane in self.lanes.values():
                lane.look()
        self.committed(())

    def lives(self, lane: str) -> bool | None:
        """Say whether somebody delivers that lane here; ``None`` leaves it to another process."""
        if self.deliver == "worker" or lane not in self.lanes:
            return None
        return self.deliver == "inline" or self.lanes[lane].lives

    def close(self, timeout: timedelta) -> None:
        """Stop after what is being delivered now, waiting for it no longer than *timeout*."""
        until = time.monotonic() + timeout.total_seconds()
        self._time.closed.set()
        for lane in self.lanes.values():
            lane.close()
        for crew in (self._time, *self.lanes.values()):
            crew.join(until)
        left = [item for lane in self.lanes.values() for item in lane.left()]
        self._time.quietly(lambda: self._delivery.leases.give_back(left))
        self._delivery.leases.close()

    def _mend(self) -> None:
        if self.deliver == "thread":
            for crew in (self._time, *self.lanes.values()):
                crew.mend()

    def _now(self, owed: tuple[OutboxItem, ...]) -> None:
        self._delivery.all_of(owed)
        for _ in range(_ROUNDS):
            if not self._delivery.once().moved:
                break

    def _one(self, item: OutboxItem) -> None:
        self._hand(self._delivery.deliver(item).owed)

    def _hand(self, owed: tuple[OutboxItem, ...]) -> None:
        """Give each lane what this process holds of *owed*, and let it look for the rest."""
        ours = self._delivery.leases.hold(owed)
        for name, lane in self.lanes.items():
            lane.hand([item for item in ours if item.lane == name])
            if any(item.lane == name for item in owed if item not in ours):
                lane.look()

    def _tick(self) -> None:
        """Let each lane look, and time pass, every half second."""
        self._mend()
        for lane in self.lanes.values():
            lane.look()
        self._hand(self._delivery.swept()[1])
        self._time.closed.wait(POLL)

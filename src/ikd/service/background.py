"""When delivery runs: in the background, before ``handle`` returns, or in another process."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from queue import SimpleQueue
from typing import Literal, get_args

from ikd.core.errors import InputError
from ikd.core.ports import OutboxItem
from ikd.service.crew import POLL, Crew
from ikd.service.delivery import LANES, Delivery

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
        self.delivery, self.deliver = delivery, deliver
        self._time = Crew("ikd-deliver", self._tick)
        self._queues: dict[str, SimpleQueue[OutboxItem | None]] = {}
        self._lanes: dict[str, Crew] = {}
        for lane, workers in LANES.items() if deliver == "thread" else ():
            self._queues[lane] = SimpleQueue()
            self._lanes[lane] = Crew("ikd-deliver", partial(self._work, lane), workers)
            self._lanes[lane].start()
        if deliver == "thread":
            self._time.start()

    def committed(self, owed: tuple[OutboxItem, ...]) -> None:
        """See to what was committed a moment ago; nothing that fails here undoes it."""
        act = {"thread": self._hand, "inline": self._now}.get(self.deliver)
        if act is not None:
            self._time.quietly(partial(act, owed))

    def look(self) -> None:
        """Let each lane see what is due in the store."""
        self._look()
        self.committed(())

    def lives(self, lane: str) -> bool | None:
        """Say whether somebody delivers that lane here; ``None`` leaves it to another process."""
        if self.deliver == "worker" or lane not in LANES:
            return None
        crew = self._lanes.get(lane)
        return crew is None or any(thread.is_alive() for thread in crew.threads)

    def close(self, timeout: timedelta) -> None:
        """Stop after what is being delivered now, waiting for it no longer than *timeout*.

        What was queued and not begun is free for others when its lease ends.
        """
        until = time.monotonic() + timeout.total_seconds()
        crews = (self._time, *self._lanes.values())
        for crew in crews:
            crew.closed.set()
        for thread in [thread for crew in crews for thread in crew.threads]:
            self._look()
            if thread is not threading.current_thread():
                thread.join(max(0.0, until - time.monotonic()))
        self.delivery.leases.renewing.closed.set()

    def _look(self) -> None:
        for queue in self._queues.values():
            queue.put(None)

    def _now(self, owed: tuple[OutboxItem, ...]) -> None:
        self.delivery.all_of(owed)
        for _ in range(_ROUNDS):
            if not self.delivery.once().moved:
                break

    def _hand(self, owed: tuple[OutboxItem, ...]) -> None:
        """Queue what this process holds of *owed*, and let the lanes look for the rest."""
        ours = self.delivery.leases.hold(owed)
        for item in owed:
            if item.lane in self._queues:
                self._queues[item.lane].put(item if item in ours else None)

    def _work(self, lane: str) -> None:
        """Deliver the next item that was handed over, or else one that is due in the store."""
        queue = self._queues[lane]
        item = queue.get()
        if item is None and not self._time.closed.is_set():
            item = self.delivery.leases.take(lane)
            if item is not None:
                queue.put(None)  # where one waited, more may
        if item is not None:
            self._hand(self.delivery.deliver(item).owed)

    def _tick(self) -> None:
        """Let each idle lane look, and time pass, every half second."""
        for queue in filter(SimpleQueue.empty, self._queues.values()):
            queue.put(None)
        self._hand(self.delivery.swept()[1])
        self._time.closed.wait(POLL)

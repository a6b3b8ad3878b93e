"""A lane: workers of its own for one sort of owed thing, so that no other keeps it waiting."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence

from ikd.core.ports import OutboxItem
from ikd.service.crew import Crew


class Lane(Crew):
    """Delivers what is handed over in memory, and what it finds in the store when told to look.

    Args:
        name: The lane's.
        workers: How many deliver at a time.
        take: Leases the next item of the lane from the store.
        deliver: Delivers one item and settles it.
    """

    def __init__(
        self,
        name: str,
        workers: int,
        take: Callable[[str], OutboxItem | None],
        deliver: Callable[[OutboxItem], None],
    ) -> None:
        super().__init__("ikd-deliver", self._one, workers)
        self.name = name
        self._take, self._deliver = take, deliver
        self._handed: deque[OutboxItem] = deque()
        self._look = True
        self._wake = threading.Condition()

    def hand(self, items: Sequence[OutboxItem]) -> None:
        """Deliver *items*, which this process holds."""
        with self._wake:
            self._handed.extend(items)
            self._wake.notify(len(items))

    def look(self) -> None:
        """See what is due in the store."""
        with self._wake:
            self._look = True
            self._wake.notify()

    def close(self) -> None:
        """Begin nothing more."""
        self.closed.set()
        with self._wake:
            self._wake.notify_all()

    def left(self) -> tuple[OutboxItem, ...]:
        """Return what was handed over and never begun."""
        with self._wake:
            left = tuple(self._handed)
            self._handed.clear()
        return left

    def _one(self) -> None:
        item = self._next()
        if item is not None:
            self._deliver(item)

    def _next(self) -> OutboxItem | None:
        with self._wake:
            self._wake.wait_for(lambda: self._handed or self._look or self.closed.is_set())
            if self.closed.is_set():
                return None
            if not self._look:
                return self._handed.popleft()
            self._look = False
        item = self._take(self.name)
        if item is not None and not self._handed:
            self.look()  # where one waited, more may
        return item

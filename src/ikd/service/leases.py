"""What this process holds of the outbox: leased under a name of its own, and renewed."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import attrs

from ikd.core.ids import ENTROPY_BYTES, RecordId, draw_id
from ikd.core.ports import OutboxItem
from ikd.service.crew import Crew
from ikd.service.parts import Parts

_RENEWALS = 3  # in the time of one lease: two may fail before another worker can take it


class Leases:
    """The leases of one service, from its start to its end.

    Attributes:
        holder: The name it drew at its start.
        room: How many items of each lane may be held before what is owed is left free.
        pause: Seconds between two renewals.
        renewing: The thread that renews.
    """

    def __init__(self, parts: Parts, room: Mapping[str, int]) -> None:
        self.holder = draw_id(parts.entropy(ENTROPY_BYTES), "holder")
        self.room, self.pause = room, parts.settings.lease_seconds / _RENEWALS
        self.renewing = Crew("ikd-renew", self._keep)
        self._parts = parts
        self._held: dict[RecordId, OutboxItem] = {}
        self._lock = threading.Lock()

    def born(self, item: OutboxItem) -> OutboxItem:
        """Return *item* leased from birth where this process has room in its lane."""
        with self._lock:
            held = sum(item.lane == other.lane for other in self._held.values())
        if held >= self.room.get(item.lane, 0):
            return item
        ends = self._ends()
        return attrs.evolve(item, holder=self.holder, leased_until=ends, lease=1, attempts=1)

    def take(self, lane: str) -> OutboxItem | None:
        """Lease the next item that is due, and no second one: a PIN never waits for another."""
        now, ends = self._parts.clock.now(), self._ends()
        leased = self._parts.store.lease(lane, holder=self.holder, now=now, until=ends, limit=1)
        return next(iter(self.hold(leased)), None)

    def hold(self, items: Iterable[OutboxItem]) -> list[OutboxItem]:
        """Renew those of *items* that are leased to this process from now on; return them."""
        ours = [item for item in items if item.holder == self.holder]
        with self._lock:
            self._held.update({item.id: item for item in ours})
            if ours:
                self.renewing.start()
        return ours

    def holds(self, item: OutboxItem) -> bool:
        """Say whether *item* is still held; one that slept through its lease asks the store."""
        held, now = self._held.get(item.id), self._parts.clock.now()
        if held is not None and held.leased_until is not None and held.leased_until <= now:
            self.renew()
        return item.id in self._held

    def drop(self, item: OutboxItem) -> None:
        """Renew *item* no longer."""
        with self._lock:
            self._held.pop(item.id, None)

    def renew(self) -> None:
        """Hold everything for another lease; what another worker took meanwhile is let go."""
        asked, ends = dict(self._held), self._ends()
        leases = {item.id: item.lease for item in asked.values()}
        kept = self._parts.store.renew(self.holder, leases, until=ends) if leases else ()
        with self._lock:
            for item_id in [one for one, item in asked.items() if self._held.get(one) is item]:
                del self._held[item_id]
                if item_id in kept:
                    self._held[item_id] = attrs.evolve(asked[item_id], leased_until=ends)

    def _keep(self) -> None:
        if not self.renewing.closed.wait(self.pause):
            self.renew()

    def _ends(self) -> datetime:
        return self._parts.clock.now() + timedelta(seconds=self._parts.settings.lease_seconds)

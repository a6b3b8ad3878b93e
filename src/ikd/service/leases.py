"""What this process holds of the outbox: leased under a name of its own, and renewed."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import attrs

from ikd.core.ids import ENTROPY_BYTES, RecordId, draw_id
from ikd.core.ports import Done, OutboxItem, Settled
from ikd.service.crew import Crew
from ikd.service.parts import Parts

_RENEWALS = 3  # in the time of one lease: two may fail before another worker can take it


class Leases:
    """The leases of one service, from its start to its end.

    Attributes:
        holder: The name it drew at its start.
        room: How many items of each lane may be held before what is owed is left free.
        pause: Seconds between two renewals.
    """

    def __init__(self, parts: Parts, room: Mapping[str, int]) -> None:
        self.holder = draw_id(parts.entropy(ENTROPY_BYTES), "holder")
        self.room = room
        self.pause = parts.settings.lease_seconds / _RENEWALS
        self._parts = parts
        self._held: dict[RecordId, OutboxItem] = {}
        self._lock = threading.Lock()
        self._crew = Crew("ikd-renew", self._keep)

    def born(self, item: OutboxItem) -> OutboxItem:
        """Return *item* leased from birth where this process has room in its lane."""
        with self._lock:
            held = sum(item.lane == other.lane for other in self._held.values())
        if held >= self.room.get(item.lane, 0):
            return item
        return attrs.evolve(
            item, holder=self.holder, leased_until=self._ends(), lease=1, attempts=1
        )

    def take(self, lane: str) -> OutboxItem | None:
        """Lease the next item that is due, and no second one: a PIN never waits for another."""
        now = self._parts.clock.now()
        leased = self._parts.store.lease(
            lane, holder=self.holder, now=now, until=self._ends(), limit=1
        )
        return next(iter(self.hold(leased)), None)

    def hold(self, items: Iterable[OutboxItem]) -> list[OutboxItem]:
        """Renew those of *items* that are leased to this process from now on; return them."""
        ours = [item for item in items if item.holder == self.holder]
        if ours:
            with self._lock:
                self._held.update({item.id: item for item in ours})
            self._crew.mend()
        return ours

    def holds(self, item: OutboxItem) -> bool:
        """Say whether *item* is still held; one that slept through its lease asks the store."""
        held = self._held.get(item.id)
        if held is not None and held.leased_until and held.leased_until <= self._parts.clock.now():
            self.renew()
        return item.id in self._held

    def drop(self, items: Iterable[OutboxItem]) -> None:
        """Renew *items* no longer."""
        with self._lock:
            for item in items:
                self._held.pop(item.id, None)

    def give_back(self, items: Iterable[OutboxItem]) -> None:
        """End the leases of what was never tried, so that others needn't wait for them."""
        for item in items:
            at = self._parts.clock.now()
            self._parts.store.settle(
                Settled(id=item.id, lease=item.lease, done=Done.WAITING, at=at)
            )

    def renew(self) -> None:
        """Hold everything for another lease; what another worker took meanwhile is let go."""
        with self._lock:
            asked = {item.id: item.lease for item in self._held.values()}
        if not asked:
            return
        ends = self._ends()
        kept = self._parts.store.renew(self.holder, asked, until=ends)
        with self._lock:
            for item in [one for one in self._held.values() if asked.get(one.id) == one.lease]:
                if item.id in kept:
                    self._held[item.id] = attrs.evolve(item, leased_until=ends)
                else:
                    del self._held[item.id]

    def close(self) -> None:
        """Renew nothing any more."""
        self._crew.closed.set()

    def _keep(self) -> None:
        if not self._crew.closed.wait(self.pause):
            self.renew()

    def _ends(self) -> datetime:
        return self._parts.clock.now() + timedelta(seconds=self._parts.settings.lease_seconds)

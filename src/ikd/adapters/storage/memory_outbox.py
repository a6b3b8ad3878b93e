"""The outbox of the memory store."""

from __future__ import annotations

import heapq
from datetime import datetime

import attrs

from ikd.adapters.storage.settling import ENDS, Settling
from ikd.core.errors import StoreError
from ikd.core.ids import RecordId
from ikd.core.ports import Done, OutboxItem, OutboxKind


@attrs.define
class _Owed:
    item: OutboxItem
    done: Done = Done.WAITING
    leased: datetime | None = None
    ended: datetime | None = None

    def free(self, now: datetime) -> bool:
        """Whether a worker may take it now."""
        due = self.done is Done.WAITING and self.item.not_before <= now
        return due and (self.leased is None or self.leased <= now)

    def is_held(self, lease: int) -> bool:
        """Whether the lease of that number is the item's own, run out or not."""
        return self.leased is not None and self.item.lease == lease

    def end(self, done: Done, at: datetime) -> None:
        """End it for good: it keeps no payload."""
        self.done, self.leased, self.ended = done, None, at
        self.item = attrs.evolve(self.item, payload=b"")


class Outbox:
    """Items by id; the store's lock guards every call."""

    def __init__(self) -> None:
        self._owed: dict[RecordId, _Owed] = {}

    def __contains__(self, item_id: RecordId) -> bool:
        return item_id in self._owed

    def add(self, item: OutboxItem) -> None:
        """Owe *item* from now on."""
        self._owed[item.id] = _Owed(item)

    def void(self, subject: RecordId, at: datetime) -> None:
        """Void what still waits, leased or not, and is about *subject*."""
        for owed in self._owed.values():
            if owed.item.subject == subject and owed.done not in ENDS:
                owed.end(Done.VOID, at)

    def lease(
        self, now: datetime, until: datetime, limit: int, kind: OutboxKind | None
    ) -> tuple[OutboxItem, ...]:
        """Take up to *limit* free items."""
        asked = (owed for owed in self._owed.values() if kind in {None, owed.item.kind})
        free = (owed for owed in asked if owed.free(now))
        taken = heapq.nsmallest(limit, free, key=lambda owed: (owed.item.not_before, owed.item.id))
        for owed in taken:
            owed.leased = until
            owed.item = attrs.evolve(
                owed.item, attempts=owed.item.attempts + 1, lease=owed.item.lease + 1
            )
        return tuple(owed.item for owed in taken)

    def settle(self, item_id: RecordId, how: Settling) -> None:
        """End a lease; a failure told by a worker that no longer holds it changes nothing."""
        owed = self._known(item_id)
        if owed.done in ENDS or (how.done not in ENDS and not owed.is_held(how.lease)):
            return
        owed.item = attrs.evolve(owed.item, failure=how.failure)
        if how.done in ENDS:
            owed.end(how.done, how.now)
            return
        owed.done, owed.leased = how.done, None
        if how.done is Done.WAITING:
            owed.item = attrs.evolve(owed.item, not_before=how.not_before)

    def unpark(self, item_id: RecordId, now: datetime) -> None:
        """Let a parked item wait again."""
        owed = self._known(item_id)
        if owed.done is Done.PARKED:
            owed.done = Done.WAITING
            owed.item = attrs.evolve(owed.item, not_before=now, attempts=0)

    def purge(self, before: datetime) -> int:
        """Drop what was sent or void before then; return how many items that were."""
        old = [name for name, owed in self._owed.items() if owed.ended and owed.ended < before]
        for name in old:
            del self._owed[name]
        return len(old)

    def listed(self, done: Done, limit: int) -> tuple[OutboxItem, ...]:
        """Return items in that state, oldest first."""
        items = (owed.item for owed in self._owed.values() if owed.done is done)
        return tuple(heapq.nsmallest(limit, items, key=lambda item: (item.created_at, item.id)))

    def _known(self, item_id: RecordId) -> _Owed:
        try:
            return self._owed[item_id]
        except KeyError:
            raise StoreError("store.unknown", "no such outbox item") from None

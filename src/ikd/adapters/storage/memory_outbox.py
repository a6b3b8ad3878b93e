"""The outbox of the memory store."""

from __future__ import annotations

import heapq
from datetime import datetime

import attrs

from ikd.core.errors import StoreError
from ikd.core.ids import RecordId
from ikd.core.ports import Done, OutboxItem, OutboxKind

_ENDED = {Done.SENT, Done.VOID}


@attrs.define
class _Owed:
    item: OutboxItem
    done: Done = Done.WAITING
    leased: datetime | None = None

    def free(self, now: datetime) -> bool:
        """Whether a worker may take it now."""
        due = self.done is Done.WAITING and self.item.not_before <= now
        return due and (self.leased is None or self.leased <= now)

    def end(self, done: Done) -> None:
        """Settle it; what is sent or void keeps no payload."""
        self.done, self.leased = done, None
        if done in _ENDED:
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

    def void(self, subject: RecordId) -> None:
        """Void what still waits, leased or not, and is about *subject*."""
        for owed in self._owed.values():
            if owed.item.subject == subject and owed.done not in _ENDED:
                owed.end(Done.VOID)

    def lease(
        self, now: datetime, until: datetime, limit: int, kind: OutboxKind | None
    ) -> tuple[OutboxItem, ...]:
        """Take up to *limit* free items."""
        asked = (owed for owed in self._owed.values() if kind in {None, owed.item.kind})
        free = (owed for owed in asked if owed.free(now))
        taken = heapq.nsmallest(limit, free, key=lambda owed: (owed.item.not_before, owed.item.id))
        for owed in taken:
            owed.leased = until
            owed.item = attrs.evolve(owed.item, attempts=owed.item.attempts + 1)
        return tuple(owed.item for owed in taken)

    def settle(self, item_id: RecordId, done: Done, later: datetime, failure: str | None) -> None:
        """End a lease."""
        owed = self._known(item_id)
        if owed.done in _ENDED or (owed.done is Done.PARKED and done is Done.WAITING):
            return
        not_before = later if done is Done.WAITING else owed.item.not_before
        owed.item = attrs.evolve(owed.item, failure=failure, not_before=not_before)
        owed.end(done)

    def unpark(self, item_id: RecordId, now: datetime) -> None:
        """Let a parked item wait again."""
        owed = self._known(item_id)
        if owed.done is Done.PARKED:
            owed.done = Done.WAITING
            owed.item = attrs.evolve(owed.item, not_before=now, attempts=0)

    def listed(self, done: Done, limit: int) -> tuple[OutboxItem, ...]:
        """Return items in that state, oldest first."""
        items = (owed.item for owed in self._owed.values() if owed.done is done)
        return tuple(heapq.nsmallest(limit, items, key=lambda item: (item.created_at, item.id)))

    def _known(self, item_id: RecordId) -> _Owed:
        try:
            return self._owed[item_id]
        except KeyError:
            raise StoreError("store.unknown", "no such outbox item") from None

"""A store whose rows are bound: each gets its mac as it is written, and is checked as it is read.

Everything that a service reads comes through here, so that no reader can forget to check.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import islice

import attrs

from ikd.core.errors import ConflictError, StoreError
from ikd.core.ids import RecordId
from ikd.core.ports import (
    Commit,
    Done,
    Found,
    Horizon,
    Lane,
    Late,
    Look,
    OutboxItem,
    PagePlace,
    Refusal,
    Remembered,
    Row,
    Settled,
    Span,
    Store,
)
from ikd.core.records.decision import Claim, Secret
from ikd.core.records.journal import StoredEntry
from ikd.service.row_binder import TABLES, Binder, BoundRow, T

CLOSED = "closed"  # why a record is frozen that two officers closed: it counts as gone
_PAGE = 500  # rows of one read, however many are asked for


class BoundStore:
    """Keeps everything in *store*, bound by *binder*.

    Attributes:
        store: What keeps the rows.
        binder: Binds and checks them.
        damaged: Hears of a record that isn't what was written, before that is raised.
    """

    def __init__(self, store: Store, binder: Binder) -> None:
        self.store, self.binder = store, binder
        self.damaged: Callable[[Row], None] = lambda _: None

    def __repr__(self) -> str:
        return repr(self.store)

    # --- what is written -------------------------------------------------------------------

    def commit(self, commit: Commit) -> None:
        """Write all of *commit*, bound, or nothing.

        Raises:
            ConflictError: Something newer was met; nothing was written.
            StoreError: A row that was met isn't what was written (``store.damaged``).
        """
        bound = self.binder.bound
        try:
            self.store.commit(
                attrs.evolve(
                    commit,
                    puts=tuple(attrs.evolve(put, row=bound(put.row)) for put in commit.puts),
                    mends=tuple(map(bound, commit.mends)),
                    takes=tuple(map(bound, commit.takes)),
                    uses=tuple(map(bound, commit.uses)),
                    outbox=tuple(map(bound, commit.outbox)),
                    remembered=commit.remembered and bound(commit.remembered),
                    refusal=commit.refusal and bound(commit.refusal),
                    looks=tuple(map(bound, commit.looks)),
                )
            )
        except ConflictError:
            for claim in (*commit.takes, *commit.uses):  # a damaged one would clash for ever
                self.claim(claim.space, claim.key)
            raise

    def refuse(self, refusal: Refusal) -> None:
        """Keep a security refusal."""
        self.store.refuse(self.binder.bound(refusal))

    def look(self, look: Look) -> None:
        """Write down a look; returns only once it is durable."""
        self.store.look(self.binder.bound(look))

    # --- what is read ----------------------------------------------------------------------

    def get(self, kind: str, record_id: RecordId) -> Row | None:
        """Return a record, or ``None``.

        Raises:
            StoreError: It isn't what was written, or its journal isn't (``store.damaged``); or
                that was met before, and two officers haven't made it anew yet (``store.frozen``).
        """
        row = self.store.get(kind, record_id)
        return None if row is None or row.frozen == CLOSED else self._checked(row)

    def claim(self, space: str, key: bytes) -> Claim | None:
        """Return the claim on *key* in *space*, or ``None``."""
        return self._believed(self.store.claim(space, key))

    def claims(self, space: str, *, after: bytes = b"", limit: int = 100) -> tuple[Claim, ...]:
        """Return the claims in *space*; one that isn't what was written has nobody for an owner."""
        found = self.store.claims(space, after=after, limit=limit)
        return tuple(one if self._is_ours(one) else attrs.evolve(one, owner="") for one in found)

    def remembered(self, scope: bytes, key: str) -> Remembered | None:
        """Return the answered write of that key, or ``None``."""
        return self._believed(self.store.remembered(scope, key))

    def find(
        self,
        kind: str,
        *,
        office: str | None = None,
        status: str | None = None,
        limit: int = 100,
        after: RecordId | None = None,
    ) -> tuple[Row, ...]:
        """Return those records in order of id that are what was written."""
        pages = self._pages(kind, office, status, after, limit)
        good = (row for row in pages if self._is_whole(row) and self._is_ours(row))
        return tuple(islice(good, max(limit, 0)))

    def _pages(
        self,
        kind: str,
        office: str | None,
        status: str | None,
        after: RecordId | None,
        limit: int,
    ) -> Iterator[Row]:
        asked = min(limit, _PAGE)
        while page := self.store.find(kind, office=office, status=status, limit=asked, after=after):
            yield from page
            after = page[-1].id

    def lease(
        self, lane: str, *, holder: str, now: datetime, until: datetime, limit: int
    ) -> tuple[OutboxItem, ...]:
        """Take what is due in *lane*; what isn't what was owed is parked instead."""
        taken = self.store.lease(lane, holder=holder, now=now, until=until, limit=limit)
        good = {item.id: fit for item in taken if (fit := self._fit(item)) is not None}
        for item in taken:
            if item.id not in good:  # it would be met again and again
                self.store.settle(_parked(item, now))
        return tuple(good.values())

    def _fit(self, item: OutboxItem) -> OutboxItem | None:
        """Return *item* as far as it is what was owed: without its payload where that isn't."""
        emptied = attrs.evolve(item, payload=b"")
        return next(filter(self._is_ours, (item, emptied)), None)

    def outbox(
        self, done: Done, *, limit: int = 100, subject: RecordId | None = None
    ) -> tuple[OutboxItem, ...]:
        """Return items in that state, oldest first; of one that isn't what was owed no payload."""
        found = self.store.outbox(done, limit=limit, subject=subject)
        return tuple(one if self._is_ours(one) else _emptied(one) for one in found)

    def item(self, named: RecordId) -> OutboxItem | None:
        """Return what is owed under that id or about that subject, or ``None``."""
        found = self.store.item(named)
        return found if found is not None and self._is_ours(found) else None

    def refusals(self, *, limit: int = 100) -> tuple[Refusal, ...]:
        """Return the newest refusals that are what was written, newest first."""
        return tuple(filter(self._is_ours, self.store.refusals(limit=limit)))

    def looks(
        self,
        *,
        actor: str | None = None,
        record: tuple[str, RecordId] | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int = 100,
    ) -> tuple[Look, ...]:
        """Return the newest looks that are what was written, newest first."""
        found = self.store.looks(actor=actor, record=record, since=since, until=until, limit=limit)
        return tuple(filter(self._is_ours, found))

    # --- what needs no mac: checked otherwise, or only leads to a row that is checked ---------

    def secret(self, secret_id: RecordId) -> Secret | None:
        """Return a secret: bound by what it was sealed or made with."""
        return self.store.secret(secret_id)

    def standard(self, digest: str) -> str | None:
        """Return the text of a pinned standard: bound by its digest."""
        return self.store.standard(digest)

    def entries(self, kind: str, record_id: RecordId) -> tuple[StoredEntry, ...]:
        """Return a record's whole journal: bound by its chain to the row's head."""
        return self.store.entries(kind, record_id)

    def overdue(
        self, now: datetime, *, limit: int = 100, after: Found | None = None
    ) -> tuple[Found, ...]:
        """Return the records whose ``due`` is not after *now*, oldest first, behind *after*."""
        return self.store.overdue(now, limit=limit, after=after)

    def waiting(
        self,
        role: str,
        desk: str,
        *,
        late: Late | None = None,
        limit: int = 100,
        after: PagePlace | None = None,
    ) -> tuple[Found, ...]:
        """Return the records that wait for *role* at *desk*, in order of limit and id."""
        return self.store.waiting(role, desk, late=late, limit=limit, after=after)

    def renew(
        self, holder: str, leases: Mapping[RecordId, int], *, until: datetime
    ) -> frozenset[RecordId]:
        """Hold those leases of *holder* until *until*; return the items it still holds."""
        return self.store.renew(holder, leases, until=until)

    def settle(self, settled: Settled) -> None:
        """End a lease."""
        self.store.settle(settled)

    def lanes(self) -> tuple[Lane, ...]:
        """Return what waits in each lane that holds anything, by name."""
        return self.store.lanes()

    def unpark(self, item_id: RecordId, *, now: datetime) -> None:
        """Let a parked item be tried again."""
        self.store.unpark(item_id, now=now)

    def newest(self, *, outside: Sequence[Span] = ()) -> datetime | None:
        """Return the time of the newest change *outside* those spans, or ``None`` for none."""
        return self.store.newest(outside=outside)

    def ahead(self, of: datetime) -> Span | None:
        """Return the times of the first and the newest change after *of*, or ``None``."""
        return self.store.ahead(of)

    def purge(self, before: Horizon) -> int:
        """Drop what is older than *before* allows; return how many rows that were."""
        return self.store.purge(before)

    def close(self) -> None:
        """Release files and connections."""
        self.store.close()

    # --- checking ----------------------------------------------------------------------------

    def _checked(self, row: Row) -> Row:
        if row.frozen is not None:
            raise StoreError(
                "store.frozen", f"a {row.kind} is frozen since it wasn't what was written"
            )
        if self._is_whole(row) and self.binder.is_ours(row):
            return row
        self.damaged(row)
        raise StoreError("store.damaged", f"a {row.kind} isn't what was written")

    def _is_whole(self, row: Row) -> bool:
        """Say whether the journal of a record is as long as its row says, and ends so."""
        return row.frozen is None and (row.length, row.tip) == (row.version, row.head)

    def _is_ours(self, row: BoundRow) -> bool:
        """Say whether a row of a list is what was written; what can't be told isn't."""
        with suppress(StoreError):
            return self.binder.is_ours(row)
        return False

    def _believed(self, row: T | None) -> T | None:
        if row is None or self.binder.is_ours(row):
            return row
        table = TABLES[type(row)].name
        raise StoreError("store.damaged", f"a row of {table} isn't what was written")


def _emptied(item: OutboxItem) -> OutboxItem:
    return attrs.evolve(item, payload=b"", failure="store.damaged")


def _parked(item: OutboxItem, now: datetime) -> Settled:
    return Settled(id=item.id, lease=item.lease, done=Done.PARKED, at=now, failure="store.damaged")

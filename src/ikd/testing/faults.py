"""A store that fails when told, to see what is left behind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Literal, ParamSpec, TypeVar

from ikd.core.errors import StoreError
from ikd.core.ids import RecordId
from ikd.core.ports import (
    Commit,
    Done,
    Found,
    Horizon,
    Lane,
    Late,
    OutboxItem,
    Place,
    Refusal,
    Remembered,
    Row,
    Settled,
    Span,
    Store,
)
from ikd.core.records.decision import Secret
from ikd.core.records.journal import StoredEntry

P = ParamSpec("P")
T = TypeVar("T")


class FaultyStore:
    """Passes every call on to another store, save that the *fail_at*-th fails.

    A loop with ``fail_at`` 1, 2, 3, ... until ``failed`` stays false has met every call.

    Attributes:
        calls: Calls so far; ``close`` isn't counted and never fails.
        failed: Whether the fault was met.
    """

    def __init__(
        self,
        store: Store,
        *,
        fail_at: int,
        mode: Literal["before", "after"] = "before",
        lasting: bool = False,
        error: Callable[[], BaseException] = StoreError,
    ) -> None:
        """Wrap *store*.

        Args:
            store: The store that does the work.
            fail_at: Number of the call that fails, from 1; 0 never fails.
            mode: ``before`` fails without effect; ``after`` has the effect and fails all
                the same, as when the connection breaks between commit and answer.
            lasting: Every later call fails too.
            error: Makes what is raised.
        """
        self._store = store
        self._fail_at = fail_at
        self._mode = mode
        self._lasting = lasting
        self._error = error
        self.calls = 0
        self.failed = False

    def _pass(self, call: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        self.calls += 1
        now = self.calls == self._fail_at or (self._lasting and self.failed)
        self.failed |= now
        if now and self._mode == "before":
            raise self._error()
        answer = call(*args, **named)
        if now:
            raise self._error()
        return answer

    def get(self, kind: str, record_id: RecordId) -> Row | None:
        """Pass on."""
        return self._pass(self._store.get, kind, record_id)

    def owner(self, space: str, key: bytes) -> str | None:
        """Pass on."""
        return self._pass(self._store.owner, space, key)

    def secret(self, secret_id: RecordId) -> Secret | None:
        """Pass on."""
        return self._pass(self._store.secret, secret_id)

    def remembered(self, scope: bytes, key: str) -> Remembered | None:
        """Pass on."""
        return self._pass(self._store.remembered, scope, key)

    def standard(self, digest: str) -> str | None:
        """Pass on."""
        return self._pass(self._store.standard, digest)

    def entries(self, kind: str, record_id: RecordId) -> tuple[StoredEntry, ...]:
        """Pass on."""
        return self._pass(self._store.entries, kind, record_id)

    def commit(self, commit: Commit) -> None:
        """Pass on."""
        return self._pass(self._store.commit, commit)

    def refuse(self, refusal: Refusal) -> None:
        """Pass on."""
        return self._pass(self._store.refuse, refusal)

    def refusals(self, *, limit: int = 100) -> tuple[Refusal, ...]:
        """Pass on."""
        return self._pass(self._store.refusals, limit=limit)

    def find(
        self,
        kind: str,
        *,
        office: str | None = None,
        status: str | None = None,
        limit: int = 100,
        after: RecordId | None = None,
    ) -> tuple[Found, ...]:
        """Pass on."""
        call = self._store.find
        return self._pass(call, kind, office=office, status=status, limit=limit, after=after)

    def overdue(
        self, now: datetime, *, limit: int = 100, after: Found | None = None
    ) -> tuple[Found, ...]:
        """Pass on."""
        return self._pass(self._store.overdue, now, limit=limit, after=after)

    def waiting(
        self,
        role: str,
        desk: str,
        *,
        late: Late | None = None,
        limit: int = 100,
        after: Place | None = None,
    ) -> tuple[Found, ...]:
        """Pass on."""
        call = self._store.waiting
        return self._pass(call, role, desk, late=late, limit=limit, after=after)

    def lease(
        self, lane: str, *, holder: str, now: datetime, until: datetime, limit: int
    ) -> tuple[OutboxItem, ...]:
        """Pass on."""
        call = self._store.lease
        return self._pass(call, lane, holder=holder, now=now, until=until, limit=limit)

    def renew(
        self, holder: str, leases: Mapping[RecordId, int], *, until: datetime
    ) -> frozenset[RecordId]:
        """Pass on."""
        return self._pass(self._store.renew, holder, leases, until=until)

    def settle(self, settled: Settled) -> None:
        """Pass on."""
        return self._pass(self._store.settle, settled)

    def lanes(self) -> tuple[Lane, ...]:
        """Pass on."""
        return self._pass(self._store.lanes)

    def outbox(
        self, done: Done, *, limit: int = 100, subject: RecordId | None = None
    ) -> tuple[OutboxItem, ...]:
        """Pass on."""
        return self._pass(self._store.outbox, done, limit=limit, subject=subject)

    def unpark(self, item_id: RecordId, *, now: datetime) -> None:
        """Pass on."""
        return self._pass(self._store.unpark, item_id, now=now)

    def newest(self, *, outside: Sequence[Span] = ()) -> datetime | None:
        """Pass on."""
        return self._pass(self._store.newest, outside=outside)

    def ahead(self, of: datetime) -> Span | None:
        """Pass on."""
        return self._pass(self._store.ahead, of)

    def purge(self, before: Horizon) -> int:
        """Pass on."""
        return self._pass(self._store.purge, before)

    def close(self) -> None:
        """Close the store behind; never fails, so that files are released."""
        self._store.close()

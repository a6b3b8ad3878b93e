"""A store that fails when told, to see what is left behind."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Concatenate, Literal, ParamSpec, TypeVar

from ikd.core.errors import StoreError
from ikd.core.ports import Store

P = ParamSpec("P")
T = TypeVar("T")


def _passed(
    method: Callable[Concatenate[Store, P], T],
) -> Callable[Concatenate[FaultyStore, P], T]:
    """Return the method that passes a call of *method* on, or fails."""

    @functools.wraps(method)
    def call(self: FaultyStore, /, *args: P.args, **named: P.kwargs) -> T:
        self.calls += 1
        now = self.calls == self._fail_at or (self._lasting and self.failed)
        self.failed |= now
        if now and self._mode == "before":
            raise self._error()
        answer: T = getattr(self._store, method.__name__)(*args, **named)
        if now:
            raise self._error()
        return answer

    return call


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

    get = _passed(Store.get)
    claim = _passed(Store.claim)
    claims = _passed(Store.claims)
    secret = _passed(Store.secret)
    remembered = _passed(Store.remembered)
    standard = _passed(Store.standard)
    entries = _passed(Store.entries)
    commit = _passed(Store.commit)
    refuse = _passed(Store.refuse)
    refusals = _passed(Store.refusals)
    look = _passed(Store.look)
    looks = _passed(Store.looks)
    find = _passed(Store.find)
    overdue = _passed(Store.overdue)
    lease = _passed(Store.lease)
    renew = _passed(Store.renew)
    settle = _passed(Store.settle)
    lanes = _passed(Store.lanes)
    outbox = _passed(Store.outbox)
    item = _passed(Store.item)
    unpark = _passed(Store.unpark)
    newest = _passed(Store.newest)
    ahead = _passed(Store.ahead)
    waiting = _passed(Store.waiting)
    purge = _passed(Store.purge)

    def close(self) -> None:
        """Close the store behind; never fails, so that files are released."""
        self._store.close()

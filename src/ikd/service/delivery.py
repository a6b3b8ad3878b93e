"""Delivering what is owed, after the commit and again as long as it is waited for.

What can't be delivered is parked or told as undelivered: visible, never dropped. Nothing
that one item or one record does wrong keeps the others waiting.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from operator import add, sub

import attrs

from ikd.core.errors import IkdError, PortError
from ikd.core.ports import Done, OutboxItem, Settled
from ikd.core.records.patience import Failure, TryingEnd, patience
from ikd.service.crew import caught, code_of
from ikd.service.delivery_outcome import DeliveryOutcome, Handle
from ikd.service.leases import Leases
from ikd.service.notice_sender import Notifier
from ikd.service.parts import Parts
from ikd.service.question_asker import Asker
from ikd.service.sweep import Sweep
from ikd.service.undelivered import Reporter

Deliverer = Callable[[OutboxItem], DeliveryOutcome]


@attrs.frozen
class Errand:
    """A kind of owed thing: who delivers it, and how many workers each of its lanes has."""

    deliverer: Callable[[Parts, Handle], Deliverer]
    lanes: Mapping[str, int]


ERRANDS: Mapping[str, Errand] = {
    "notice": Errand(lambda parts, _: Notifier(parts).send, {"pin": 2, "mail": 2}),
    "question": Errand(lambda parts, handle: Asker(parts, handle).ask, {"registry": 4}),
}
"""Everything that can be owed, the most urgent lane first."""

LANES = {lane: workers for errand in ERRANDS.values() for lane, workers in errand.lanes.items()}


@attrs.frozen
class Delivered:
    """What one round of delivery did, in numbers.

    Attributes:
        expired: Records that time changed.
        sent: Items that were handed over.
        later: Items that failed and are tried again.
        parked: Items given up for now.
        void: Items that there was nothing left to deliver of.
        undelivered: Items that reached nobody, PINs that ended with it.
    """

    expired: int = 0
    sent: int = 0
    later: int = 0
    parked: int = 0
    void: int = 0
    undelivered: int = 0

    @property
    def moved(self) -> int:
        """How much was done; 0 when nothing was due, or time could pass for none that was.

        One round looks at ten pages of what is overdue; where more than that are stuck, the
        next goes on behind them.
        """
        return sum(attrs.astuple(self))

    def plus(self, other: Delivered) -> Delivered:
        """Return the numbers of both."""
        return Delivered(*map(add, attrs.astuple(self), attrs.astuple(other)))

    def since(self, earlier: Delivered) -> Delivered:
        """Return what came to these numbers since they were *earlier*."""
        return Delivered(*map(sub, attrs.astuple(self), attrs.astuple(earlier)))


_COUNTED = {
    Done.SENT: Delivered(sent=1),
    Done.WAITING: Delivered(later=1),
    Done.PARKED: Delivered(parked=1),
    Done.UNDELIVERED: Delivered(undelivered=1),
    Done.VOID: Delivered(void=1),
}


class Delivery:
    """Delivers for one service; *handle* takes the registry's answers and the sweep's commands.

    Attributes:
        done: What it did since it was made.
        reporter: Lets records know what reached nobody.
    """

    def __init__(self, parts: Parts, leases: Leases, handle: Handle) -> None:
        self.parts, self.leases, self.sweep = parts, leases, Sweep(parts, handle)
        self.done = Delivered()
        self.reporter = Reporter(parts, handle)
        self._by = {kind: errand.deliverer(parts, handle) for kind, errand in ERRANDS.items()}
        self._counting = threading.Lock()

    def once(self, limit: int = 100) -> Delivered:
        """Let time pass for what is overdue, then deliver what is due, up to *limit* of each.

        Records for which time can't pass don't count. Before each item the lanes are looked at
        from the first again, so that what is urgent waits for one delivery at most.
        """
        passed, owed = self.swept(limit)
        done = Delivered(expired=passed).plus(self.all_of(owed))
        for _ in range(limit):
            item = next(filter(None, map(self.leases.take, LANES)), None)
            if item is None:
                break
            done = done.plus(self.all_of((item,)))
        return done

    def swept(self, limit: int = 100) -> tuple[int, tuple[OutboxItem, ...]]:
        """Let time pass for what is overdue; say for how many, and what that owes."""
        passed, owed = self.sweep.once(limit)
        self._count(Delivered(expired=passed))
        return passed, owed

    def all_of(self, items: Iterable[OutboxItem]) -> Delivered:
        """Deliver those of *items* that this process holds, and what that owes in turn."""
        waiting, done = self.leases.hold(items), Delivered()
        try:
            while waiting:
                outcome = self.deliver(waiting.pop(0))
                waiting += self.leases.hold(outcome.owed)
                done = done.plus(_COUNTED[outcome.done])
        finally:
            for item in waiting:
                self.leases.drop(item)
        return done

    def deliver(self, item: OutboxItem) -> DeliveryOutcome:
        """Deliver one item and settle it, unless another worker has it by now."""
        try:
            if not self.leases.holds(item):
                return DeliveryOutcome(done=Done.WAITING)
            outcome = self._tried(item)
            if not outcome.settled:
                self.parts.store.settle(self._settled(item, outcome))
        finally:
            self.leases.drop(item)
        self._count(_COUNTED[outcome.done])
        return outcome

    def _count(self, done: Delivered) -> None:
        with self._counting:
            self.done = self.done.plus(done)

    def _tried(self, item: OutboxItem) -> DeliveryOutcome:
        try:
            return self._by[item.kind](item)
        except caught() as failure:  # one bad item must not stop the others
            ours = isinstance(failure, IkdError) and not isinstance(failure, PortError)
            final = ours or not getattr(failure, "retryable", True)
            return self._failed(item, code_of(failure), "final" if final else "passing")

    def _failed(self, item: OutboxItem, code: str, how: Failure) -> DeliveryOutcome:
        """Wait as long as what is owed is waited for; then let whoever is concerned know."""
        later = patience(
            question=item.kind == "question",
            created=item.created_at,
            until=item.until,
            attempts=item.attempts,
            failure=how,
            wanted=True,  # else it would have been void
            now=self.parts.clock.now(),
            spread=int.from_bytes(self.parts.entropy(2), "big") / 65536,
        )
        if isinstance(later, datetime):
            return DeliveryOutcome(done=Done.WAITING, failure=code, not_before=later)
        gave_up = later is TryingEnd.GIVE_UP and self.leases.holds(item)
        return self.reporter.gave_up(item, code) if gave_up else DeliveryOutcome(done=Done.WAITING)

    def _settled(self, item: OutboxItem, outcome: DeliveryOutcome) -> Settled:
        now = self.parts.clock.now()
        return Settled(
            id=item.id,
            lease=item.lease,
            done=outcome.done,
            at=now,
            not_before=outcome.not_before,
            failure=outcome.failure,
            channel=outcome.channel,
            reference=outcome.reference,
            handed_at=None if outcome.channel is None else now,
        )

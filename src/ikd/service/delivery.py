"""Delivering what is owed, after the commit and again until it is done.

What can't be delivered is parked: visible, never dropped. Nothing that one item or one record
does wrong keeps the others waiting.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

import attrs

from ikd.core import cbor, structure
from ikd.core.activation import commands as activation
from ikd.core.decide import Command
from ikd.core.errors import DeliveryError, IkdError, PortError
from ikd.core.identity import commands as identity
from ikd.core.ports import Done, Found, OutboxItem, OutboxKind
from ikd.core.records.actor import Actor
from ikd.core.records.notices import Notice
from ikd.core.records.questions import Question
from ikd.service.notices import Notifier
from ikd.service.outcome import Outcome
from ikd.service.parts import Parts
from ikd.service.questions import Asker, Handle
from ikd.service.retention import horizon

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
_PURGE_EVERY = timedelta(hours=1)
_PAGES = 10  # of overdue records in one round, while time can't pass for any of them
_MAX_OWED = 65536  # bytes of a payload: no notice or question comes near
_LOG = logging.getLogger("ikd")


@attrs.frozen(kw_only=True)
class Delivered:
    """What one round of delivery did, in numbers."""

    expired: int = 0
    sent: int = 0
    later: int = 0
    parked: int = 0
    void: int = 0

    @property
    def moved(self) -> int:
        """How much was done; 0 when nothing was due, or time could pass for none that was.

        One round looks at ten pages of what is overdue; where more than that are stuck, the
        next goes on behind them.
        """
        return self.expired + self.sent + self.later + self.parked + self.void

    def plus(self, other: Delivered) -> Delivered:
        """Return the numbers of both."""
        mine, theirs = attrs.asdict(self), attrs.asdict(other)
        return Delivered(**{name: count + theirs[name] for name, count in mine.items()})


_COUNTED = {
    Done.SENT: Delivered(sent=1),
    Done.WAITING: Delivered(later=1),
    Done.PARKED: Delivered(parked=1),
    Done.VOID: Delivered(void=1),
}


@attrs.define
class Delivery:
    """Delivers for one service; *handle* takes the registry's answers and the sweep's command."""

    parts: Parts
    handle: Handle
    _purged: datetime | None = None
    _swept: Found | None = None

    def once(self, limit: int = 100) -> Delivered:
        """Let time pass for what is overdue, then deliver what is due, up to *limit* of each.

        Records for which time can't pass don't count.
        """
        now = self.parts.clock.now()
        self._purge(now)
        done = Delivered(expired=self._let_time_pass(now, limit))
        for _ in range(limit):
            item = self._lease()
            if item is None:
                break
            done = done.plus(_COUNTED[self._settle(item, self._deliver(item))])
        return done

    def _let_time_pass(self, now: datetime, limit: int) -> int:
        """Look at page after page until time passed for a record, and say for how many.

        So those for which it can't, however many, don't stand before all others: a round goes
        on where the last one ended, from the oldest again once the newest was had, and ends
        without any only when it saw all, or ``_PAGES`` pages.
        """
        since_oldest = self._swept is None
        for _ in range(_PAGES):
            passed = sum(map(self._sweep, self._overdue(now, limit)))
            if passed or (since_oldest and self._swept is None):
                return passed
            since_oldest = since_oldest or self._swept is None
        return 0

    def _overdue(self, now: datetime, limit: int) -> tuple[Found, ...]:
        """Return the page behind the last one; behind the page that isn't full stands nothing."""
        found = self.parts.store.overdue(now, limit=limit, after=self._swept)
        self._swept = found[-1] if found and len(found) == limit else None
        return found

    def _lease(self) -> OutboxItem | None:
        """Take one item: the lease must outlast one delivery, not a row of slow ones."""
        now = self.parts.clock.now()
        until = now + timedelta(seconds=self.parts.settings.lease_seconds)
        leased = self.parts.store.lease(now, until=until, limit=1)
        return leased[0] if leased else None

    def _purge(self, now: datetime) -> None:
        if self._purged is None or not self._purged <= now < self._purged + _PURGE_EVERY:
            self.parts.store.purge(horizon(self.parts.settings, now))
            self._purged = now

    def _sweep(self, found: Found) -> int:
        command: Command
        if found.kind == "identity":
            command = identity.IdentityTimePasses(identity_id=found.id)
        else:
            command = activation.TimePasses(application_id=found.id)
        try:
            handled = self.handle(command, Actor.system(), f"time/{found.id}/{found.version}")
        except IkdError as failure:
            _LOG.warning("time can't pass for %s %s: %s", found.kind, found.id, failure.code)
            return 0
        return 1 if handled.events else 0

    def _settle(self, item: OutboxItem, outcome: Outcome) -> Done:
        now = self.parts.clock.now()
        later = now + self._wait(item) if outcome.done is Done.WAITING else None
        self.parts.store.settle(
            item.id,
            outcome.done,
            lease=item.lease,
            now=now,
            not_before=later,
            failure=outcome.failure,
        )
        return outcome.done

    def _deliver(self, item: OutboxItem) -> Outcome:
        try:
            return self._tried(item)
        except DeliveryError as failure:
            return self._failed(item, failure.code, forever=not failure.retryable)
        except PortError as failure:
            return self._failed(item, failure.code, forever=False)
        except IkdError as failure:
            return self._failed(item, failure.code, forever=True)
        except Exception as failure:  # noqa: BLE001 - one bad item must not stop the others
            code = f"unexpected.{type(failure).__name__}"
            return self._failed(item, code, forever=False)

    def _tried(self, item: OutboxItem) -> Outcome:
        plain = cbor.decode(
            item.payload, max_depth=16, max_bytes=_MAX_OWED, booleans=True, nulls=True
        )
        if item.kind is OutboxKind.NOTICE:
            return Notifier(self.parts).send(item, structure.structure(plain, Notice))
        return Asker(self.parts, self.handle).ask(structure.structure(plain, Question))

    def _failed(self, item: OutboxItem, code: str, *, forever: bool) -> Outcome:
        final = forever or item.attempts >= self.parts.settings.attempts
        return Outcome(done=Done.PARKED if final else Done.WAITING, failure=code)

    def _wait(self, item: OutboxItem) -> timedelta:
        """Return a wait that doubles up to an hour, with jitter so that retries spread out."""
        doubled: timedelta = FIRST_WAIT * 2 ** min(max(item.attempts - 1, 0), 12)
        jitter = int.from_bytes(self.parts.entropy(2), "big") / 65536
        return min(doubled, LONGEST_WAIT) * (0.75 + jitter / 2)

"""The sweep: time passes for what is overdue, and what has done its work is dropped."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

import attrs

from ikd.core.errors import IkdError
from ikd.core.house.commands import NoteCalm
from ikd.core.ports import Found, Horizon, OutboxItem
from ikd.core.records.actor import Actor
from ikd.service.delivery_outcome import Handle
from ikd.service.parts import Parts, Settings

_PURGE_EVERY = timedelta(hours=1)
_TOKENS = timedelta(days=1)  # a clock that leapt ahead by less revives no used token
_PAGES = 10  # of overdue records in one round, while time can't pass for any of them
_LOG = logging.getLogger("ikd")


@attrs.define
class Sweep:
    """Sweeps for one service.

    Attributes:
        at: When its last round ended.
    """

    parts: Parts
    handle: Handle
    at: datetime | None = None
    _purged: datetime | None = None
    _behind: Found | None = None

    def once(self, limit: int) -> tuple[int, tuple[OutboxItem, ...]]:
        """Let time pass for up to *limit* records; say for how many, and what that owes."""
        now = self.parts.clock.now()
        self._purge(now)
        owed: list[OutboxItem] = []
        calm = self.parts.calm_until
        if calm and now < calm:
            passed = 0
            self._note(calm, now)
        else:
            passed = self._let_time_pass(now, limit, owed)
        self.at = now
        return passed, tuple(owed)

    def _purge(self, now: datetime) -> None:
        if self._purged is None or not self._purged <= now < self._purged + _PURGE_EVERY:
            self.parts.store.purge(_horizon(self.parts.settings, now))
            self._purged = now

    def _note(self, calm: datetime, now: datetime) -> None:
        """Note the wait in the store: this process may not live to its end."""
        noted = self.at is not None or self.parts.house.calm_until == calm
        if not noted and self.parts.store.overdue(now, limit=1):
            note = NoteCalm(office=next(iter(self.parts.offices)), until=calm)
            self.handle(note, Actor.system(), f"calm/{calm.isoformat()}", ())

    def _let_time_pass(self, now: datetime, limit: int, owed: list[OutboxItem]) -> int:
        """Look at page after page until time passed for a record, and say for how many.

        So those for which it can't, however many, don't stand before all others: a round goes
        on where the last one ended, from the oldest again once the newest was had, and ends
        without any only when it saw all, or ``_PAGES`` pages.
        """
        since_oldest = self._behind is None
        for _ in range(_PAGES):
            passed = sum(self._passes(found, owed) for found in self._overdue(now, limit))
            if passed or (since_oldest and self._behind is None):
                return passed
            since_oldest = since_oldest or self._behind is None
        return 0

    def _overdue(self, now: datetime, limit: int) -> tuple[Found, ...]:
        """Return the page behind the last one; behind the page that isn't full stands nothing."""
        found = self.parts.store.overdue(now, limit=limit, after=self._behind)
        self._behind = found[-1] if found and len(found) == limit else None
        return found

    def _passes(self, found: Found, owed: list[OutboxItem]) -> bool:
        """Let time pass by the command of the record's own kind, if it has one."""
        try:
            passes = self.parts.kinds.named(found.kind).time_passes
            if passes is None:
                return False
            key = f"time/{found.id}/{found.version}"
            handled = self.handle(passes(found.id), Actor.system(), key, ())
        except IkdError as failure:
            _LOG.warning("time can't pass for %s %s: %s", found.kind, found.id, failure.code)
            return False
        owed.extend(handled.owed)
        return bool(handled.events)


def _horizon(settings: Settings, now: datetime) -> Horizon:
    """Return how far back a store looks at *now*."""
    return Horizon(
        tokens=now - _TOKENS,
        answers=now - timedelta(days=settings.keep_answers_days),
        refusals=now - timedelta(days=settings.keep_refusals_days),
        looks=now - timedelta(days=settings.keep_looks_days),
        ended=now - timedelta(days=settings.keep_sent_days),
    )

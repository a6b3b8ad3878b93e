"""The law of a kind of record: which event may follow which status, and what each one changes."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Generic, TypeVar

import attrs

from ikd.core.errors import StoreError
from ikd.core.records.event import Event
from ikd.core.records.record import Record

R = TypeVar("R", bound=Record)
Changes = dict[str, Any]
"""New values of a record's attributes, by name."""
Transitions = Mapping[tuple[enum.Enum | None, type[Event]], enum.Enum]
"""Every transition there is; a pair that isn't in it can't happen."""


@attrs.frozen(kw_only=True)
class Law(Generic[R]):
    """The only code that changes a record of its kind.

    Attributes:
        transitions: Status before (``None`` for no record) and event, to the status after.
        begin: Makes the record of its first event.
        changes: What each later event changes beside version, time and status.
        follows: What else an event changes, whichever it was: told the record before (``None``
            for none) and the record after it.
    """

    transitions: Transitions
    begin: Callable[[Any], R]
    changes: Mapping[type[Event], Callable[[R, Any], Changes]]
    follows: Callable[[R | None, R], Changes] = lambda _before, _after: {}

    def evolve(self, record: R | None, happened: Event) -> R:
        """Return the record after one more event.

        Raises:
            StoreError: There is no such transition, so the journal isn't ours
                (``journal.transition``).
        """
        status = None if record is None else record.status
        after = self.transitions.get((status, type(happened)))
        if after is None:
            told = f"{type(happened).__name__} can't follow {status}"
            raise StoreError("journal.transition", told)
        made = self._made(record, happened, after)
        further = self.follows(record, made)
        return attrs.evolve(made, **further) if further else made

    def _made(self, record: R | None, happened: Event, after: enum.Enum) -> R:
        if record is None:
            return self.begin(happened)
        changed = self.changes[type(happened)](record, happened)
        if after is not record.status:
            changed = {**changed, "status": after}
        return attrs.evolve(record, version=record.version + 1, changed_at=happened.at, **changed)

    def replay(self, events: Iterable[Event]) -> R | None:
        """Return the record that *events* make, or ``None`` for none."""
        record = None
        for happened in events:
            record = self.evolve(record, happened)
        return record

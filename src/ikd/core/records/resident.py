"""The resident's record: the running case, the active identity and the NIK's wrong guesses.

It holds nothing personal. It is found by blind index; that index stands in claims only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import attrs

from ikd.core.errors import StoreError
from ikd.core.ids import RecordId
from ikd.core.records.journal import event

GUESS_WINDOW = timedelta(days=30)
MAX_GUESSES = 20  # wrong PINs a NIK in that window, over all its applications


@event("resident.opened/1")
@attrs.frozen(kw_only=True)
class ResidentOpened:
    """A NIK was met for the first time."""

    at: datetime
    resident_id: RecordId


@event("resident.case_started/1")
@attrs.frozen(kw_only=True)
class CaseStarted:
    """The newest visit: this application now holds the claim on the NIK."""

    at: datetime
    application_id: RecordId


@event("resident.case_closed/1")
@attrs.frozen(kw_only=True)
class CaseClosed:
    """The application that held the claim came to its end."""

    at: datetime
    application_id: RecordId


@event("resident.guess_counted/1")
@attrs.frozen(kw_only=True)
class GuessCounted:
    """A wrong PIN was compared for this NIK."""

    at: datetime


@event("resident.identity_linked/1")
@attrs.frozen(kw_only=True)
class IdentityLinked:
    """The claim passed to an identity, ending whichever was active before."""

    at: datetime
    identity_id: RecordId


ResidentEvent = ResidentOpened | CaseStarted | CaseClosed | GuessCounted | IdentityLinked


@attrs.frozen(kw_only=True)
class Resident:
    """One resident; see the module.

    Attributes:
        running: Application that holds the claim on the NIK, if any.
        identity: The active identity, if any.
        guesses: Times of the latest wrong PINs, oldest first.
    """

    id: RecordId
    version: int
    changed_at: datetime
    running: RecordId | None = None
    identity: RecordId | None = None
    guesses: tuple[datetime, ...] = ()
    office: str | None = None
    due: datetime | None = None

    def guesses_left(self, now: datetime) -> int:
        """Return how many wrong PINs this NIK may still meet in the window ending *now*."""
        return MAX_GUESSES - sum(at > now - GUESS_WINDOW for at in self.guesses)


def evolve_resident(record: Resident | None, happened: Any) -> Resident:  # noqa: ANN401
    """Return the record after one more event.

    Raises:
        StoreError: It can't follow, so the journal isn't ours (``journal.transition``).
    """
    if record is None and isinstance(happened, ResidentOpened):
        return Resident(id=happened.resident_id, version=1, changed_at=happened.at)
    apply = _APPLY.get(type(happened))
    if record is None or apply is None:
        known = "a resident" if record else "nothing"
        raise StoreError("journal.transition", f"{type(happened).__name__} can't follow {known}")
    return attrs.evolve(
        record, version=record.version + 1, changed_at=happened.at, **apply(record, happened)
    )


_APPLY: Mapping[type[Any], Callable[[Resident, Any], dict[str, Any]]] = {
    CaseStarted: lambda _r, h: {"running": h.application_id},
    CaseClosed: lambda _r, _h: {"running": None},
    GuessCounted: lambda r, h: {"guesses": (*r.guesses, h.at)[-MAX_GUESSES:]},
    IdentityLinked: lambda _r, h: {"identity": h.identity_id, "running": None},
}

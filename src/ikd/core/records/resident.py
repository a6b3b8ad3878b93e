"""The resident's record: the running case, the active identity and the NIK's wrong guesses.

It holds nothing personal. It is found by blind index; that index stands in claims only.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import attrs

from ikd.core.ids import RecordId
from ikd.core.records.event import Event, event
from ikd.core.records.law import Law
from ikd.core.records.record import Known, Record
from ikd.core.standard.own_limits import OWN_LIMITS

GUESS_WINDOW = OWN_LIMITS.nik_window.value
MAX_GUESSES = OWN_LIMITS.nik_guesses.value


@event("resident.opened/1")
@attrs.frozen(kw_only=True)
class ResidentOpened(Event):
    """A NIK was met for the first time."""

    resident_id: RecordId


@event("resident.case_started/1")
@attrs.frozen(kw_only=True)
class CaseStarted(Event):
    """The newest visit: this application now holds the claim on the NIK."""

    application_id: RecordId


@event("resident.case_closed/1")
@attrs.frozen(kw_only=True)
class CaseClosed(Event):
    """The application that held the claim came to its end."""

    application_id: RecordId


@event("resident.guess_counted/1")
@attrs.frozen(kw_only=True)
class GuessCounted(Event):
    """A wrong PIN was compared for this NIK."""


@event("resident.identity_linked/1")
@attrs.frozen(kw_only=True)
class IdentityLinked(Event):
    """The claim passed to an identity, ending whichever was active before."""

    identity_id: RecordId


EVENTS = (ResidentOpened, CaseStarted, CaseClosed, GuessCounted, IdentityLinked)


@attrs.frozen(kw_only=True)
class Resident(Record):
    """What is known of one resident: the running case, the active identity, wrong guesses.

    Attributes:
        running: Application that holds the claim on the NIK, if any.
        identity: The active identity, if any.
        guesses: Times of the latest wrong PINs, oldest first.
        office: Always ``None``: a resident belongs to no office.
        due: Always ``None``.
    """

    kind: ClassVar[str] = "resident"
    running: RecordId | None = None
    identity: RecordId | None = None
    guesses: tuple[datetime, ...] = ()
    office: str | None = None  # held by what was stored before kinds had columns
    due: datetime | None = None

    def guesses_left(self, now: datetime) -> int:
        """Return how many wrong PINs this NIK may still meet in the window ending *now*."""
        return MAX_GUESSES - sum(at > now - GUESS_WINDOW for at in self.guesses)


def _opened(happened: ResidentOpened) -> Resident:
    return Resident(id=happened.resident_id, version=1, changed_at=happened.at)


LAW = Law[Resident](
    transitions={
        (None, ResidentOpened): Known.KNOWN,
        (Known.KNOWN, CaseStarted): Known.KNOWN,
        (Known.KNOWN, CaseClosed): Known.KNOWN,
        (Known.KNOWN, GuessCounted): Known.KNOWN,
        (Known.KNOWN, IdentityLinked): Known.KNOWN,
    },
    begin=_opened,
    changes={
        CaseStarted: lambda _r, h: {"running": h.application_id},
        CaseClosed: lambda _r, _h: {"running": None},
        GuessCounted: lambda r, h: {"guesses": (*r.guesses, h.at)[-MAX_GUESSES:]},
        IdentityLinked: lambda _r, h: {"identity": h.identity_id, "running": None},
    },
)

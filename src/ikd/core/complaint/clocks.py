"""What is left of the limits on one complaint: the office's own, or the nation's.

Where the office published a limit for that kind of message, it is the office's. Where it published
none, the nation's limits go by the class, with their own law, in working days; nobody set one for
a suggestion. Whatever the class, the count starts at the receipt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial

from ikd.core.complaint.complaint import Complaint
from ikd.core.standard.calendar import DaysOff
from ikd.core.standard.channels import ComplaintClock, Complaints
from ikd.core.standard.complaintclock import complaint_deadline
from ikd.core.standard.deadlines import Days, Deadline, working_days_later
from ikd.core.standard.national import NATIONAL_CLOCKS, WITHOUT_LIMIT, NationalClock
from ikd.core.standard.office import Office

SILENCE = 10
"""Working days without a reply after which an answered complaint closes, as SP4N-LAPOR! does."""
REOPENED = timedelta(days=60)
"""How long a closed complaint may be opened again: our own choice; after it a new one is filed."""


def days_of(standard: Office, days_off: DaysOff) -> Days:
    """Return what days are counted by at an office."""
    return Days(calendar=standard.calendar, zone=standard.tz, off=days_off)


def limits(
    complaint: Complaint, standard: Office, now: datetime, days_off: DaysOff, *, kept: bool = True
) -> tuple[Deadline, ...]:
    """Return what is left of every limit of the running period; each stops when it was kept.

    Args:
        complaint: The complaint.
        standard: What rules it.
        now: When to measure.
        days_off: Tells the nation's holidays.
        kept: Whether those are told too whose clock has stopped.
    """
    published = standard.complaints or Complaints()
    own = [clock for clock in published.clocks if complaint.message in clock.kinds]
    found = _own(complaint, published, own) if own else _national(complaint, standard, days_off)
    return tuple(
        left(now if stop is None else stop) for stop, left in found if kept or stop is None
    )


_Clock = tuple[datetime | None, Callable[[datetime], Deadline]]
"""When it stopped, if it did, and what was left of it at a moment."""


def _own(
    complaint: Complaint, published: Complaints, clocks: Iterable[ComplaintClock]
) -> Iterator[_Clock]:
    verified = complaint.done_on("verify")
    begun = {} if verified is None else {"verified": max(verified, complaint.began_at)}
    starts = {"received": complaint.began_at, **begun}
    for clock in clocks:
        if clock.start.value in starts:
            left = partial(complaint_deadline, published, clock, starts[clock.start.value])
            yield _stop(complaint, complaint.done_on(clock.step)), left


def _stop(complaint: Complaint, *kept: datetime | None) -> datetime | None:
    """Return when a clock stopped, if it did: what was kept in time can't be broken later."""
    ended = (*kept, complaint.handed_at, complaint.closed_at)
    return min((at for at in ended if at is not None), default=None)


def _national(complaint: Complaint, standard: Office, days_off: DaysOff) -> Iterator[_Clock]:
    if complaint.message in WITHOUT_LIMIT:
        return
    first = complaint.began_at == complaint.received_at  # later it was routed long ago
    for clock in NATIONAL_CLOCKS:
        read = complaint.classified_at if clock.name == "routing" else None
        if clock.name == complaint.category or (clock.name == "routing" and first):
            left = partial(_left, clock, complaint.began_at, days_of(standard, days_off))
            yield _stop(complaint, read, complaint.answered_at), left


def _left(clock: NationalClock, start: datetime, days: Days, now: datetime) -> Deadline:
    due_at = working_days_later(start, clock.working_days, days)
    doubt = [f"hari libur {year} belum ditetapkan" for year in days.undecreed(start, due_at)]
    return Deadline(
        text=f"{clock.working_days} hari kerja",
        source=clock.law,
        due_at=due_at,
        remaining=due_at - now,
        paused=timedelta(),
        excused=False,
        binding=True,
        breached=now > due_at,
        label="; ".join([f"nasional ({clock.name}): {clock.why}", "sejak diterima", *doubt]),
    )

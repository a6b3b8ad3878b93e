"""What is left of an office's limits, with the nation's holidays known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from ikd.adapters.calendar import holidays
from ikd.core.standard import office as standards
from ikd.core.standard.calendar import DaysOff
from ikd.core.standard.deadlines import Deadline, Pause
from ikd.core.standard.office import Office


def deadlines(
    office: Office,
    started_at: datetime,
    now: datetime,
    pauses: Sequence[Pause] = (),
    starts: Mapping[str, datetime] | None = None,
    *,
    days_off: DaysOff | None = None,
) -> tuple[Deadline, ...]:
    """Return what is left of every limit of *office* whose clock runs, in the order of its text.

    Args:
        office: The office.
        started_at: When the case was registered.
        now: When to measure; for a finished case, when it was finished.
        pauses: Times in which a clock stood, each with its reason.
        starts: When other events happened that start a clock, by their name.
        days_off: Tells the nation's holidays and joint leave of a year; the decreed ones if not
            given.

    Raises:
        InputError: A pause has a reason that no limit of the office names (``pauses.reason``).
    """
    known = days_off or holidays.days_off
    return standards.deadlines(office, started_at, now, pauses, starts, days_off=known)

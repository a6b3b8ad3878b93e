"""What is left of what the office promised about following up a complaint.

It runs by the wall clock. "About" isn't exact: until the tolerance is over too, a limit that says
so isn't broken; how far that goes is a default and is told as one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from ikd.core.standard.channels import ComplaintClock, Complaints
from ikd.core.standard.deadlines import Deadline

_STARTS = {"received": "diterima", "verified": "diverifikasi"}


def complaint_deadlines(
    complaints: Complaints, kind: str, starts: Mapping[str, datetime], now: datetime
) -> tuple[Deadline, ...]:
    """Return what is left of the office's own limits for that *kind* of message.

    Args:
        complaints: What the office published.
        kind: The kind of message.
        starts: When it was ``received`` and, if it was, ``verified``; with their zone.
        now: When to measure; for one that was followed up, when that was.

    Returns:
        Every limit for that kind whose clock is started, in the order of the text.
    """
    return tuple(
        complaint_deadline(complaints, clock, starts[clock.start.value], now)
        for clock in complaints.clocks
        if kind in clock.kinds and clock.start.value in starts
    )


def complaint_deadline(
    complaints: Complaints, clock: ComplaintClock, start: datetime, now: datetime
) -> Deadline:
    """Return what is left of one of the office's limits that began at *start*."""
    due_at = start + clock.limit
    beyond = clock.tolerance.value if clock.about and clock.tolerance else timedelta()
    return Deadline(
        text=clock.text,
        source=clock.source,
        due_at=due_at,
        remaining=due_at - now,
        paused=timedelta(),
        excused=False,
        binding=True,
        breached=now > due_at + beyond,
        label="; ".join(_label(complaints, clock)),
    )


def _label(complaints: Complaints, clock: ComplaintClock) -> list[str]:
    ends = next((step.text for step in complaints.steps if step.name == clock.step), clock.step)
    words = [f"sejak {_STARTS[clock.start.value]} ({clock.start.source})", f"sampai {ends}"]
    if clock.about and clock.tolerance:
        hours = clock.tolerance.value / timedelta(hours=1)
        words.insert(0, f"kurang lebih, toleransi {hours:g} jam ({clock.tolerance.source})")
    return words

"""Who moves a complaint next, and by when it was promised."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ikd.core.complaint.clocks import limits as limits_of
from ikd.core.complaint.complaint import Complaint, ComplaintStatus
from ikd.core.records.actor import Role
from ikd.core.records.kind import Columns, Rulebook, columns_of
from ikd.core.records.waits import Waits
from ikd.core.standard.calendar import DaysOff
from ikd.core.standard.channels import Complaints, HandlingStep
from ikd.core.standard.deadlines import Deadline, Pause
from ikd.core.standard.office import Office
from ikd.core.standard.steps import Published

_MISSING = {"verify": "complaint_verification", "follow_up": "complaint_follow_up"}
_ENDED = {"silence": "complaint_silence", "not_ours": "complaint_not_ours"}


def waits(complaint: Complaint, standard: Office, _now: datetime) -> Waits:
    """Return who moves *complaint* next under its *standard*."""
    step = next_step(complaint, standard)
    role, missing = _turn(complaint, step)
    at_step = step is not None and missing == _missing(step)
    return Waits(
        role=role,
        since=_since(complaint, missing),
        until=complaint.due,
        missing=missing,
        desk=complaint.office,
        step=step.name if step and at_step else None,
        items=_items(step, standard) if step and at_step else (),
    )


def next_step(complaint: Complaint, standard: Office) -> HandlingStep | None:
    """Return the step that the office's order has next, or ``None`` once all were done."""
    published = standard.complaints or Complaints()
    return next((step for step in published.ordered if step.name not in complaint.done), None)


def _turn(complaint: Complaint, step: HandlingStep | None) -> tuple[Role | None, str]:
    if complaint.owed_by_hand:
        return Role.OPERATOR, "complaint_by_hand"
    if complaint.status is ComplaintStatus.CLOSED:
        return None, _ENDED.get(complaint.ending or "", "complaint_closed")
    if complaint.status is ComplaintStatus.HANDED_OVER:
        return Role.OPERATOR, "complaint_handed_over"
    if complaint.status is ComplaintStatus.ANSWERED:
        return Role.RESIDENT, "complaint_reply"
    return Role.OPERATOR, _owed(complaint, step)


def _owed(complaint: Complaint, step: HandlingStep | None) -> str:
    """Return what an open complaint waits for."""
    if step is not None:
        return _missing(step)
    if complaint.levy and "verify" not in complaint.done:
        return "complaint_verification"  # first in any case, whatever is published
    return "complaint_end" if complaint.is_anonymous else "complaint_answer"


def _missing(step: HandlingStep) -> str:
    return _MISSING.get(step.name, "complaint_follow_up")


def _since(complaint: Complaint, missing: str) -> datetime:
    owed = complaint.owed_by_hand
    if owed:
        return owed[0].at
    if missing in ("complaint_handed_over", "complaint_closed") or complaint.closed_at:
        return complaint.handed_at or complaint.closed_at or complaint.changed_at
    return max((complaint.began_at, *complaint.done_at, *_answers(complaint)))


def _answers(complaint: Complaint) -> list[datetime]:
    answered = complaint.status is ComplaintStatus.ANSWERED
    return [letter.handed_at or letter.at for letter in complaint.letters] if answered else []


def _items(step: HandlingStep, standard: Office) -> tuple[Published, ...]:
    """Return the step as the office published it: its number in the list, and its words."""
    steps = given_steps(standard)
    item = Published(
        number=steps.index(step) + 1,
        text=step.text,
        source=step.source,
        quote=step.quote,
        why=step.why,
    )
    return (item,)


def given_steps(standard: Office) -> tuple[HandlingStep, ...]:
    """Return the steps that an office published."""
    return standard.complaints.steps if standard.complaints else ()


def limits(
    complaint: Complaint,
    standard: Office,
    now: datetime,
    _pauses: Sequence[Pause],
    days_off: DaysOff,
) -> tuple[Deadline, ...]:
    """Return what is left of every limit whose clock runs; no published pause moves one."""
    return limits_of(complaint, standard, now, days_off, kept=False)


def columns(complaint: Complaint, rules: Rulebook) -> Columns:
    """Return what a complaint's row shows."""
    standard, at = rules.standard(complaint.standard), complaint.changed_at
    running = limits_of(complaint, standard, at, rules.days_off, kept=False)
    limit_at = min((limit.due_at for limit in running), default=None)
    return columns_of(complaint, waits(complaint, standard, at), limit_at)

"""Who moves an application next, and by when the office published that it would be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from ikd.core.activation.application import Application, Status
from ikd.core.records.actor import Role
from ikd.core.records.kind import Columns, Rulebook, columns_of
from ikd.core.records.waits import Waits
from ikd.core.standard.calendar import DaysOff
from ikd.core.standard.deadlines import Deadline, Pause
from ikd.core.standard.office import Office, deadlines
from ikd.core.standard.steps import items_of, movers, next_step

_MISSING = {
    "data_check": "registry_answer",
    "biometric": "biometric",
    "ministry_review": "review",
    "presence": "visit",
    "decision": "decision",
    "activate": "pin",
}
_STARTS = {
    "biometric": "fields_complete",
    "ministry_review": "ministry_reviewed",
    "presence": "present",
    "decision": "approved",
}
"""The clock that each step starts once it is done, by the office file's names."""


def waits(application: Application, standard: Office, now: datetime) -> Waits:
    """Return who moves *application* next under its *standard*."""
    step = next_step(application.done, standard.steps)
    if not application.is_live or step is None:
        return _ended(application)
    role, missing = _turn(application, standard, now)
    return Waits(
        role=role,
        since=_since(application, missing),
        until=application.due,
        missing=missing,
        desk=_desk(application, missing),
        step=step.name,
        items=items_of(step.name, standard.steps),
    )


def _ended(application: Application) -> Waits:
    return Waits(
        role=None,
        since=application.changed_at,
        until=None,
        missing=application.status.value.lower(),
        desk=application.office,
    )


def _turn(application: Application, standard: Office, now: datetime) -> tuple[Role, str]:
    if application.status is Status.PIN_SENT:
        if application.pin is not None:
            by_hand = application.pin.medium == "officer"
            return (Role.OPERATOR, "hand_over") if by_hand else (Role.RESIDENT, "pin")
        used = application.pins > standard.pin.reissues.value
        return (Role.OPERATOR, "pin_at_office") if used else (Role.RESIDENT, "new_pin")
    role = Role(application.mover(movers(standard.steps)))
    step = next_step(application.done, standard.steps)
    pairing = application.pairing
    if application.questions:
        return role, "registry_answer"
    if application.referred is not None:
        return role, "referral"
    if pairing is not None and now < pairing.until:
        return Role.OPERATOR, "check_code"
    if step is None or step.is_reported:
        return role, "report"
    if step.name == "biometric" and application.biometric_tries >= standard.biometric.tries.value:
        return Role.OPERATOR, "biometric_at_office"
    return role, _MISSING[step.name]


def _since(application: Application, missing: str) -> datetime:
    if application.questions:
        return application.questions[0].asked_at
    if missing == "pin" and application.pin_at is not None:
        return application.pin_at
    noted = None if missing in ("check_code", "new_pin") else application.turned_at
    return noted or application.changed_at


def _desk(application: Application, missing: str) -> str:
    pairing = application.pairing
    return pairing.office if pairing and missing == "check_code" else application.office


def starts(application: Application) -> Mapping[str, datetime]:
    """Return when each clock was started, by the office file's names."""
    noted = dict(zip(application.done, application.done_at, strict=False))
    begun = {_STARTS[name]: at for name, at in noted.items() if name in _STARTS}
    return {"registered": application.registered_at, **begun}


def columns(application: Application, rules: Rulebook) -> Columns:
    """Return what an application's row shows."""
    standard = rules.standard(application.standard)
    waiting = waits(application, standard, application.changed_at)
    return columns_of(application, waiting, _limit(application, standard, rules))


def limits(
    application: Application,
    standard: Office,
    now: datetime,
    pauses: Sequence[Pause],
    days_off: DaysOff,
) -> tuple[Deadline, ...]:
    """Return what is left of every limit whose clock runs; they stop when the case ends."""
    at = now if application.is_live else application.changed_at
    began = application.registered_at
    return deadlines(standard, began, at, pauses, starts(application), days_off=days_off)


def _limit(application: Application, standard: Office, rules: Rulebook) -> datetime | None:
    """Return when the first limit that can be broken is over, pauses left out."""
    running = limits(application, standard, application.changed_at, (), rules.days_off)
    return min((limit.due_at for limit in running if limit.binding), default=None)

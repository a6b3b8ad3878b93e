"""Who moves an application next, and by when the office published that it would be done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from ikd.core.activation.application import (
    AT_THE_COUNTER,
    UNFIT_TEXT,
    Application,
    ApplicationStatus,
)
from ikd.core.records.actor import Role
from ikd.core.records.kind import Columns, Rulebook, columns_of
from ikd.core.records.waits import Waits
from ikd.core.standard.calendar import DaysOff
from ikd.core.standard.deadlines import Deadline, Pause
from ikd.core.standard.findings import Consequence, Finding, told
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

_REFERRED = {AT_THE_COUNTER: "refused_visit", UNFIT_TEXT: "unfit_text"}

_NOW = frozenset(
    {"check_code", "new_pin", "pin_at_office", "undelivered", "refused_visit", "biometric_clearing"}
)
"""Begins with the newest event, even where the same role was waited for before it."""


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
        findings=tuple(_found(application, standard)),
    )


def _found(application: Application, standard: Office) -> Iterator[Finding]:
    for one in (*application.asked, *application.referrals):
        outcome: Consequence = "human" if one in application.referrals else "ask"
        yield told(one, outcome, *standard.requirement_texts(one.requirement))


def _ended(application: Application) -> Waits:
    return Waits(
        role=None,
        since=application.changed_at,
        until=None,
        missing=application.status.value.lower(),
        desk=application.office,
    )


def _turn(application: Application, standard: Office, now: datetime) -> tuple[Role, str]:
    if application.status is ApplicationStatus.PIN_SENT:
        return _pin_missing(application, standard)
    role = Role(application.mover(movers(standard.steps)))
    if application.questions:
        return role, "registry_answer"
    if application.referred is not None:
        return role, _REFERRED.get(application.referred, "referral")
    if application.asked:
        return role, "facts"
    beside = _beside_an_operator(application, standard, now)
    return beside or (role, _step_missing(application, standard))


def _pin_missing(application: Application, standard: Office) -> tuple[Role, str]:
    if application.pin is not None:
        by_hand = application.pin.medium == "officer"
        return (Role.OPERATOR, "hand_over") if by_hand else (Role.RESIDENT, "pin")
    if application.pins > standard.pin.reissues.value:
        return Role.OPERATOR, "pin_at_office"
    return Role.RESIDENT, "undelivered" if application.unsent else "new_pin"


def _step_missing(application: Application, standard: Office) -> str:
    step = next_step(application.done, standard.steps)
    return "report" if step is None or step.is_reported else _MISSING[step.name]


def _beside_an_operator(
    application: Application, standard: Office, now: datetime
) -> tuple[Role, str] | None:
    """Return what an operator must do while the resident is at the counter, or should be."""
    pairing = application.pairing
    if pairing is not None and now < pairing.until:
        return Role.OPERATOR, "check_code"
    used = application.biometric_tries >= standard.biometric.tries.value
    if used and _step_missing(application, standard) == "biometric":
        return Role.OPERATOR, "biometric_clearing"  # until it is made, for both are at the counter
    return None


def _since(application: Application, missing: str) -> datetime:
    if application.questions:
        return application.questions[0].asked_at
    if missing == "pin" and application.pin_at is not None:
        return application.pin_at
    noted = None if missing in _NOW else application.turned_at
    return noted or application.changed_at


def _desk(application: Application, missing: str) -> str:
    pairing = application.pairing
    return pairing.office if pairing and missing == "check_code" else application.office


def starts(application: Application) -> Mapping[str, datetime]:
    """Return when each clock was started, by the office file's names."""
    noted = dict(zip(application.done, application.done_at, strict=False))
    begun = {_STARTS[name]: at for name, at in noted.items() if name in _STARTS}
    declared = application.declared_at or begun.get("approved")
    complete = {"declared_complete": declared} if declared else {}
    return {"registered": application.registered_at, **complete, **begun}


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

"""The law of an application as one table, and the only code that changes its state."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import attrs

from ikd.core.activation import events as e
from ikd.core.activation.application import (
    Application,
    LivePin,
    OpenQuestion,
    Pairing,
    PendingSample,
    Status,
)
from ikd.core.errors import StoreError

_S = Status

TRANSITIONS: Mapping[tuple[Status | None, type[Any]], Status] = {
    (None, e.Registered): _S.OPEN,
    (_S.OPEN, e.QuestionAsked): _S.OPEN,
    (_S.OPEN, e.DataChecked): _S.OPEN,
    (_S.OPEN, e.DataReferred): _S.OPEN,
    (_S.OPEN, e.ReferralCleared): _S.OPEN,
    (_S.OPEN, e.BiometricSubmitted): _S.OPEN,
    (_S.OPEN, e.BiometricMatched): _S.OPEN,
    (_S.OPEN, e.BiometricRefused): _S.OPEN,
    (_S.OPEN, e.Reviewed): _S.OPEN,
    (_S.OPEN, e.StepReported): _S.OPEN,
    (_S.OPEN, e.PairingAnswered): _S.OPEN,
    (_S.OPEN, e.PresenceConfirmed): _S.OPEN,
    (_S.OPEN, e.Approved): _S.OPEN,
    (_S.OPEN, e.PinIssued): _S.PIN_SENT,
    (_S.OPEN, e.Rejected): _S.REJECTED,
    (_S.OPEN, e.Withdrawn): _S.WITHDRAWN,
    (_S.OPEN, e.Expired): _S.EXPIRED,
    (_S.PIN_SENT, e.PinIssued): _S.PIN_SENT,
    (_S.PIN_SENT, e.PinExpired): _S.PIN_SENT,
    (_S.PIN_SENT, e.PinRefused): _S.PIN_SENT,
    (_S.PIN_SENT, e.PinLocked): _S.LOCKED,
    (_S.PIN_SENT, e.Activated): _S.ACTIVATED,
    (_S.PIN_SENT, e.Withdrawn): _S.WITHDRAWN,
    (_S.PIN_SENT, e.Expired): _S.EXPIRED,
}
"""Every transition there is; a pair that isn't here can't happen."""


def evolve(application: Application | None, happened: Any) -> Application:  # noqa: ANN401
    """Return the application after one more event.

    Raises:
        StoreError: The table has no such transition, so the journal isn't ours
            (``journal.transition``).
    """
    status = None if application is None else application.status
    after = TRANSITIONS.get((status, type(happened)))
    if after is None:
        raise StoreError("journal.transition", f"{type(happened).__name__} can't follow {status}")
    if application is None:
        return _registered(happened)
    changed = _APPLY[type(happened)](application, happened)
    return attrs.evolve(
        application,
        version=application.version + 1,
        changed_at=happened.at,
        status=after,
        **changed,
    )


def replay(events: Iterable[Any]) -> Application | None:
    """Return the application that *events* make, or ``None`` for none."""
    application = None
    for happened in events:
        application = evolve(application, happened)
    return application


def _registered(happened: e.Registered) -> Application:
    return Application(
        id=happened.application_id,
        version=1,
        changed_at=happened.at,
        status=Status.OPEN,
        office=happened.office,
        standard=happened.standard,
        resident_id=happened.resident_id,
        device_key=happened.device_key,
        thumbprint=happened.thumbprint,
        device_model=happened.device_model,
        data_key_id=happened.data_key_id,
        sealed=happened.sealed,
        registered_at=happened.at,
        expires_at=happened.expires_at,
        done=("register",),
    )


def _answered(application: Application, happened: Any) -> dict[str, Any]:  # noqa: ANN401
    """Close the open question and give the draft back the time it waited."""
    if not application.questions:
        return {}
    waited = happened.at - application.questions[0].asked_at
    return {"questions": (), "expires_at": application.expires_at + waited}


def _step(application: Application, name: str) -> dict[str, Any]:
    # SIAK may have reported the data check before ikd asks for the name of the credential
    return {} if name in application.done else {"done": (*application.done, name)}


def _asked(_application: Application, happened: e.QuestionAsked) -> dict[str, Any]:
    asked = OpenQuestion(id=happened.question_id, kind=happened.question, asked_at=happened.at)
    return {"questions": (asked,)}


def _data_checked(application: Application, happened: e.DataChecked) -> dict[str, Any]:
    done = _step(application, "data_check")
    return {**_answered(application, happened), **done, "person": happened.person}


def _data_referred(application: Application, happened: e.DataReferred) -> dict[str, Any]:
    return {**_answered(application, happened), "referred": happened.reason, "sample": None}


def _cleared(application: Application, _happened: e.ReferralCleared) -> dict[str, Any]:
    known = {*application.cleared, application.referred or ""}
    return {"referred": None, "cleared": tuple(sorted(known - {""}))}


def _submitted(_application: Application, happened: e.BiometricSubmitted) -> dict[str, Any]:
    return {"sample": PendingSample(method=happened.method, sample_id=happened.sample_id)}


def _matched(application: Application, happened: e.BiometricMatched) -> dict[str, Any]:
    done = _step(application, "biometric")
    return {**_answered(application, happened), **done, "sample": None}


def _mismatched(application: Application, happened: e.BiometricRefused) -> dict[str, Any]:
    tries = application.biometric_tries + 1
    return {**_answered(application, happened), "sample": None, "biometric_tries": tries}


def _reviewed(application: Application, happened: e.Reviewed) -> dict[str, Any]:
    return {**_answered(application, happened), **_step(application, "ministry_review")}


def _paired(_application: Application, happened: e.PairingAnswered) -> dict[str, Any]:
    pairing = Pairing(
        office=happened.office,
        station=happened.station,
        transcript=happened.transcript,
        until=happened.until,
    )
    return {"pairing": pairing}


def _present(application: Application, happened: e.PresenceConfirmed) -> dict[str, Any]:
    return {
        **_step(application, "presence"),
        "pairing": None,
        "presence_office": happened.office,
        "presence_at": happened.at,
        "transcript": happened.transcript,
    }


def _pin_issued(application: Application, happened: e.PinIssued) -> dict[str, Any]:
    return {
        "pin": LivePin(id=happened.pin_id, until=happened.until),
        "pins": application.pins + 1,
        "pin_at": happened.at,
        "expires_at": happened.expires_at,
    }


def _pin_refused(application: Application, happened: e.PinRefused) -> dict[str, Any]:
    pin = application.pin
    left = None if pin is None or happened.attempts_left == 0 else pin
    counted = None if left is None else attrs.evolve(left, tries=left.tries + 1)
    return {"pin": counted, "pin_tries": application.pin_tries + 1}


def _activated(application: Application, happened: e.Activated) -> dict[str, Any]:
    done = _step(application, "activate")
    return {**done, "pin": None, "identity_id": happened.identity_id}


def _ended(application: Application, happened: Any) -> dict[str, Any]:  # noqa: ANN401
    return {**_answered(application, happened), "pin": None, "sample": None, "pairing": None}


_APPLY: Mapping[type[Any], Callable[[Application, Any], dict[str, Any]]] = {
    e.QuestionAsked: _asked,
    e.DataChecked: _data_checked,
    e.DataReferred: _data_referred,
    e.ReferralCleared: _cleared,
    e.BiometricSubmitted: _submitted,
    e.BiometricMatched: _matched,
    e.BiometricRefused: _mismatched,
    e.Reviewed: _reviewed,
    e.StepReported: lambda a, h: _step(a, h.step),
    e.PairingAnswered: _paired,
    e.PresenceConfirmed: _present,
    e.Approved: lambda a, _e: _step(a, "decision"),
    e.PinIssued: _pin_issued,
    e.PinExpired: lambda _a, _e: {"pin": None},
    e.PinRefused: _pin_refused,
    e.PinLocked: _ended,
    e.Activated: _activated,
    e.Rejected: _ended,
    e.Withdrawn: _ended,
    e.Expired: _ended,
}

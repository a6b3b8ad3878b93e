"""The law of an application: one table of transitions, and what each event changes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import attrs

from ikd.core.activation import events as e
from ikd.core.activation.application import (
    AT_THE_COUNTER,
    Application,
    ApplicationStatus,
    PendingPairing,
    PendingSample,
)
from ikd.core.records.event import Event
from ikd.core.records.law import Changes, Law, Transitions
from ikd.core.records.phone_record import LivePin, handed_over, hastened, undelivered
from ikd.core.records.questions import OpenQuestion
from ikd.core.standard.findings import RequirementVerdict

_S = ApplicationStatus

TRANSITIONS: Transitions = {
    (None, e.Registered): _S.OPEN,
    (_S.OPEN, e.FactsAsked): _S.OPEN,
    (_S.OPEN, e.FactsStated): _S.OPEN,
    (_S.OPEN, e.QuestionAsked): _S.OPEN,
    (_S.OPEN, e.ContactCorrected): _S.OPEN,
    (_S.OPEN, e.DeclaredComplete): _S.OPEN,
    (_S.OPEN, e.DataChecked): _S.OPEN,
    (_S.OPEN, e.DataReferred): _S.OPEN,
    (_S.OPEN, e.ReferralCleared): _S.OPEN,
    (_S.OPEN, e.BiometricSubmitted): _S.OPEN,
    (_S.OPEN, e.BiometricMatched): _S.OPEN,
    (_S.OPEN, e.BiometricRefused): _S.OPEN,
    (_S.OPEN, e.BiometricCleared): _S.OPEN,
    (_S.OPEN, e.Reviewed): _S.OPEN,
    (_S.OPEN, e.StepReported): _S.OPEN,
    (_S.OPEN, e.PairingAnswered): _S.OPEN,
    (_S.OPEN, e.CheckCodeRefused): _S.OPEN,
    (_S.OPEN, e.PresenceConfirmed): _S.OPEN,
    (_S.OPEN, e.PresenceRefused): _S.OPEN,
    (_S.OPEN, e.Approved): _S.OPEN,
    (_S.OPEN, e.PinIssued): _S.PIN_SENT,
    (_S.OPEN, e.Rejected): _S.REJECTED,
    (_S.OPEN, e.Withdrawn): _S.WITHDRAWN,
    (_S.OPEN, e.Expired): _S.EXPIRED,
    (_S.PIN_SENT, e.ContactCorrected): _S.PIN_SENT,
    (_S.PIN_SENT, e.PinIssued): _S.PIN_SENT,
    (_S.PIN_SENT, e.PinHastened): _S.PIN_SENT,
    (_S.PIN_SENT, e.PinHandedOver): _S.PIN_SENT,
    (_S.PIN_SENT, e.PinUndelivered): _S.PIN_SENT,
    (_S.PIN_SENT, e.PinExpired): _S.PIN_SENT,
    (_S.PIN_SENT, e.PinRefused): _S.PIN_SENT,
    (_S.PIN_SENT, e.PinLocked): _S.LOCKED,
    (_S.PIN_SENT, e.Activated): _S.ACTIVATED,
    (_S.PIN_SENT, e.Rejected): _S.REJECTED,
    (_S.PIN_SENT, e.Withdrawn): _S.WITHDRAWN,
    (_S.PIN_SENT, e.Expired): _S.EXPIRED,
}
"""Every transition there is; a pair that isn't here can't happen."""


def _registered(happened: e.Registered) -> Application:
    return Application(
        id=happened.application_id,
        version=1,
        changed_at=happened.at,
        status=ApplicationStatus.OPEN,
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
        done=("register", *happened.waived),
        done_at=(happened.at,) * (1 + len(happened.waived)) if happened.order else (),
        order=happened.order,
        pause_left=happened.paused,
        facts=() if happened.facts is None else (happened.facts,),
        verdicts=happened.verdicts,
    )


def _answered(application: Application, happened: Event) -> Changes:
    """Close the open question; one without an order of steps gets back the time that took."""
    if application.order or not application.questions:
        return {"questions": ()}
    waited = happened.at - application.questions[0].asked_at
    return {"questions": (), "expires_at": application.expires_at + waited}


def _step(application: Application, name: str) -> Changes:
    # SIAK may have reported the data check before ikd asks for the name of the credential
    return {} if name in application.done else {"done": (*application.done, name)}


def _follows(before: Application | None, after: Application) -> Changes:
    """Note when a step was done and the turn passed on; give back the time of a pause.

    What was registered before its order was noted stays under the rules of then.
    """
    if not after.order:
        return {}
    if before is None:
        return {"turned_at": after.changed_at}
    changes: Changes = {}
    if len(after.done) > len(before.done):
        changes["done_at"] = (*before.done_at, after.changed_at)
    if before.mover(before.order) != after.mover(after.order):
        changes["turned_at"] = after.changed_at
    if before.is_paused:
        changes |= _paused(before, after)
    return changes


def _paused(before: Application, after: Application) -> Changes:
    waited = max(timedelta(), min(after.changed_at - before.changed_at, before.pause_left))
    anew = after.expires_at != before.expires_at  # a PIN was sent: another life began
    life = {} if anew else {"expires_at": before.expires_at + waited}
    return {**life, "pause_left": before.pause_left - waited}


def _asked(_application: Application, happened: e.QuestionAsked) -> Changes:
    asked = OpenQuestion(id=happened.question_id, kind=happened.question, asked_at=happened.at)
    return {"questions": (asked,)}


def _weighed(application: Application, news: Iterable[RequirementVerdict]) -> Changes:
    """Let the newest verdict on each requirement count."""
    known = {one.requirement: one for one in application.verdicts}
    return {"verdicts": tuple((known | {one.requirement: one for one in news}).values())}


def _facts_asked(application: Application, happened: e.FactsAsked) -> Changes:
    return {**_answered(application, happened), **_weighed(application, happened.verdicts)}


def _facts_stated(application: Application, happened: e.FactsStated) -> Changes:
    answered = tuple(one for one in application.verdicts if one not in application.asked)
    left = attrs.evolve(application, verdicts=answered)
    facts = (*application.facts, happened.facts)
    return {"facts": facts, **_weighed(left, happened.verdicts)}


def _data_checked(application: Application, happened: e.DataChecked) -> Changes:
    done = {**_step(application, "data_check"), **_weighed(application, happened.verdicts)}
    return {**_answered(application, happened), **done, "person": happened.person}


def _data_referred(application: Application, happened: e.DataReferred) -> Changes:
    found = {**_weighed(application, happened.findings), "sample": None}
    return {**_answered(application, happened), **found, "referred": happened.reason}


def _cleared(application: Application, happened: e.ReferralCleared) -> Changes:
    """Clear what was named; what had no findings is cleared by the word it was referred for."""
    named = [
        attrs.evolve(one, verdict="cleared")
        for one in application.referrals
        if one.requirement in happened.which or not happened.which
    ]
    if len(named) < len(application.referrals):
        return _weighed(application, named)
    word = () if named else (application.referred or "",)
    known = {*application.cleared, *word} - {""}
    cleared = {"referred": None, "cleared": tuple(sorted(known))}
    return {**cleared, **_weighed(application, named)}


def _submitted(_application: Application, happened: e.BiometricSubmitted) -> Changes:
    sample = PendingSample(method=happened.method, sample_id=happened.sample_id)
    return {"sample": sample, "phone_ahead": happened.phone_ahead}


def _matched(application: Application, happened: e.BiometricMatched) -> Changes:
    done = _step(application, "biometric")
    return {**_answered(application, happened), **done, "sample": None, "supervised_until": None}


def _mismatched(application: Application, happened: e.BiometricRefused) -> Changes:
    supervised = application.supervised_until is not None  # a try that counted from the start
    tries = application.biometric_tries + (not supervised)
    closed = {"sample": None, "supervised_until": None}
    return {**_answered(application, happened), **closed, "biometric_tries": tries}


def _reviewed(application: Application, happened: e.Reviewed) -> Changes:
    held = happened.verified and happened.validated
    done = _step(application, "ministry_review") if held else {}
    return {**_answered(application, happened), **done}


def _paired(_application: Application, happened: e.PairingAnswered) -> Changes:
    pairing = PendingPairing(
        office=happened.office,
        station=happened.station,
        transcript=happened.transcript,
        until=happened.until,
    )
    return {"pairing": pairing}


def _mistyped(application: Application, happened: e.CheckCodeRefused) -> Changes:
    waits = application.pairing if happened.attempts_left else None
    return {"pairing": waits and attrs.evolve(waits, wrong=waits.wrong + 1)}


def _present(application: Application, happened: e.PresenceConfirmed) -> Changes:
    return {
        **_step(application, "presence"),
        "pairing": None,
        "presence_refusal": None,
        "presence_office": happened.office,
        "presence_at": happened.at,
        "transcript": happened.transcript,
    }


def _turned_away(_application: Application, happened: e.PresenceRefused) -> Changes:
    return {"pairing": None, "referred": AT_THE_COUNTER, "presence_refusal": happened.reason}


def _corrected(_application: Application, happened: e.ContactCorrected) -> Changes:
    return {"sealed": happened.sealed, "contact_corrections": happened.number}


def _pin_issued(_application: Application, happened: e.PinIssued) -> Changes:
    return {
        "pin": LivePin(id=happened.pin_id, until=happened.until, medium=happened.medium),
        "unsent": None,
        "pins": happened.number,
        "pin_at": happened.at,
        "expires_at": happened.expires_at,
    }


def _pin_refused(application: Application, happened: e.PinRefused) -> Changes:
    pin = application.pin
    left = None if pin is None or happened.attempts_left == 0 else pin
    counted = None if left is None else attrs.evolve(left, tries=left.tries + 1)
    return {"pin": counted, "pin_tries": application.pin_tries + 1}


def _activated(application: Application, happened: e.Activated) -> Changes:
    done = _step(application, "activate")
    return {**done, "pin": None, "identity_id": happened.identity_id}


def _ended(application: Application, happened: Event) -> Changes:
    ends = {"pin": None, "unsent": None, "sample": None, "pairing": None}
    return {**_answered(application, happened), **ends}


LAW = Law[Application](
    transitions=TRANSITIONS,
    begin=_registered,
    changes={
        e.FactsAsked: _facts_asked,
        e.FactsStated: _facts_stated,
        e.QuestionAsked: _asked,
        e.ContactCorrected: _corrected,
        e.DeclaredComplete: lambda _a, h: {"declared_at": h.at},
        e.DataChecked: _data_checked,
        e.DataReferred: _data_referred,
        e.ReferralCleared: _cleared,
        e.BiometricSubmitted: _submitted,
        e.BiometricMatched: _matched,
        e.BiometricRefused: _mismatched,
        e.BiometricCleared: lambda _a, h: {"supervised_until": h.until},
        e.Reviewed: _reviewed,
        e.StepReported: lambda a, h: _step(a, h.step),
        e.PairingAnswered: _paired,
        e.CheckCodeRefused: _mistyped,
        e.PresenceConfirmed: _present,
        e.PresenceRefused: _turned_away,
        e.Approved: lambda a, _e: _step(a, "decision"),
        e.PinIssued: _pin_issued,
        e.PinHastened: hastened,
        e.PinHandedOver: handed_over,
        e.PinUndelivered: undelivered,
        e.PinExpired: lambda _a, _e: {"pin": None},
        e.PinRefused: _pin_refused,
        e.PinLocked: _ended,
        e.Activated: _activated,
        e.Rejected: _ended,
        e.Withdrawn: _ended,
        e.Expired: _ended,
    },
    follows=_follows,
)

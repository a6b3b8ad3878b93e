"""The law of an identity: one table of transitions, and what each event changes."""

from __future__ import annotations

import attrs

from ikd.core.identity import events as e
from ikd.core.identity.identity import Credential, Identity, IdentityStatus
from ikd.core.records.law import Changes, Law, Transitions
from ikd.core.records.phone_record import LivePin, handed_over, hastened, undelivered

_S = IdentityStatus

TRANSITIONS: Transitions = {
    (None, e.IdentityOpened): _S.ACTIVE,
    (_S.ACTIVE, e.SignInPinIssued): _S.ACTIVE,
    (_S.ACTIVE, e.SignInPinHastened): _S.ACTIVE,
    (_S.ACTIVE, e.SignInPinHandedOver): _S.ACTIVE,
    (_S.ACTIVE, e.SignInPinUndelivered): _S.ACTIVE,
    (_S.ACTIVE, e.SignInPinExpired): _S.ACTIVE,
    (_S.ACTIVE, e.SignedIn): _S.ACTIVE,
    (_S.ACTIVE, e.SignInRefused): _S.ACTIVE,
    (_S.ACTIVE, e.PasscodeSet): _S.ACTIVE,
    (_S.ACTIVE, e.IdentityEnded): _S.ENDED,
}
"""Every transition there is; a pair that isn't here can't happen."""


def _opened(happened: e.IdentityOpened) -> Identity:
    pin = None
    if happened.pin_id is not None and happened.sign_in_until is not None:
        pin = LivePin(id=happened.pin_id, until=happened.sign_in_until, tries=happened.pin_tries)
    return Identity(
        id=happened.identity_id,
        version=1,
        changed_at=happened.at,
        status=IdentityStatus.ACTIVE,
        application_id=happened.application_id,
        resident_id=happened.resident_id,
        office=happened.office,
        standard=happened.standard,
        device_key=happened.device_key,
        thumbprint=happened.thumbprint,
        data_key_id=happened.data_key_id,
        sealed=happened.sealed,
        person=happened.person,
        transcript=happened.transcript,
        credential=Credential(
            id=happened.credential_id,
            status_index=happened.status_index,
            issued_at=happened.at,
            expires_at=happened.credential_until,
        ),
        pin=pin,
        total_tries=happened.total_tries,
        pins=happened.pins,
        pin_at=happened.pin_at,
        passcode_open=happened.passcode_open,
        phone_ahead=happened.phone_ahead,
    )


def _pin_issued(_identity: Identity, happened: e.SignInPinIssued) -> Changes:
    pin = LivePin(id=happened.pin_id, until=happened.until, medium=happened.medium)
    counts = {"pin": pin, "pins": happened.number, "pin_at": happened.at, "unsent": None}
    if not happened.in_person:
        return counts
    anew = {"total_tries": 0, "passcode_id": None, "passcode_wrong": 0, "passcode_open": False}
    return {**counts, **anew}


def _signed_in(_identity: Identity, happened: e.SignedIn) -> Changes:
    clock = {"phone_ahead": happened.phone_ahead}
    if happened.by == "pin":
        return {**clock, "pin": None, "passcode_open": True}
    return {**clock, "passcode_wrong": 0}


def _refused(identity: Identity, happened: e.SignInRefused) -> Changes:
    if happened.by == "passcode":
        return {"passcode_wrong": identity.passcode_wrong + 1}
    pin = identity.pin if happened.attempts_left else None
    counted = pin and attrs.evolve(pin, tries=pin.tries + 1)
    return {"pin": counted, "total_tries": identity.total_tries + 1}


def _passcode_set(_identity: Identity, happened: e.PasscodeSet) -> Changes:
    return {"passcode_id": happened.passcode_id, "passcode_open": False, "passcode_wrong": 0}


LAW = Law[Identity](
    transitions=TRANSITIONS,
    begin=_opened,
    changes={
        e.SignInPinIssued: _pin_issued,
        e.SignInPinHastened: hastened,
        e.SignInPinHandedOver: handed_over,
        e.SignInPinUndelivered: undelivered,
        e.SignInPinExpired: lambda _i, _e: {"pin": None},
        e.SignedIn: _signed_in,
        e.SignInRefused: _refused,
        e.PasscodeSet: _passcode_set,
        e.IdentityEnded: lambda _i, _e: (
            dict.fromkeys(("pin", "unsent", "passcode_id")) | {"passcode_open": False}
        ),
    },
)

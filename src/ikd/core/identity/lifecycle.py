"""The law of an identity as one table, and the only code that changes its state."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import attrs

from ikd.core.errors import StoreError
from ikd.core.identity import events as e
from ikd.core.identity.identity import Credential, Identity, SignInPin, Status

_S = Status

TRANSITIONS: Mapping[tuple[Status | None, type[Any]], Status] = {
    (None, e.IdentityOpened): _S.ACTIVE,
    (_S.ACTIVE, e.SignInPinIssued): _S.ACTIVE,
    (_S.ACTIVE, e.SignInPinExpired): _S.ACTIVE,
    (_S.ACTIVE, e.SignedIn): _S.ACTIVE,
    (_S.ACTIVE, e.SignInRefused): _S.ACTIVE,
    (_S.ACTIVE, e.PasscodeSet): _S.ACTIVE,
    (_S.ACTIVE, e.IdentityEnded): _S.ENDED,
}
"""Every transition there is; a pair that isn't here can't happen."""


def evolve(identity: Identity | None, happened: Any) -> Identity:  # noqa: ANN401
    """Return the identity after one more event.

    Raises:
        StoreError: The table has no such transition (``journal.transition``).
    """
    status = None if identity is None else identity.status
    after = TRANSITIONS.get((status, type(happened)))
    if after is None:
        raise StoreError("journal.transition", f"{type(happened).__name__} can't follow {status}")
    if identity is None:
        return _opened(happened)
    changed = _APPLY[type(happened)](identity, happened)
    return attrs.evolve(
        identity, version=identity.version + 1, changed_at=happened.at, status=after, **changed
    )


def replay(events: Iterable[Any]) -> Identity | None:
    """Return the identity that *events* make, or ``None`` for none."""
    identity = None
    for happened in events:
        identity = evolve(identity, happened)
    return identity


def _opened(happened: e.IdentityOpened) -> Identity:
    pin = None
    if happened.pin_id is not None and happened.sign_in_until is not None:
        pin = SignInPin(id=happened.pin_id, until=happened.sign_in_until, tries=happened.pin_tries)
    return Identity(
        id=happened.identity_id,
        version=1,
        changed_at=happened.at,
        status=Status.ACTIVE,
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
    )


def _pin_issued(_identity: Identity, happened: e.SignInPinIssued) -> dict[str, Any]:
    pin = SignInPin(id=happened.pin_id, until=happened.until, tries=0)
    counts = {"pin": pin, "pins": happened.number, "pin_at": happened.at}
    if not happened.in_person:
        return counts
    anew = {"total_tries": 0, "passcode_id": None, "passcode_wrong": 0, "passcode_open": False}
    return {**counts, **anew}


def _signed_in(_identity: Identity, happened: e.SignedIn) -> dict[str, Any]:
    if happened.by == "pin":
        return {"pin": None, "passcode_open": True}
    return {"passcode_wrong": 0}


def _refused(identity: Identity, happened: e.SignInRefused) -> dict[str, Any]:
    if happened.by == "passcode":
        return {"passcode_wrong": identity.passcode_wrong + 1}
    pin = identity.pin if happened.attempts_left else None
    counted = pin and attrs.evolve(pin, tries=pin.tries + 1)
    return {"pin": counted, "total_tries": identity.total_tries + 1}


def _passcode_set(_identity: Identity, happened: e.PasscodeSet) -> dict[str, Any]:
    return {"passcode_id": happened.passcode_id, "passcode_open": False, "passcode_wrong": 0}


_APPLY: Mapping[type[Any], Callable[[Identity, Any], dict[str, Any]]] = {
    e.SignInPinIssued: _pin_issued,
    e.SignInPinExpired: lambda _i, _e: {"pin": None},
    e.SignedIn: _signed_in,
    e.SignInRefused: _refused,
    e.PasscodeSet: _passcode_set,
    e.IdentityEnded: lambda _i, _e: {"pin": None, "passcode_id": None, "passcode_open": False},
}

"""What happens to an application. Facts for good: no secrets, nothing personal unsealed."""

from __future__ import annotations

from datetime import datetime, timedelta

import attrs

from ikd.core.activation.application import PAUSED
from ikd.core.ids import RecordId
from ikd.core.records.event import Event, event
from ikd.core.records.phone import SealedFields
from ikd.core.records.questions import QuestionKind


@event("application.registered/1")
@attrs.frozen(kw_only=True)
class Registered(Event):
    """An application was opened; *standard* pins the version of the office's standard.

    Its *order* is that of the steps, each with whom it waits for; its life pauses for as long as
    *paused* in all while that isn't the resident.
    """

    application_id: RecordId
    resident_id: RecordId
    office: str
    standard: str
    device_key: bytes = attrs.field(repr=False)
    thumbprint: bytes = attrs.field(repr=False)
    device_model: str | None
    data_key_id: RecordId
    sealed: SealedFields
    expires_at: datetime
    order: tuple[tuple[str, str], ...] = ()
    paused: timedelta = PAUSED


@event("application.question_asked/1")
@attrs.frozen(kw_only=True)
class QuestionAsked(Event):
    """A question to the registry is open."""

    question_id: RecordId
    question: QuestionKind


@event("application.data_checked/1")
@attrs.frozen(kw_only=True)
class DataChecked(Event):
    """The registry knows the NIK and its KTP-el meets the office's requirements."""

    ktp_el: str
    person: bytes = attrs.field(repr=False)


@event("application.data_referred/1")
@attrs.frozen(kw_only=True)
class DataReferred(Event):
    """The registry's answer is for a human: *reason* is its word for how the NIK stands."""

    reason: str


@event("application.referral_cleared/1")
@attrs.frozen(kw_only=True)
class ReferralCleared(Event):
    """An officer cleared the matter up; the registry is asked again."""


@event("application.biometric_submitted/1")
@attrs.frozen(kw_only=True)
class BiometricSubmitted(Event):
    """A sample was handed in and waits, sealed, for the registry's answer."""

    method: str
    sample_id: RecordId


@event("application.biometric_matched/1")
@attrs.frozen(kw_only=True)
class BiometricMatched(Event):
    """The sample matched and was alive; scores are 0 to 100, shown apart (P21)."""

    method: str
    match: int
    live: int | None


@event("application.biometric_refused/1")
@attrs.frozen(kw_only=True)
class BiometricRefused(Event):
    """The sample did not match, or was not alive: counted."""

    method: str
    match: int
    live: int | None
    attempts_left: int


@event("application.reviewed/1")
@attrs.frozen(kw_only=True)
class Reviewed(Event):
    """The registration was verified and validated (P22), *by* ministry or registry."""

    by: str


@event("application.step_reported/1")
@attrs.frozen(kw_only=True)
class StepReported(Event):
    """SIAK reported a step that is done there."""

    step: str


@event("application.pairing_answered/1")
@attrs.frozen(kw_only=True)
class PairingAnswered(Event):
    """The phone answered the office's QR; an operator at that station must confirm it."""

    office: str
    station: str
    transcript: bytes
    until: datetime


@event("application.presence_confirmed/1")
@attrs.frozen(kw_only=True)
class PresenceConfirmed(Event):
    """Resident and phone were at the office; from here on this case holds the claims."""

    office: str
    station: str
    operator: str
    transcript: bytes


@event("application.approved/1")
@attrs.frozen(kw_only=True)
class Approved(Event):
    """The application was approved."""


@event("application.pin_issued/1")
@attrs.frozen(kw_only=True)
class PinIssued(Event):
    """A PIN is owed to the resident; *number* counts this application's PINs from 1."""

    pin_id: RecordId
    until: datetime
    number: int
    expires_at: datetime


@event("application.pin_expired/1")
@attrs.frozen(kw_only=True)
class PinExpired(Event):
    """The PIN died of age; a reissue by device proof needs no new visit."""

    pin_id: RecordId


@event("application.pin_refused/1", public="try_again")
@attrs.frozen(kw_only=True)
class PinRefused(Event):
    """A wrong PIN, counted.

    Attributes:
        attempts_left: Tries left for this PIN; at 0 it is dead and a reissue must be asked.
        tries_left: Tries left for the application, whatever PINs come.
    """

    attempts_left: int
    tries_left: int


@event("application.pin_locked/1")
@attrs.frozen(kw_only=True)
class PinLocked(Event):
    """The application's tries are used up: locked for good, a new visit begins anew."""


@event("application.activated/1")
@attrs.frozen(kw_only=True)
class Activated(Event):
    """The right PIN came from the paired phone: the identity is active."""

    identity_id: RecordId


@event("application.rejected/1")
@attrs.frozen(kw_only=True)
class Rejected(Event):
    """Rejected; *clauses* are those of the requirements that were not met, if any."""

    reason: str
    clauses: tuple[str, ...]


@event("application.withdrawn/1")
@attrs.frozen(kw_only=True)
class Withdrawn(Event):
    """Withdrawn: by the ``resident``, an ``operator``, or ``superseded`` by a newer visit."""

    reason: str


@event("application.expired/1")
@attrs.frozen(kw_only=True)
class Expired(Event):
    """Its time ran out."""


EVENTS = (
    Registered,
    QuestionAsked,
    DataChecked,
    DataReferred,
    ReferralCleared,
    BiometricSubmitted,
    BiometricMatched,
    BiometricRefused,
    Reviewed,
    StepReported,
    PairingAnswered,
    PresenceConfirmed,
    Approved,
    PinIssued,
    PinExpired,
    PinRefused,
    PinLocked,
    Activated,
    Rejected,
    Withdrawn,
    Expired,
)

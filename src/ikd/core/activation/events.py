"""What happens to an application. Facts for good: no secrets, nothing personal unsealed."""

from __future__ import annotations

from datetime import datetime, timedelta

import attrs

from ikd.core.activation.application import PAUSED
from ikd.core.ids import RecordId
from ikd.core.records.event import Event, event
from ikd.core.records.phone_record import SealedFields
from ikd.core.records.questions import QuestionKind
from ikd.core.standard.findings import RequirementVerdict


@event("application.registered/1")
@attrs.frozen(kw_only=True)
class Registered(Event):
    """An application was opened; *standard* pins the version of the office's standard.

    Attributes:
        application_id: The application.
        resident_id: The resident's record, found by a blind index of the NIK.
        office: The office.
        standard: Digest of the version of the standard that rules this case for good.
        device_key: The phone's public key.
        thumbprint: Hash of that key.
        device_model: Model as the phone stated it, or ``None``.
        data_key_id: Name of the data key that seals this case.
        sealed: NIK, contact and further fields, sealed.
        expires_at: When the draft dies if nothing happens.
        order: The steps, each with the role that is waited for at it.
        paused: How long its life pauses in all while that isn't the resident.
        waived: Steps of the standard that weren't in force on that day, and count as done.
        facts: What the resident stated of themselves, sealed.
        verdicts: How the requirements were weighed that are settled by that.
    """

    application_id: RecordId
    resident_id: RecordId
    office: str
    standard: str
    device_key: bytes = attrs.field(repr=False)
    thumbprint: bytes = attrs.field(repr=False)
    device_model: str | None
    data_key_id: RecordId = attrs.field(repr=False)
    sealed: SealedFields = attrs.field(repr=False)
    expires_at: datetime
    order: tuple[tuple[str, str], ...] = ()
    paused: timedelta = PAUSED
    waived: tuple[str, ...] = ()
    facts: bytes | None = attrs.field(default=None, repr=False)
    verdicts: tuple[RequirementVerdict, ...] = ()


@event("application.facts_asked/1")
@attrs.frozen(kw_only=True)
class FactsAsked(Event):
    """A requirement is due and something isn't known: the resident must state it.

    Attributes:
        verdicts: How all that is due was weighed; of what is asked, the facts are named.
    """

    verdicts: tuple[RequirementVerdict, ...]


@event("application.facts_stated/1")
@attrs.frozen(kw_only=True)
class FactsStated(Event):
    """What was asked for was stated.

    Attributes:
        facts: It, sealed.
        verdicts: How the requirements were weighed that are settled by that.
    """

    facts: bytes = attrs.field(repr=False)
    verdicts: tuple[RequirementVerdict, ...] = ()


@event("application.question_asked/1")
@attrs.frozen(kw_only=True)
class QuestionAsked(Event):
    """A question to the registry is open.

    Attributes:
        question_id: The question.
        question: ``DATA_CHECK``, ``BIOMETRIC`` or ``REVIEW`` of ``QuestionKind``.
    """

    question_id: RecordId
    question: QuestionKind


@event("application.declared_complete/1")
@attrs.frozen(kw_only=True)
class DeclaredComplete(Event):
    """An officer declared the application complete, from which the office counts a time (F13).

    Attributes:
        officer: Who did.
        title: What their post is called, as the front end stated it.
    """

    officer: str
    title: str | None = None


@event("application.data_checked/1")
@attrs.frozen(kw_only=True)
class DataChecked(Event):
    """The registry knows the NIK and its KTP-el meets the office's requirements.

    Attributes:
        ktp_el: ``issued``, ``recorded`` or ``not_recorded``.
        person: Name, sex and birth date, sealed.
        verdicts: How every requirement was weighed.
    """

    ktp_el: str
    person: bytes = attrs.field(repr=False)
    verdicts: tuple[RequirementVerdict, ...] = ()


@event("application.data_referred/1")
@attrs.frozen(kw_only=True)
class DataReferred(Event):
    """The case is for a human: *reason* says why.

    Attributes:
        reason: The registry's word for how the NIK stands (``unknown``, ``deceased``,
            ``inactive``, ``several``); ``requirements`` that were weighed with its answer, or
            with the ``registration``; or ``unfit_text``: no credential could hold the name or
            birth date as the register writes it.
        findings: The requirements that an officer must look at.
    """

    reason: str
    findings: tuple[RequirementVerdict, ...] = ()


@event("application.referral_cleared/1")
@attrs.frozen(kw_only=True)
class ReferralCleared(Event):
    """An officer cleared the matter up; the case goes on once nothing is left.

    Attributes:
        which: What was cleared up: names of requirements, or what it was referred for; empty is
            all of it.
        why: What that rests on: ``seen``, ``documents``, ``registry`` or ``other``.
    """

    which: tuple[str, ...] = ()
    why: str | None = None


@event("application.biometric_submitted/1")
@attrs.frozen(kw_only=True)
class BiometricSubmitted(Event):
    """A sample was handed in and waits, sealed, for the registry's answer.

    Attributes:
        method: ``face``, ``iris`` or ``fingerprint``.
        sample_id: Name of the sealed sample, deleted at the answer.
        phone_ahead: How far the phone's clock was ahead.
    """

    method: str
    sample_id: RecordId = attrs.field(repr=False)
    phone_ahead: timedelta = timedelta()


@event("application.biometric_matched/1")
@attrs.frozen(kw_only=True)
class BiometricMatched(Event):
    """The sample matched and was alive; scores are 0 to 100, shown apart (P21).

    Attributes:
        method: The method.
        match: Likeness, 0 to 100.
        live: Liveness, 0 to 100; ``None`` where it wasn't measured.
    """

    method: str
    match: int
    live: int | None


@event("application.biometric_refused/1")
@attrs.frozen(kw_only=True)
class BiometricRefused(Event):
    """The sample did not match, or was not alive: counted.

    Attributes:
        method: The method.
        match: Likeness, 0 to 100.
        live: Liveness, 0 to 100; ``None`` where it wasn't measured.
        attempts_left: Tries left.
    """

    method: str
    match: int
    live: int | None
    attempts_left: int


@event("application.contact_corrected/1")
@attrs.frozen(kw_only=True)
class ContactCorrected(Event):
    """The resident mended e-mail or phone; *sealed* is all they typed as it is now.

    Attributes:
        sealed: What the resident typed, the rest of it as it was.
        number: Counts this application's corrections from 1.
    """

    sealed: SealedFields
    number: int


@event("application.reviewed/1")
@attrs.frozen(kw_only=True)
class Reviewed(Event):
    """The registration was looked at (P22), *by* ministry or registry; ``Rejected`` follows a no.

    Attributes:
        by: ``ministry`` or ``registry``.
        verified: Whether the data are the resident's.
        validated: Whether the data are right. The registry gives one word for both.
    """

    by: str
    verified: bool = True
    validated: bool = True


@event("application.biometric_cleared/1")
@attrs.frozen(kw_only=True)
class BiometricCleared(Event):
    """The tries were used up, and an operator lets one more be made at the counter until *until*.

    Attributes:
        officer: Who stands beside the resident.
        reason: ``equipment``, ``conditions``, ``appearance`` or ``other``.
        until: Until when the sample must be handed in.
    """

    officer: str
    reason: str
    until: datetime


@event("application.step_reported/1")
@attrs.frozen(kw_only=True)
class StepReported(Event):
    """SIAK reported a step that is done there.

    Attributes:
        step: The step.
    """

    step: str


@event("application.pairing_answered/1")
@attrs.frozen(kw_only=True)
class PairingAnswered(Event):
    """The phone answered the office's QR; an operator at that station must confirm it.

    Attributes:
        office: Office of the station.
        station: The station.
        transcript: Hash of the pairing token.
        until: Until when it can be confirmed.
    """

    office: str
    station: str
    transcript: bytes
    until: datetime


@event("application.check_code_refused/1")
@attrs.frozen(kw_only=True)
class CheckCodeRefused(Event):
    """Another code than the phone's was typed; at 0 left the phone must read the QR again.

    Attributes:
        office: Office of the station.
        station: The station.
        operator: Who typed it.
        attempts_left: Wrong codes that this pairing still survives.
    """

    office: str
    station: str
    operator: str
    attempts_left: int


@event("application.presence_confirmed/1")
@attrs.frozen(kw_only=True)
class PresenceConfirmed(Event):
    """Resident and phone were at the office; from here on this case holds the claims.

    Attributes:
        office: Office of the visit.
        station: The station.
        operator: The operator's id.
        transcript: Hash of the pairing token; later proofs name it.
        place: Kind of the place where the operator served, as the front end stated it.
        title: What the operator's post is called, likewise.
    """

    office: str
    station: str
    operator: str
    transcript: bytes
    place: str | None = None
    title: str | None = None


@event("application.presence_refused/1")
@attrs.frozen(kw_only=True)
class PresenceRefused(Event):
    """The operator turned the person at the counter away; whoever decides must look.

    Attributes:
        office: Office of the counter.
        station: The counter.
        operator: The operator.
        reason: ``data_mismatch``, ``face_mismatch``, ``documents`` or ``other``.
    """

    office: str
    station: str
    operator: str
    reason: str


@event("application.approved/1")
@attrs.frozen(kw_only=True)
class Approved(Event):
    """The application was approved."""


@event("application.pin_issued/1")
@attrs.frozen(kw_only=True)
class PinIssued(Event):
    """A PIN is owed to the resident; *number* counts this application's PINs from 1.

    Attributes:
        pin_id: Name of the PIN.
        until: When it dies of age.
        number: Counts this application's PINs from 1.
        expires_at: When the application dies.
        medium: By which of the standard's media first, if that was said.
    """

    pin_id: RecordId = attrs.field(repr=False)
    until: datetime
    number: int
    expires_at: datetime
    medium: str | None = None


@event("application.pin_hastened/1")
@attrs.frozen(kw_only=True)
class PinHastened(Event):
    """Another PIN was asked for while one still waits: that one goes at once.

    Attributes:
        pin_id: Name of the PIN.
        medium: By which of the standard's media first, if that was said.
    """

    pin_id: RecordId = attrs.field(repr=False)
    medium: str | None = None


@event("application.pin_handed_over/1")
@attrs.frozen(kw_only=True)
class PinHandedOver(Event):
    """An officer handed the PIN that waited over, on a slip.

    Attributes:
        pin_id: Name of the PIN.
    """

    pin_id: RecordId = attrs.field(repr=False)


@event("application.pin_undelivered/1")
@attrs.frozen(kw_only=True)
class PinUndelivered(Event):
    """A PIN reached nobody: its reissue is given back, and if it counted it counts no more.

    Attributes:
        pin_id: Name of the PIN.
        code: What went wrong last.
    """

    pin_id: RecordId = attrs.field(repr=False)
    code: str


@event("application.pin_expired/1")
@attrs.frozen(kw_only=True)
class PinExpired(Event):
    """The PIN died of age; a reissue by device proof needs no new visit.

    Attributes:
        pin_id: Name of the PIN.
    """

    pin_id: RecordId = attrs.field(repr=False)


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
    """The right PIN came from the paired phone: the identity is active.

    Attributes:
        identity_id: The identity that was opened in the same commit.
    """

    identity_id: RecordId


@event("application.rejected/1")
@attrs.frozen(kw_only=True)
class Rejected(Event):
    """Rejected; *clauses* are those of the requirements that were not met, if any.

    An approval that hasn't led to an activation is taken back by it: the PIN dies.

    Attributes:
        reason: The reason, kept for the audit and never sent.
        clauses: Every clause of the requirements that weren't met, if any.
        which: What an officer found against it, of what it was referred for.
        why: What that rests on: ``seen``, ``documents``, ``registry`` or ``other``.
    """

    reason: str
    clauses: tuple[str, ...]
    which: tuple[str, ...] = ()
    why: str | None = None


@event("application.withdrawn/1")
@attrs.frozen(kw_only=True)
class Withdrawn(Event):
    """Withdrawn: by the ``resident``, an ``operator``, or ``superseded`` by a newer visit.

    Attributes:
        reason: ``resident``, ``operator``, or ``superseded`` by a newer visit.
    """

    reason: str


@event("application.expired/1")
@attrs.frozen(kw_only=True)
class Expired(Event):
    """Its time ran out."""


EVENTS = (
    Registered,
    FactsAsked,
    FactsStated,
    QuestionAsked,
    ContactCorrected,
    DeclaredComplete,
    DataChecked,
    DataReferred,
    ReferralCleared,
    BiometricSubmitted,
    BiometricMatched,
    BiometricRefused,
    BiometricCleared,
    Reviewed,
    StepReported,
    PairingAnswered,
    CheckCodeRefused,
    PresenceConfirmed,
    PresenceRefused,
    Approved,
    PinIssued,
    PinHastened,
    PinHandedOver,
    PinUndelivered,
    PinExpired,
    PinRefused,
    PinLocked,
    Activated,
    Rejected,
    Withdrawn,
    Expired,
)

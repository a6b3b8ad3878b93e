"""What happens to an identity."""

from __future__ import annotations

from datetime import datetime, timedelta

import attrs

from ikd.core.ids import RecordId
from ikd.core.records.event import Event, event
from ikd.core.records.phone_record import SealedFields


@event("identity.opened/1")
@attrs.frozen(kw_only=True)
class IdentityOpened(Event):
    """An application was activated; the claims on NIK and device are the identity's now.

    Attributes:
        transcript: Hash of the pairing token of the visit; device proofs hold it.
        credential_id: Token id (cti) of the credential.
        status_index: Its place on the status list, drawn at random and never reused.
        pin_id: The activation PIN, where it may sign in once more (W28), else ``None``.
        sign_in_until: Until when it may.
        pin_tries: Wrong tries that PIN has met.
        total_tries: Wrong tries over all PINs; the budget goes on, it isn't refilled.
        pins: PINs issued so far.
        passcode_open: The passcode may be set now.
        phone_ahead: How far the phone's clock was ahead.
        identity_id: The identity.
        application_id: The application it came from.
        resident_id: The resident's record.
        office: The office.
        standard: Digest of the standard.
        device_key: The phone's public key.
        thumbprint: Hash of that key.
        data_key_id: Name of the data key.
        sealed: Sealed fields, passed on.
        person: Name, sex and birth date, sealed.
        credential_until: When the credential expires.
        pin_at: When the last was issued.
    """

    identity_id: RecordId
    application_id: RecordId
    resident_id: RecordId
    office: str
    standard: str
    device_key: bytes = attrs.field(repr=False)
    thumbprint: bytes = attrs.field(repr=False)
    data_key_id: RecordId = attrs.field(repr=False)
    sealed: SealedFields = attrs.field(repr=False)
    person: bytes | None = attrs.field(repr=False)
    transcript: bytes
    credential_id: RecordId
    status_index: int
    credential_until: datetime
    pin_id: RecordId | None = attrs.field(repr=False)
    sign_in_until: datetime | None
    pin_tries: int
    total_tries: int
    pins: int
    pin_at: datetime | None
    passcode_open: bool
    phone_ahead: timedelta = timedelta()


@event("identity.sign_in_pin_issued/1")
@attrs.frozen(kw_only=True)
class SignInPinIssued(Event):
    """Another PIN is owed, for signing in only; with *in_person* the budget begins anew.

    Attributes:
        pin_id: Name of the PIN.
        until: When it dies of age.
        number: Counts the PINs.
        in_person: An operator reset it with the resident there: the budget begins anew.
        medium: By which of the standard's media first, if that was said.
    """

    pin_id: RecordId = attrs.field(repr=False)
    until: datetime
    number: int
    in_person: bool
    medium: str | None = None


@event("identity.sign_in_pin_hastened/1")
@attrs.frozen(kw_only=True)
class SignInPinHastened(Event):
    """Another PIN was asked for while one still waits: that one goes at once.

    Attributes:
        pin_id: Name of the PIN.
        medium: By which of the standard's media first, if that was said.
    """

    pin_id: RecordId = attrs.field(repr=False)
    medium: str | None = None


@event("identity.sign_in_pin_handed_over/1")
@attrs.frozen(kw_only=True)
class SignInPinHandedOver(Event):
    """An officer handed the PIN that waited over, on a slip.

    Attributes:
        pin_id: Name of the PIN.
    """

    pin_id: RecordId = attrs.field(repr=False)


@event("identity.pin_undelivered/1")
@attrs.frozen(kw_only=True)
class SignInPinUndelivered(Event):
    """A PIN reached nobody: its reissue is given back, and if it counted it counts no more.

    Attributes:
        pin_id: Name of the PIN.
        code: What went wrong last.
    """

    pin_id: RecordId = attrs.field(repr=False)
    code: str


@event("identity.sign_in_pin_expired/1")
@attrs.frozen(kw_only=True)
class SignInPinExpired(Event):
    """The window for the first sign-in was missed.

    Attributes:
        pin_id: Name of the PIN.
    """

    pin_id: RecordId = attrs.field(repr=False)


@event("identity.signed_in/1")
@attrs.frozen(kw_only=True)
class SignedIn(Event):
    """Signed in, by ``pin`` (once) or ``passcode``.

    Attributes:
        by: ``pin`` (once) or ``passcode``.
        phone_ahead: How far the phone's clock was ahead.
    """

    by: str
    phone_ahead: timedelta = timedelta()


@event("identity.sign_in_refused/1", public="try_again")
@attrs.frozen(kw_only=True)
class SignInRefused(Event):
    """A wrong PIN or passcode, counted; at 0 left an operator must reset it in person.

    Attributes:
        by: ``pin`` or ``passcode``.
        attempts_left: Tries left for this secret.
        tries_left: Tries left in all; at 0 an operator must reset it in person.
    """

    by: str
    attempts_left: int
    tries_left: int


@event("identity.passcode_set/1")
@attrs.frozen(kw_only=True)
class PasscodeSet(Event):
    """The resident has a passcode now.

    Attributes:
        passcode_id: Name of its verifier.
    """

    passcode_id: RecordId = attrs.field(repr=False)


@event("identity.ended/1")
@attrs.frozen(kw_only=True)
class IdentityEnded(Event):
    """Ended: ``superseded`` by the same resident's activation on another phone.

    Attributes:
        reason: ``superseded``: the same resident activated on another phone.
    """

    reason: str


EVENTS = (
    IdentityOpened,
    SignInPinIssued,
    SignInPinHastened,
    SignInPinHandedOver,
    SignInPinUndelivered,
    SignInPinExpired,
    SignedIn,
    SignInRefused,
    PasscodeSet,
    IdentityEnded,
)

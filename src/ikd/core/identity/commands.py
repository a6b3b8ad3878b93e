"""What may be asked of an identity."""

from __future__ import annotations

import attrs

from ikd.core.activation.commands import CODE, PROOF, QR_TOKEN, SHORT_TEXT, to_pin
from ikd.core.errors import InputError
from ikd.core.identity.identity import Identity
from ikd.core.ids import RecordId, parse_id
from ikd.core.records.actor import Role
from ikd.core.records.declaration import SINCE, Command, Declared, Guessed, Need
from ikd.core.secrets.passcode import Passcode
from ikd.core.secrets.pin import Pin
from ikd.core.validators import given


def _passcode(value: Passcode | str) -> Passcode:
    if value is None:  # the types say that it can't be, a front end may say it all the same
        raise InputError("command.passcode", "a passcode is needed")
    return value if isinstance(value, Passcode) else Passcode.parse(value)


@attrs.frozen(kw_only=True)
class OfIdentity(Command):
    """A command that addresses an identity.

    Attributes:
        identity_id: The identity.
    """

    identity_id: RecordId = attrs.field(converter=parse_id)


def _signs_in_by(command: SignIn, identity: Identity) -> Guessed:
    if command.passcode is not None:
        return Guessed(secret_id=identity.passcode_id, entered=command.passcode)
    pin_id = identity.pin.id if identity.pin else None
    return Guessed(secret_id=pin_id, entered=given(command.pin))  # it has one of the two


@Declared(by={Role.RESIDENT}, needs={Need.PROOF, Need.GUESS}, guesses_at=_signs_in_by)
@attrs.frozen(kw_only=True)
class SignIn(OfIdentity):
    """Sign in on the paired phone, with the PIN once after activation (W28), then the passcode.

    Where the office publishes no sign-in by PIN, the passcode alone does.

    Leads to: ``SignedIn`` or ``SignInRefused``.

    Attributes:
        identity_id: The identity.
        pin: Exactly one of the two.
        passcode: Exactly one of the two.
        proof: The device proof.
    """

    pin: Pin | None = attrs.field(default=None, converter=attrs.converters.optional(to_pin))
    passcode: Passcode | None = attrs.field(
        default=None, converter=attrs.converters.optional(_passcode)
    )
    proof: bytes = attrs.field(repr=False, validator=PROOF)

    def __attrs_post_init__(self) -> None:
        if (self.pin is None) == (self.passcode is None):
            raise InputError("command.sign_in", "either the PIN or the passcode")


@Declared(by={Role.RESIDENT}, needs={Need.PROOF, Need.PASSCODE})
@attrs.frozen(kw_only=True)
class SetPasscode(OfIdentity):
    """Set the passcode: after the first sign-in, or by device proof where none is published.

    Leads to: ``PasscodeSet``.

    Attributes:
        identity_id: The identity.
        passcode: Six digits, or 8 to 64 characters.
        proof: The device proof.
    """

    passcode: Passcode = attrs.field(converter=_passcode)
    proof: bytes = attrs.field(repr=False, validator=PROOF)


@Declared(by={Role.RESIDENT}, needs={Need.PROOF, Need.PIN}, public="accepted")
@attrs.frozen(kw_only=True)
class RenewSignIn(OfIdentity):
    """Ask, by the paired phone, for another PIN to sign in with: the window was missed.

    While a PIN still waits to be sent none is made: that one goes at once.

    Leads to: ``SignInPinIssued``, or ``SignInPinHastened`` for one that waits.

    Attributes:
        identity_id: The identity.
        proof: The device proof.
        medium: As in ``ReissuePin``.
    """

    proof: bytes = attrs.field(repr=False, validator=PROOF)
    medium: str | None = attrs.field(default=None, validator=SHORT_TEXT, metadata={SINCE: 2})


@Declared(by={Role.OPERATOR})
@attrs.frozen(kw_only=True)
class HandOverSignInPin(OfIdentity):
    """Hand the sign-in PIN that waits to the resident at the counter, as in ``HandOverPin``.

    Leads to: ``SignInPinHandedOver``.

    Attributes:
        identity_id: The identity.
    """


@Declared(by={Role.SYSTEM})
@attrs.frozen(kw_only=True)
class ReportSignInUndelivered(OfIdentity):
    """Report that a sign-in PIN reached nobody; asked by delivery, once a PIN.

    Leads to: ``SignInPinUndelivered``.

    Attributes:
        identity_id: The identity.
        pin_id: The PIN.
        code: What went wrong last.
    """

    pin_id: RecordId = attrs.field(converter=parse_id, repr=False)
    code: str = attrs.field(validator=CODE)


@Declared(by={Role.OPERATOR}, needs={Need.PHONE_QR, Need.PIN}, right="reset")
@attrs.frozen(kw_only=True)
class ResetSignIn(OfIdentity):
    """An operator, with the resident and the phone in person, lets sign-in begin anew.

    The phone's own fresh QR is scanned.

    Leads to: ``SignInPinIssued``.

    Attributes:
        identity_id: The identity.
        token: The ``IKDR:`` text, made for the application of this identity.
    """

    token: str = attrs.field(repr=False, validator=QR_TOKEN)


@Declared(by={Role.SYSTEM})
@attrs.frozen(kw_only=True)
class IdentityTimePasses(OfIdentity):
    """Look whether an identity's sign-in PIN is overdue; asked by the sweep.

    Leads to: ``SignInPinExpired`` or nothing.

    Attributes:
        identity_id: The identity.
    """


COMMANDS = (
    SignIn,
    SetPasscode,
    RenewSignIn,
    ResetSignIn,
    HandOverSignInPin,
    ReportSignInUndelivered,
    IdentityTimePasses,
)

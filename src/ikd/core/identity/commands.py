"""What may be asked of an identity."""

from __future__ import annotations

import attrs

from ikd.core.activation.commands import MAX_TOKEN, proof_bytes
from ikd.core.errors import InputError
from ikd.core.ids import RecordId, parse_id
from ikd.core.secrets.passcode import Passcode
from ikd.core.secrets.pin import Pin


def _pin(value: Pin | str | None) -> Pin | None:
    return value if value is None or isinstance(value, Pin) else Pin.parse(value)


def _passcode(value: Passcode | str | None) -> Passcode | None:
    return value if value is None or isinstance(value, Passcode) else Passcode.parse(value)


@attrs.frozen(kw_only=True)
class SignIn:
    """Sign in on the paired phone: with the PIN once after activation (W28), then the passcode."""

    identity_id: RecordId = attrs.field(converter=parse_id)
    pin: Pin | None = attrs.field(default=None, converter=_pin)
    passcode: Passcode | None = attrs.field(default=None, converter=_passcode)
    proof: bytes = attrs.field(repr=False, validator=proof_bytes)

    def __attrs_post_init__(self) -> None:
        if (self.pin is None) == (self.passcode is None):
            raise InputError("command.sign_in", "either the PIN or the passcode")


@attrs.frozen(kw_only=True)
class SetPasscode:
    """Set the passcode: after the first sign-in, or by device proof where none is published."""

    identity_id: RecordId = attrs.field(converter=parse_id)
    passcode: Passcode | None = attrs.field(converter=_passcode)
    proof: bytes = attrs.field(repr=False, validator=proof_bytes)

    def __attrs_post_init__(self) -> None:
        if self.passcode is None:
            raise InputError("command.passcode", "a passcode is needed")


@attrs.frozen(kw_only=True)
class RenewSignIn:
    """Ask, by the paired phone, for another PIN to sign in with: the window was missed."""

    identity_id: RecordId = attrs.field(converter=parse_id)
    proof: bytes = attrs.field(repr=False, validator=proof_bytes)


@attrs.frozen(kw_only=True)
class ResetSignIn:
    """An operator, with the resident and the phone in person, lets sign-in begin anew."""

    identity_id: RecordId = attrs.field(converter=parse_id)
    token: str = attrs.field(repr=False)

    @token.validator
    def _short(self, _attribute: object, value: object) -> None:
        if not isinstance(value, str) or not 0 < len(value) <= MAX_TOKEN:
            raise InputError("command.token", "a QR token is 1 to 2000 characters")


@attrs.frozen(kw_only=True)
class IdentityTimePasses:
    """Look whether this identity is overdue; asked by the sweep."""

    identity_id: RecordId = attrs.field(converter=parse_id)


Command = SignIn | SetPasscode | RenewSignIn | ResetSignIn | IdentityTimePasses

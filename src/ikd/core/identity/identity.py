"""The identity, as its events have made it."""

from __future__ import annotations

import enum
from datetime import datetime

import attrs

from ikd.core.activation.events import SealedFields
from ikd.core.ids import RecordId

PASSCODE_TRIES = 3  # wrong passcodes in a row; then an operator resets it in person


class Status(enum.Enum):
    """Where an identity stands."""

    ACTIVE = "ACTIVE"
    ENDED = "ENDED"


@attrs.frozen(kw_only=True)
class SignInPin:
    """The PIN that may sign in once: its id, until when, the wrong tries it has met."""

    id: RecordId
    until: datetime
    tries: int


@attrs.frozen(kw_only=True)
class Credential:
    """What the credential is made from; drawn at activation, signed whenever asked for."""

    id: RecordId
    status_index: int
    issued_at: datetime
    expires_at: datetime


@attrs.frozen(kw_only=True)
class Identity:
    """One identity; the attributes are those of ``IdentityOpened``."""

    id: RecordId
    version: int
    changed_at: datetime
    status: Status
    application_id: RecordId
    resident_id: RecordId
    office: str
    standard: str
    device_key: bytes = attrs.field(repr=False)
    thumbprint: bytes = attrs.field(repr=False)
    data_key_id: RecordId
    sealed: SealedFields
    person: bytes | None = attrs.field(repr=False)
    transcript: bytes
    credential: Credential
    pin: SignInPin | None
    total_tries: int
    pins: int
    pin_at: datetime | None
    passcode_open: bool
    passcode_id: RecordId | None = None
    passcode_wrong: int = 0

    @property
    def due(self) -> datetime | None:
        """When its sign-in PIN dies of age, if one lives."""
        return self.pin.until if self.pin and self.status is Status.ACTIVE else None

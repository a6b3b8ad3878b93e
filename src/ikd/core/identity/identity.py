"""The identity, as its events have made it."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import ClassVar

import attrs

from ikd.core.ids import RecordId
from ikd.core.records.phone_record import PhoneRecord
from ikd.core.standard.own_limits import OWN_LIMITS

PASSCODE_TRIES = OWN_LIMITS.passcode_tries.value


class IdentityStatus(enum.Enum):
    """Where an identity stands."""

    ACTIVE = "ACTIVE"
    ENDED = "ENDED"


@attrs.frozen(kw_only=True)
class Credential:
    """What the credential is made from; drawn at activation, signed whenever asked for."""

    id: RecordId
    status_index: int
    issued_at: datetime
    expires_at: datetime


@attrs.frozen(kw_only=True)
class Identity(PhoneRecord):
    """One identity; the attributes are those of ``IdentityOpened``.

    Attributes:
        status: ``ACTIVE`` or ``ENDED``.
        application_id: The application it came from.
        credential: What its credential is made from.
        total_tries: Wrong tries over all PINs; the budget goes on from the application.
        passcode_open: Whether the passcode may be set now.
        passcode_id: The passcode that counts, once one is set.
        passcode_wrong: Wrong passcodes in a row.
    """

    kind: ClassVar[str] = "identity"
    status: IdentityStatus
    application_id: RecordId
    credential: Credential
    total_tries: int
    passcode_open: bool
    passcode_id: RecordId | None = attrs.field(default=None, repr=False)
    passcode_wrong: int = 0

    @property
    def is_live(self) -> bool:
        """Whether it hasn't ended."""
        return self.status is not IdentityStatus.ENDED

    @property
    def due(self) -> datetime | None:
        """When its sign-in PIN dies of age, if one lives."""
        return self.pin.until if self.pin and self.status is IdentityStatus.ACTIVE else None

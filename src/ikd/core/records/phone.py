"""A record of one resident on one phone: whose it is, and what is sealed of its owner."""

from __future__ import annotations

from datetime import datetime, timedelta

import attrs

from ikd.core.ids import RecordId
from ikd.core.records.questions import OpenQuestion
from ikd.core.records.record import Record


@attrs.frozen(kw_only=True)
class SealedFields:
    """What the resident typed, sealed under the record's data key; core never opens it.

    Attributes:
        nik: The NIK.
        email: The e-mail address, where one was given.
        phone: The phone number, where one was given.
        more: Further fields and stated facts, where any were given.
    """

    nik: bytes = attrs.field(repr=False)
    email: bytes | None = attrs.field(default=None, repr=False)
    phone: bytes | None = attrs.field(default=None, repr=False)
    more: bytes | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True)
class LivePin:
    """The PIN that counts now: its id, until when, and the wrong tries it has met.

    Attributes:
        id: Identifier of the secret.
        until: Until when it counts.
        tries: Wrong tries that it has met.
    """

    id: RecordId = attrs.field(repr=False)
    until: datetime
    tries: int = 0


@attrs.frozen(kw_only=True)
class SealedRecord(Record):
    """A record with personal fields.

    Attributes:
        office: The office it belongs to.
        standard: Digest of the office's standard that rules it.
        data_key_id: Secret that holds the wrapped data key of its fields.
        sealed: What the resident typed.
        person: The registry's facts of the person, sealed, once they were told.
        pin: The PIN that counts, or ``None`` (none yet, dead, superseded).
    """

    office: str
    standard: str
    data_key_id: RecordId = attrs.field(repr=False)
    sealed: SealedFields = attrs.field(repr=False)
    person: bytes | None = attrs.field(default=None, repr=False)
    pin: LivePin | None = None

    @property
    def questions(self) -> tuple[OpenQuestion, ...]:
        """What the registry hasn't answered yet, where the kind asks anything."""
        return ()


@attrs.frozen(kw_only=True)
class PhoneRecord(SealedRecord):
    """A sealed record that belongs to one phone.

    Attributes:
        resident_id: Whose it is.
        device_key: Public key of the phone: a point on P-256, 65 bytes.
        thumbprint: Thumbprint of that key.
        transcript: Hash of the pairing token of the visit; device proofs hold it.
        pins: PINs issued so far.
        pin_at: When the last one was issued.
        phone_ahead: How far ahead the phone's clock was by its newest proof that was noted.
    """

    resident_id: RecordId
    device_key: bytes = attrs.field(repr=False)
    thumbprint: bytes = attrs.field(repr=False)
    transcript: bytes | None = None
    pins: int = 0
    pin_at: datetime | None = None
    phone_ahead: timedelta = timedelta()

    @property
    def is_live(self) -> bool:
        """Whether it isn't over."""
        return True

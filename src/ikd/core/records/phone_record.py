"""A record of one resident on one phone: whose it is, and what is sealed of its owner."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

import attrs

from ikd.core.ids import RecordId
from ikd.core.records.case_record import CaseRecord
from ikd.core.records.questions import OpenQuestion


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
        medium: By which it goes first, if the resident said so.
    """

    id: RecordId = attrs.field(repr=False)
    until: datetime
    tries: int = 0
    medium: str | None = None


@attrs.frozen(kw_only=True)
class UnsentPin:
    """The last PIN, which reached nobody.

    Attributes:
        id: Identifier of the secret.
        code: What went wrong last.
        at: When it was told.
    """

    id: RecordId = attrs.field(repr=False)
    code: str
    at: datetime


@attrs.frozen(kw_only=True)
class SealedRecord(CaseRecord):
    """A case with personal fields.

    Attributes:
        sealed: What the resident typed.
        person: The registry's facts of the person, sealed, once they were told.
        pin: The PIN that counts, or ``None`` (none yet, dead, superseded).
    """

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
        pins: PINs issued so far; one that ended without having left isn't counted.
        pin_at: When one was last asked for or issued.
        unsent: The last PIN, if it ended without having left.
        phone_ahead: How far ahead the phone's clock was by its newest proof that was noted.
    """

    resident_id: RecordId
    device_key: bytes = attrs.field(repr=False)
    thumbprint: bytes = attrs.field(repr=False)
    transcript: bytes | None = None
    pins: int = 0
    pin_at: datetime | None = None
    phone_ahead: timedelta = timedelta()
    unsent: UnsentPin | None = None

    @property
    def is_live(self) -> bool:
        """Whether it isn't over."""
        return True


class _OfPin(Protocol):
    """An event that names a PIN."""

    at: datetime
    pin_id: RecordId


class _Hastened(_OfPin, Protocol):
    medium: str | None


class _Unsent(_OfPin, Protocol):
    code: str


def hastened(record: PhoneRecord, happened: _Hastened) -> dict[str, object]:
    """Return what a request changes while the PIN still waits: the cooldown, the medium."""
    pin = record.pin
    if pin is not None and happened.medium is not None:
        pin = attrs.evolve(pin, medium=happened.medium)
    return {"pin": pin, "pin_at": happened.at}


def handed_over(record: PhoneRecord, _happened: _OfPin) -> dict[str, object]:
    """Return what a slip changes: nobody waits for the officer any more."""
    return {"pin": record.pin and attrs.evolve(record.pin, medium=None)}


def undelivered(record: PhoneRecord, happened: _Unsent) -> dict[str, object]:
    """Return what the end of a PIN changes that reached nobody: it isn't counted any more."""
    pin = None if record.pin and record.pin.id == happened.pin_id else record.pin
    unsent = UnsentPin(id=happened.pin_id, code=happened.code, at=happened.at)
    return {
        "pin": pin,
        "pins": max(record.pins - 1, 0),
        "unsent": None if pin else unsent,
    }

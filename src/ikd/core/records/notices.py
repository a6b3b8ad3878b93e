"""Notices: messages owed to somebody, decided in core, delivered after the commit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import attrs

from ikd.core.ids import RecordId


@attrs.frozen(kw_only=True)
class Notice:
    """A message owed; it names the record whose sealed contact it goes to.

    Attributes:
        id: Identifier; the Message-ID is made from it, so a copy is known as one.
        template: Which text is sent.
        kind: Kind of the record whose resident is told.
        record_id: That record.
        media: Media that the office's standard allows for this act, in order.
        sender: Whom the standard names as sender.
        params: What the text needs, none of it secret.
        pin_id: The PIN it carries, if any: superseding that PIN voids the notice.
        sealed_pin: That PIN under the outbox key.
        until: After this it must not be sent any more, if ever.
        text_id: Secret with the words of an officer that it carries, if any.
    """

    id: RecordId
    template: str
    kind: str
    record_id: RecordId
    media: tuple[str, ...]
    sender: str
    params: Mapping[str, str] = attrs.field(factory=dict)
    pin_id: RecordId | None = None
    sealed_pin: bytes | None = attrs.field(default=None, repr=False)
    until: datetime | None = None
    text_id: RecordId | None = None

    @property
    def subject(self) -> RecordId | None:
        """What it is sent for: its record hears by that name that it reached nobody."""
        return self.pin_id or self.text_id


@attrs.frozen(kw_only=True)
class Message:
    """A notice ready to send: what a channel gets.

    Attributes:
        id: The notice's identifier; the same notice keeps the same one for ever.
        medium: ``email``, ``sms``, ``whatsapp`` or another.
        to: One address or number.
        sender: Display name of the sender that the standard publishes.
        subject: Subject line, without personal data.
        text: The message, Indonesian first and English below it.
        html: The same for media that show HTML, or ``None``.
    """

    id: str
    medium: str
    to: str = attrs.field(repr=False)
    sender: str
    subject: str
    text: str = attrs.field(repr=False)
    html: str | None = attrs.field(default=None, repr=False)

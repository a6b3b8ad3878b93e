"""Sending notices, by the media that the office's standard names for each act and no other.

A notice keeps its Message-ID over every try, so a crash between sending and noting it makes a
copy that is known as one, never a second notice.
"""

from __future__ import annotations

import re
from datetime import datetime

import attrs

from ikd.core.errors import ConflictError, DeliveryError
from ikd.core.ports import Channel, Commit, Done, OutboxItem, Receipt
from ikd.core.records.case_record import CaseRecord
from ikd.core.records.count import Count
from ikd.core.records.notices import Message, Notice
from ikd.core.records.patience import TryingEnd, patience
from ikd.core.records.phone_record import LivePin, SealedRecord
from ikd.core.records.texts import Rendered, local_time, render
from ikd.core.resident.contact import Email
from ikd.core.secrets.sealing import blind_index
from ikd.core.standard.media import FIELD_OF
from ikd.core.standard.office import Office
from ikd.core.standard.zones import CLOCKS
from ikd.service.adapter_call import fenced
from ikd.service.delivery_outcome import VOID, DeliveryOutcome
from ikd.service.load import Loader
from ikd.service.owed import read_owed
from ikd.service.parts import Parts
from ikd.service.sealed_fields import Vault

# A channel's name, and what its provider calls a message: neither at sign nor leading plus.
_REFERENCE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._:=+/-]{0,199}", re.ASCII)
TRIES_A_MEDIUM = 4  # then the next medium that the standard names gets its turn
_BY_MAIL, _BY_HAND = "email", "officer"
_FULL = "channel.limit"

Way = tuple[Channel, str]


@attrs.frozen
class Notifier:
    """Sends notices for one service."""

    parts: Parts

    def send(self, item: OutboxItem) -> DeliveryOutcome:
        """Send a notice by the first way that takes it; nothing is sent of a dead PIN.

        Raises:
            DeliveryError: Not now, and the notice stays owed; or never by any way.
        """
        notice = read_owed(item.payload, Notice)
        record = Loader(self.parts).case(notice.kind, notice.record_id)
        go_on = self._go_on(item, notice, record)
        if go_on is TryingEnd.VOID:
            return VOID
        if go_on is TryingEnd.GIVE_UP:
            raise DeliveryError(item.failure or "pin.late", retryable=False)
        ways = [way for medium in _media(notice, record) for way in self._ways(medium, record)]
        rendered = self._rendered(notice, record)
        refused = "channel.none"
        for channel, address in _in_turn(ways, item.attempts):
            try:
                self._count(item, record, channel, address)
                receipt = _take(channel, _message(notice, channel, address, rendered))
            except DeliveryError as failure:
                if failure.retryable:
                    raise
                refused = failure.code
                continue
            return DeliveryOutcome(
                done=Done.SENT,
                failure="channel.unsure" if receipt.unsure else None,
                channel=_short(channel.name) or "",
                reference=_short(receipt.reference),
            )
        if _BY_HAND in notice.media:
            raise DeliveryError("channel.officer", retryable=True)
        raise DeliveryError(refused, retryable=False)

    def _count(self, item: OutboxItem, record: CaseRecord, channel: Channel, address: str) -> None:
        """Count an item once that goes to an address which anybody may have typed.

        Raises:
            DeliveryError: Enough went there for now; it waits (``channel.limit``).
        """
        if record.was_present or (item.attempts > 1 and item.failure != _FULL):
            return
        quotas, medium = self.parts.standard(record.standard).quotas, channel.medium
        name = Email.parse(address).mailbox if medium == _BY_MAIL else address
        key = blind_index(self.parts.keys.secrets("index")[0], f"count/{medium}", name)
        most, window = quotas.messages_an_address.value, quotas.window.value
        one = Count(space=f"message/{medium}", key=key, most=most, window=window)
        try:
            self.parts.store.commit(Commit(at=self.parts.clock.now(), counts=(one,)))
        except ConflictError as conflict:
            if conflict.clash != "limit":
                raise
            raise DeliveryError(_FULL, "enough for now", retryable=True) from None

    def slip(self, item: OutboxItem) -> Rendered:
        """Return the notice of a PIN as an officer prints it."""
        notice = read_owed(item.payload, Notice)
        return self._rendered(notice, Loader(self.parts).case(notice.kind, notice.record_id))

    def _go_on(self, item: OutboxItem, notice: Notice, record: CaseRecord) -> datetime | TryingEnd:
        pin = _pin(record)
        pin = pin if pin and pin.id == notice.pin_id else None
        return patience(
            question=False,
            created=item.created_at,
            until=pin.until if pin else None,
            attempts=item.attempts,
            failure=None,
            wanted=notice.pin_id is None or pin is not None,
            now=self.parts.clock.now(),
        )

    def _ways(self, medium: str, record: CaseRecord) -> list[Way]:
        """Return the channels of *medium*, each with the resident's address there."""
        field = FIELD_OF.get(medium)
        address = field and Vault(self.parts).open_field(record, field)
        return [
            (channel, address)
            for channel in self.parts.channels
            # an office's own channel never carries another's messages
            if address
            and channel.medium == medium
            and getattr(channel, "office", record.office) == record.office
        ]

    def _rendered(self, notice: Notice, record: CaseRecord) -> Rendered:
        standard = self.parts.standard(record.standard)
        template = self.parts.templates[notice.template]
        zone = CLOCKS[standard.about.zone.value]
        times = {
            "until": notice.until,
            "visited_at": getattr(record, "presence_at", None),
            "at": record.changed_at,
        }
        params = {
            **notice.params,
            **{name: local_time(at, zone) for name, at in times.items() if at is not None},
            **self._button(notice, standard),
            **self._words(notice, record),
        }
        wanted = template.required | template.optional
        params = {name: text for name, text in params.items() if name in wanted}
        return render(template, params, self._secrets(notice))

    def _words(self, notice: Notice, record: CaseRecord) -> dict[str, str]:
        """Return what an officer wrote, where the notice carries it."""
        if notice.text_id is None:
            return {}
        return {"answer": Vault(self.parts).told(record, notice.text_id)["text"]}

    def _button(self, notice: Notice, standard: Office) -> dict[str, str]:
        """Return the mail's button where the office publishes one (W19): an opaque handle."""
        button = standard.pin.buttons.get("mail")
        if button is None or notice.pin_id is None:
            return {}
        return {
            "button": button.label,
            "link": f"{self.parts.settings.activation_link}{notice.id}",
        }

    def _secrets(self, notice: Notice) -> dict[str, str] | None:
        if notice.sealed_pin is None or notice.pin_id is None:
            return None
        return {"pin": Vault(self.parts).open_pin(notice.sealed_pin, notice.id, notice.pin_id)}


def _pin(record: CaseRecord) -> LivePin | None:
    return record.pin if isinstance(record, SealedRecord) else None


def _media(notice: Notice, record: CaseRecord) -> list[str]:
    """Return the media in their order, that first which the resident asked for."""
    pin = _pin(record)
    asked = pin.medium if pin else None
    return sorted(notice.media, key=lambda medium: medium != asked)


def _take(channel: Channel, message: Message) -> Receipt:
    """Return what *channel* said when it took it.

    Raises:
        DeliveryError: Not now, or never.
    """
    return fenced(
        lambda: channel.deliver(message),
        Receipt,
        lambda why: DeliveryError("channel.failed", why, retryable=True),
    )


def _short(text: str) -> str | None:
    """Return what a channel wrote, where it can be neither an address nor a number to call."""
    return text if type(text) is str and _REFERENCE.fullmatch(text) else None


def _in_turn(ways: list[Way], attempts: int) -> list[Way]:
    """Return the ways, beginning with the one whose turn it is; a refusal moves on at once."""
    first = max(attempts - 1, 0) // TRIES_A_MEDIUM % max(len(ways), 1)
    return [*ways[first:], *ways[:first]]


def _message(notice: Notice, channel: Channel, address: str, rendered: Rendered) -> Message:
    long = channel.medium == _BY_MAIL
    return Message(
        id=notice.id,
        medium=channel.medium,
        to=address,
        sender=notice.sender,
        subject=rendered.subject,
        text=rendered.text if long else rendered.short,
        html=rendered.html if long else None,
    )

"""Sending notices, by the media that the office's standard names for each act and no other.

A notice keeps its Message-ID over every try, so a crash between sending and noting it makes a
copy that is known as one, never a second notice.
"""

from __future__ import annotations

import attrs

from ikd.core.errors import DeliveryError
from ikd.core.ports import Channel, Done, OutboxItem, Receipt
from ikd.core.records.notices import Message, Notice
from ikd.core.records.phone import SealedRecord
from ikd.core.records.texts import Rendered, local_time, render
from ikd.core.standard.office import Office
from ikd.core.standard.zones import CLOCKS
from ikd.service.fence import fenced
from ikd.service.load import Loader
from ikd.service.outcome import VOID, Outcome
from ikd.service.owed import read_owed
from ikd.service.parts import Parts
from ikd.service.sealed_fields import Vault

MAX_REFERENCE = 200  # characters of a channel's name, or of what its provider calls a message
TRIES_A_MEDIUM = 4  # then the next medium that the standard names gets its turn
_BY_MAIL = "email"

Way = tuple[Channel, str]


@attrs.frozen
class Notifier:
    """Sends notices for one service."""

    parts: Parts

    def send(self, item: OutboxItem) -> Outcome:
        """Send a notice by the first way that takes it; nothing is sent of a dead PIN.

        Raises:
            DeliveryError: Not now; the notice stays owed.
        """
        notice = read_owed(item.payload, Notice)
        record = Loader(self.parts).sealed(notice.kind, notice.record_id)
        if not self._still_counts(notice, record):
            return VOID
        standard = self.parts.standard(record.standard)
        ways = [way for medium in notice.media for way in self._ways(medium, notice, record)]
        if not ways:
            return Outcome(done=Done.PARKED, failure="channel.none")
        rendered = self._rendered(notice, record, standard)
        for channel, address in _in_turn(ways, item.attempts):
            receipt = _take(channel, _message(notice, channel, address, rendered))
            if receipt is not None:
                taker, reference = _short(channel.name), _short(receipt.reference)
                return Outcome(done=Done.SENT, channel=taker or "", reference=reference)
        return Outcome(done=Done.PARKED, failure="channel.refused")

    def _still_counts(self, notice: Notice, record: SealedRecord) -> bool:
        """Say whether a PIN still counts: a dead one is never sent."""
        if notice.pin_id is None:
            return True
        alive = record.pin is not None and record.pin.id == notice.pin_id
        return alive and (notice.until is None or self.parts.clock.now() < notice.until)

    def _ways(self, medium: str, notice: Notice, record: SealedRecord) -> list[Way]:
        """Return the channels of *medium*; the open word ``other`` is any that isn't named."""
        vault, found = Vault(self.parts), []
        for channel in self.parts.channels:
            if getattr(channel, "office", record.office) != record.office:
                continue  # an office's own channel never carries another's messages
            unnamed = channel.medium not in (_BY_MAIL, *notice.media)
            if channel.medium != medium and not (medium == "other" and unnamed):
                continue
            address = vault.open_field(record, "email" if channel.medium == _BY_MAIL else "phone")
            if address is not None:
                found.append((channel, address))
        return found

    def _rendered(self, notice: Notice, record: SealedRecord, standard: Office) -> Rendered:
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
        }
        wanted = template.required | template.optional
        params = {name: text for name, text in params.items() if name in wanted}
        return render(template, params, self._secrets(notice))

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


def _take(channel: Channel, message: Message) -> Receipt | None:
    """Return what *channel* said when it took it, or ``None`` if it never will.

    Raises:
        DeliveryError: Not now.
    """
    try:
        return fenced(
            lambda: channel.deliver(message),
            Receipt,
            lambda why: DeliveryError("channel.failed", why, retryable=True),
        )
    except DeliveryError as failure:
        if failure.retryable:
            raise
        return None


def _short(text: str) -> str | None:
    """Return what a channel wrote, if it is a text that may stand in a table."""
    fit = isinstance(text, str) and text.isprintable()
    return text[:MAX_REFERENCE] or None if fit else None


def _in_turn(ways: list[Way], attempts: int) -> list[Way]:
    """Return the ways, beginning with the one whose turn it is; a refusal moves on at once."""
    first = max(attempts - 1, 0) // TRIES_A_MEDIUM % len(ways)
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

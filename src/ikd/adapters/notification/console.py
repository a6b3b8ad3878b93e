"""Prints messages: for trying ikd out. Nobody's PIN belongs on a shared screen or in its log."""

from __future__ import annotations

import re
import sys
from typing import TextIO

from ikd.adapters.notification.address import ChannelUrl
from ikd.adapters.notification.fitness import check
from ikd.core.errors import DeliveryError
from ikd.core.ports import Receipt
from ikd.core.records.notices import Message

_DIGITS = re.compile(r"[0-9]{6,}", re.ASCII)


class ConsoleChannel:
    """Prints each message to a stream.

    Args:
        stream: Where to; standard output, as it is at each delivery, unless told.
        medium: The medium that it plays.
        reveal: Whether to show the address and every digit; else the address is left out and
            runs of six digits and more are masked.
    """

    name = "console"

    def __init__(
        self, stream: TextIO | None = None, medium: str = "email", *, reveal: bool = False
    ) -> None:
        self.medium = medium
        self._stream = stream
        self._reveal = reveal

    @classmethod
    def from_url(cls, url: ChannelUrl) -> ConsoleChannel:
        """Return the channel of ``console:``, with ``?medium=sms&reveal=1`` if wished."""
        url.allow({"medium", "reveal"})
        if url.path or url.host:
            raise url.fault("console: has no path")
        return cls(
            medium=url.options.get("medium", "email"), reveal=url.flag("reveal", default=False)
        )

    def __repr__(self) -> str:
        return f"ConsoleChannel(medium={self.medium!r})"

    def deliver(self, message: Message) -> Receipt:
        """Print *message*.

        Raises:
            DeliveryError: The stream can't be written (``channel.stream``, retryable), or the
                message is fit for no recipient (``channel.unfit``).
        """
        check(message, self.medium)
        try:
            stream = sys.stdout if self._stream is None else self._stream
            stream.write(self._shown(message))
            stream.flush()
        except (OSError, ValueError):  # closed, broken, or can't encode
            written = False
        else:
            written = True
        if not written:
            raise DeliveryError("channel.stream", "the stream can't be written", retryable=True)
        return Receipt(reference=message.id)

    def _shown(self, message: Message) -> str:
        lines = [
            f"--- {message.medium} {message.id}",
            f"From: {message.sender}",
            *([f"To: {message.to}"] if self._reveal else []),
            f"Subject: {self._safe(message.subject)}",
            "",
            self._safe(message.text),
            "---",
        ]
        return "\n".join(lines) + "\n"

    def _safe(self, text: str) -> str:
        return text if self._reveal else _DIGITS.sub(lambda run: "*" * len(run[0]), text)

"""The mail of a demonstration: kept in memory, and read by anybody on a page."""

from __future__ import annotations

import threading
from datetime import datetime

import attrs

import ikd
from ikd import errors


@attrs.frozen(kw_only=True)
class Letter:
    """One message that came.

    Attributes:
        at: When.
        message: The message.
    """

    at: datetime
    message: ikd.Message = attrs.field(repr=False)

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """What stands in it, a blank line between."""
        return tuple(part.strip() for part in self.message.text.split("\n\n") if part.strip())


class Letters:
    """All messages of all media, the newest first; ``trouble`` are the media that fail."""

    def __init__(self) -> None:
        self._lock, self._all = threading.Lock(), list[Letter]()
        self.trouble: set[str] = set()

    def take(self, letter: Letter) -> None:
        """Keep what came; the same message twice is one."""
        with self._lock:
            if all(one.message.id != letter.message.id for one in self._all):
                self._all.insert(0, letter)
                del self._all[200:]

    def newest(self) -> tuple[Letter, ...]:
        """Return what came."""
        with self._lock:
            return tuple(self._all)

    def channel(self, medium: str, service_now: ikd.ports.Clock) -> Carrier:
        """Return the channel of one medium."""
        return Carrier(self, medium, service_now)


class Carrier:
    """Carries one medium into the letters, unless it is in trouble."""

    name = "demo"

    def __init__(self, letters: Letters, medium: str, clock: ikd.ports.Clock) -> None:
        self._letters, self.medium, self._clock = letters, medium, clock

    def deliver(self, message: ikd.Message) -> ikd.Receipt:
        """Carry *message*.

        Raises:
            DeliveryError: The medium is in trouble; it is tried again.
        """
        if self.medium in self._letters.trouble:
            raise errors.DeliveryError(message="the server doesn't answer", retryable=True)
        self._letters.take(Letter(at=self._clock.now(), message=message))
        return ikd.Receipt(reference=message.id)

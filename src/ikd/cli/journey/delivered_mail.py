"""The residents' mail: delivered to files, and read back from those files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import attrs

from ikd.adapters.notification.file import FileChannel
from ikd.cli.language import language
from ikd.core.errors import DeliveryError
from ikd.core.ports import Receipt
from ikd.core.records.notices import Message
from ikd.core.standard.office import Office
from ikd.testing.mailbox import Letter

MASKED_PIN = "••••••"
_RULE = "* * *"  # between the halves of a mail; a short message has a line for each


def paragraphs(letter: Letter) -> tuple[str, ...]:
    """Return its half in the language that is spoken, for a screen: no PIN in it."""
    halves = [part.strip() for part in letter.text.split(_RULE if _RULE in letter.text else "\n")]
    mine = halves[1] if language() == "en" and len(halves) == 2 else halves[0]
    safe = mine.replace(letter.pin, MASKED_PIN) if letter.pin else mine
    above = [MASKED_PIN] if letter.pin and MASKED_PIN not in safe else []  # in the other half
    return (*above, *(part.strip() for part in safe.split("\n\n")))


@attrs.frozen
class Arrived:
    """A message that came.

    Attributes:
        to: Address or number.
        medium: The medium that carried it.
        file: Where it lies.
    """

    to: str = attrs.field(repr=False)
    medium: str
    file: Path

    @property
    def letter(self) -> Letter:
        """What stands in the file now."""
        return Letter.read(self.file)


class MailBox:
    """Takes the mail of the people it knows and leaves everybody else's where it is.

    Attributes:
        folder: Where the messages lie, readable by their owner alone: they hold PINs.
        channels: A channel for each medium that the office publishes.
        known: Addresses whose mail is taken here.
        arrived: What came, oldest first.
    """

    def __init__(self, folder: Path, office: Office) -> None:
        kinds = dict.fromkeys((*office.pin.media_kinds, *office.rejection.media_kinds))
        self.folder = folder
        self.channels = tuple(_Postman(self, kind) for kind in kinds)
        self.known: set[str] = set()
        self.arrived: list[Arrived] = []

    def of(self, addresses: Iterable[str]) -> tuple[Arrived, ...]:
        """Return what came for any of *addresses*, oldest first."""
        mine = set(addresses)
        return tuple(one for one in self.arrived if one.to in mine)


class _Postman:
    """Brings the messages of one medium into the mail box."""

    name = "demo"

    def __init__(self, box: MailBox, medium: str) -> None:
        self.medium = medium
        self._box = box
        self._files = FileChannel(box.folder, medium)

    def deliver(self, message: Message) -> Receipt:
        """Write *message* to its file, if it is for somebody of this journey.

        Raises:
            DeliveryError: It is for somebody else, or the folder can't be written.
        """
        if message.to not in self._box.known:
            raise DeliveryError(message="nobody of this journey", retryable=True)
        receipt = self._files.deliver(message)
        file = self._box.folder / receipt.reference
        self._box.arrived.append(Arrived(message.to, self.medium, file))
        return receipt

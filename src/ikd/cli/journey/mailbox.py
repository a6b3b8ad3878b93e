"""The residents' mail: delivered to files, and read back from those files."""

from __future__ import annotations

import re
from collections.abc import Iterable
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import attrs

from ikd.adapters.notification.file import FileChannel
from ikd.core.errors import DeliveryError
from ikd.core.ports import Receipt
from ikd.core.records.notices import Message
from ikd.core.standard.office import Office

_ALONE = re.compile(r"^([0-9]{6})\s*$", re.ASCII | re.MULTILINE)
_AMONG_WORDS = re.compile(r"(?<![0-9A-Za-z])([0-9]{6})(?![0-9A-Za-z])", re.ASCII)
MASKED_PIN = "••••••"


@attrs.frozen(kw_only=True)
class Letter:
    """A message as it was read from its file.

    Attributes:
        medium: The medium that carried it.
        sender: Display name of its sender.
        subject: Subject line; empty where the medium has none.
        text: Its plain text.
    """

    medium: str
    sender: str
    subject: str
    text: str = attrs.field(repr=False)

    @property
    def pin(self) -> str | None:
        """The six digits in it: those on a line of their own, else the first."""
        found = _ALONE.search(self.text) or _AMONG_WORDS.search(self.text)
        return found[1] if found else None

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """Its Indonesian half, for a screen: no PIN in it."""
        indonesian = self.text.partition("* * *")[0].strip()
        safe = indonesian.replace(self.pin, MASKED_PIN) if self.pin else indonesian
        return tuple(part.strip() for part in safe.split("\n\n"))


class MailBox:
    """Takes the mail of the people it knows and leaves everybody else's where it is.

    Attributes:
        folder: Where the messages lie, readable by their owner alone: they hold PINs.
        channels: A channel for each medium that the office publishes.
    """

    def __init__(self, folder: Path, office: Office) -> None:
        kinds = dict.fromkeys((*office.pin.media_kinds, *office.rejection.media_kinds))
        self.folder = folder
        self.channels = tuple(_Postman(self, kind) for kind in kinds)
        self._known: set[str] = set()
        self._received: list[tuple[str, str, Path]] = []  # address, medium, file

    def know(self, addresses: Iterable[str]) -> None:
        """Take mail for those *addresses* from now on."""
        self._known.update(addresses)

    def knows(self, address: str) -> bool:
        """Return whether mail for *address* is taken here."""
        return address in self._known

    def received(self, address: str, medium: str, file: Path) -> None:
        """Note that a message came."""
        self._received.append((address, medium, file))

    def letters(self, addresses: Iterable[str]) -> tuple[Letter, ...]:
        """Read what came for any of *addresses*, oldest first, from the files themselves."""
        mine = set(addresses)
        return tuple(_read(file, medium) for to, medium, file in self._received if to in mine)


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
        if not self._box.knows(message.to):
            raise DeliveryError(message="nobody of this journey", retryable=True)
        receipt = self._files.deliver(message)
        self._box.received(message.to, self.medium, self._box.folder / receipt.reference)
        return receipt


def _read(file: Path, medium: str) -> Letter:
    data = file.read_bytes()
    if medium != "email":
        head, _, text = data.decode().partition("\n\n")
        sender = head.partition("\n")[0].removeprefix("From: ")
        return Letter(medium=medium, sender=sender, subject="", text=text)
    mail = message_from_bytes(data, policy=default)
    body = mail.get_body(("plain",))
    return Letter(
        medium=medium,
        sender=mail["From"].addresses[0].display_name,
        subject=str(mail["Subject"]),
        text="" if body is None else body.get_content().replace("\r\n", "\n"),
    )

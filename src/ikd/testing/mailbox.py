"""A mail box that reads what a ``FileChannel`` really delivered."""

from __future__ import annotations

import email
import email.policy
import re
from email.message import EmailMessage
from pathlib import Path

import attrs

_PIN = re.compile(r"^[0-9]{6}(?=[ \t]*$)", re.ASCII | re.MULTILINE)
_AMONG_WORDS = re.compile(r"(?<![0-9A-Za-z])[0-9]{6}(?![0-9A-Za-z])", re.ASCII)


@attrs.frozen(kw_only=True)
class Letter:
    """A message as it was read from its file.

    Attributes:
        sender: Display name of its sender.
        subject: Subject line; empty where the medium has none.
        text: Its plain text.
    """

    sender: str
    subject: str
    text: str = attrs.field(repr=False)

    @property
    def pin(self) -> str | None:
        """The six digits in it: those on a line of their own, else the first."""
        found = _PIN.search(self.text) or _AMONG_WORDS.search(self.text)
        return found[0] if found else None

    @classmethod
    def read(cls, file: Path) -> Letter:
        """Read a message of any medium from its file."""
        if file.suffix == ".eml":
            mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            sender = mail["From"].addresses[0].display_name
            return cls(sender=sender, subject=str(mail["Subject"]), text=text_of(mail))
        head, _, text = file.read_text("utf-8").partition("\n\n")
        sender = head.partition("\n")[0].removeprefix("From: ")
        return cls(sender=sender, subject="", text=text)


class Mailbox:
    """Reads the e-mails in a folder, as the app on a resident's phone would."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def messages(self, address: str) -> list[EmailMessage]:
        """Return what was delivered to *address*, oldest first."""
        files = sorted(self._folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
        read = [
            email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            for path in files
        ]
        return [message for message in read if str(message["To"]) == address]

    def pins(self, address: str) -> list[str]:
        """Return the PINs that were delivered to *address*, oldest first."""
        found = (_PIN.search(text_of(message)) for message in self.messages(address))
        return [match[0] for match in found if match is not None]


def text_of(message: EmailMessage) -> str:
    """Return the plain text of an e-mail."""
    part = message.get_body(("plain",))
    return "" if part is None else str(part.get_content()).replace("\r\n", "\n")

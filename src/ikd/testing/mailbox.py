"""A mail box that reads what a ``FileChannel`` really delivered."""

from __future__ import annotations

import email
import email.policy
import re
from email.message import EmailMessage
from pathlib import Path

_PIN = re.compile(r"^[0-9]{6}$", re.ASCII | re.MULTILINE)


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

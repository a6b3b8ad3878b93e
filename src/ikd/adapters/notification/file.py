"""Writes each message to a file of its own: for tests, trials and offices without a network."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from ikd.adapters.notification.address import ChannelUrl
from ikd.adapters.notification.fitness import check, is_address
from ikd.adapters.notification.mail import mail_bytes
from ikd.core.errors import DeliveryError, InputError
from ikd.core.ports import Receipt
from ikd.core.records.notices import Message
from ikd.file_writing import write_whole


class FileChannel:
    """Writes ``<message id>.eml`` for e-mail and ``<message id>.txt`` for other media.

    The same notice goes to the same file, so a second delivery doubles nothing. Files are
    readable by their owner alone and appear whole or not at all.

    Args:
        folder: Where to; made when it is first needed.
        medium: The medium that it plays.
        sender_address: Address that an e-mail is from.

    Raises:
        InputError: *sender_address* is no address, or *folder* no name of one
            (``channel.settings``).
    """

    name = "file"

    def __init__(
        self,
        folder: str | os.PathLike[str],
        medium: str = "email",
        *,
        sender_address: str = "ikd@localhost",
    ) -> None:
        if not is_address(sender_address):
            raise InputError("channel.settings", "from is one plain address")
        if not _is_path(folder):
            raise InputError("channel.settings", "no folder can have that name")
        self.medium = medium
        self._folder = Path(folder)
        self._sender_address = sender_address

    @classmethod
    def from_url(cls, url: ChannelUrl) -> FileChannel:
        """Return the channel of ``file:///folder``, with ``?medium=sms`` if wished."""
        url.allow({"medium", "from"})
        if url.host or not url.path:
            raise url.fault("file: names a folder of this machine, file:///folder")
        return cls(
            url.path,
            url.options.get("medium", "email"),
            sender_address=url.options.get("from", "ikd@localhost"),
        )

    def __repr__(self) -> str:
        return f"FileChannel(medium={self.medium!r})"

    def deliver(self, message: Message) -> Receipt:
        """Write *message*; it is on the disk when this returns.

        Raises:
            DeliveryError: It can't be written now (``channel.file``, retryable), or can never
                be (``channel.unfit``).
        """
        check(message, self.medium)
        name, data = self._file(message)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_whole(self._folder / name, data)
        except OSError:
            written = False
        else:
            written = True
        if not written:
            raise DeliveryError("channel.file", "the folder can't be written", retryable=True)
        return Receipt(reference=name)

    def _file(self, message: Message) -> tuple[str, bytes]:
        if self.medium == "email":
            now = datetime.now(UTC)
            data = mail_bytes(message, sender_address=self._sender_address, now=now)
            return f"{message.id}.eml", data
        text = f"From: {message.sender}\nTo: {message.to}\n\n{message.text}\n"
        return f"{message.id}.txt", text.encode(errors="replace")


def _is_path(folder: object) -> bool:
    if not isinstance(folder, str | os.PathLike):
        return False
    try:
        name = os.fsencode(Path(folder))
    except (TypeError, UnicodeEncodeError):
        return False
    return b"\0" not in name

"""Builds one mail to one recipient, and proves by reading it back that it is one (T28)."""

from __future__ import annotations

from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import SMTP
from email.utils import getaddresses
from functools import lru_cache

from ikd.adapters.notification.fitness import check, unfit
from ikd.core.records.notices import Message

_LONGEST_LINE = 998  # RFC 5322 2.1.1
_HEADERS = (
    "From",
    "To",
    "Subject",
    "Message-ID",
    "Date",
    "Auto-Submitted",
    "Content-Language",
    "MIME-Version",
)


def mail_bytes(message: Message, *, sender_address: str, now: datetime) -> bytes:
    """Return *message* as RFC 5322 bytes with CRLF, ready for the wire or a file.

    Args:
        message: What to send.
        sender_address: Address it is from; the display name is the message's.
        now: What ``Date`` says.

    Raises:
        DeliveryError: A header or address holds what could forge a header or a second
            recipient (``channel.unfit``, never retryable).
    """
    check(message, "email")
    try:
        data = _built(message, sender_address, now).as_bytes()
    except (MessageError, ValueError, LookupError):
        data = b""
    if not data or not _is_one(data, message, sender_address):
        raise unfit("this doesn't make one mail to one recipient")
    return data


def _built(message: Message, sender_address: str, now: datetime) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = _from(message.sender, sender_address)
    mail["To"] = Address(addr_spec=message.to)
    mail["Subject"] = message.subject
    mail["Message-ID"] = f"<{message.id}@{sender_address.rpartition('@')[2]}>"
    mail["Date"] = now
    mail["Auto-Submitted"] = _AUTOMATIC
    mail.set_content(message.text, cte=_encoding(message.text))
    if message.html is not None:
        mail.add_alternative(message.html, subtype="html", cte=_encoding(message.html))
        # A second copy is the first but for its date: RFC 2046 allows 70 characters here.
        mail.set_boundary(f"=_{message.id[:64]}")
    mail["Content-Language"] = _LANGUAGES  # last: setting content drops it
    return mail


@lru_cache(maxsize=64)
def _from(name: str, address: str) -> str:
    """Return the header of a sender; reading one costs more than all that is sent."""
    sender = Address(display_name=name, addr_spec=address)
    header: str = SMTP.header_factory("From", str(sender))
    return header


# RFC 3834: no holiday answers, please.
_AUTOMATIC = SMTP.header_factory("Auto-Submitted", "auto-generated")
_LANGUAGES = SMTP.header_factory("Content-Language", "id, en")


def _encoding(text: str) -> str:
    """Return how *text* travels: as it is where it can, so that a copied link stays whole."""
    plain = text.isascii() and all(len(line) <= _LONGEST_LINE for line in text.splitlines())
    return "7bit" if plain else "quoted-printable"


def _is_one(data: bytes, message: Message, sender_address: str) -> bool:
    mail = BytesHeaderParser().parsebytes(data)
    names = [name for name in mail if not name.startswith("Content-T")]  # type, encoding
    to, sent = (getaddresses([str(mail[name])]) for name in ("To", "From"))
    addresses = [[address for _, address in found] for found in (to, sent)]
    return sorted(names) == sorted(_HEADERS) and addresses == [[message.to], [sender_address]]

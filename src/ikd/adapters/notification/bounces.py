"""Reads bounces: what a mail server says later of a mail that it took (RFC 3464).

A bounce isn't authenticated, and any server may write one: it says of a notice only that it
reached nobody, and nothing of it is kept but one of our own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message as Part
from email.policy import compat32

import attrs

MAX_BOUNCE = 1024 * 1024  # bytes of one report
_NOTICE = re.compile(r"(?<![0-9a-f])([0-9a-f]{32})(?![0-9a-f])", re.ASCII)
_STATUS = re.compile(r"5\.([0-9]{1,3})\.([0-9]{1,3})", re.ASCII)
_WORDS = (  # RFC 3463 and the IANA register of enhanced status codes
    (re.compile(r"5\.1\.|5\.2\.1"), "mail.address"),
    (re.compile(r"5\.2\.2"), "mail.full"),
    (re.compile(r"5\.4\."), "mail.expired"),
    (re.compile(r"5\.7\."), "mail.policy"),
)


@attrs.frozen(kw_only=True)
class Bounce:
    """A mail that reached nobody.

    Attributes:
        notice_id: The notice, as its Message-ID or envelope names it.
        code: Why: ``mail.address``, ``mail.full``, ``mail.expired``, ``mail.policy``, or
            ``mail.bounced`` where the report says nothing more.
    """

    notice_id: str
    code: str


def read_bounce(data: bytes) -> Bounce | None:
    """Return what a report says of one of our mails, or ``None`` if that is no failure of one.

    What is delayed, relayed or delivered is no failure; an answer of a person is no report.
    """
    if len(data) > MAX_BOUNCE:
        return None
    try:
        mail = message_from_bytes(data, policy=compat32)
        return _read(mail) if mail.get_content_type() == "multipart/report" else None
    except (ValueError, LookupError, RecursionError, TypeError, AttributeError):
        return None


def _read(mail: Part) -> Bounce | None:
    parts = list(mail.walk())
    fields = [field for part in parts for field in _fields(part)]
    failed = [one for one in fields if str(one.get("Action", "")).strip().lower() == "failed"]
    notice = next(_named(fields, parts), None)
    if not failed or notice is None:
        return None
    return Bounce(notice_id=notice, code=_code(str(failed[0].get("Status", ""))))


def _fields(part: Part) -> list[Part]:
    """Return the groups of fields of a delivery status: the message's, then each recipient's."""
    if part.get_content_type() != "message/delivery-status" or not part.is_multipart():
        return []
    return [group for group in part.get_payload() if isinstance(group, Part)]


def _named(fields: list[Part], parts: list[Part]) -> Iterator[str]:
    """Yield the notices that the envelope's id and the returned headers name."""
    for text in (*(one.get("Original-Envelope-Id") for one in fields), *_returned(parts)):
        yield from _NOTICE.findall(str(text or ""))


def _returned(parts: list[Part]) -> Iterator[object]:
    for part in parts[1:]:
        if part.get_content_type() == "text/rfc822-headers":
            payload = part.get_payload(decode=True)
            headers = payload if isinstance(payload, bytes) else b""
            yield message_from_bytes(headers, policy=compat32).get("Message-ID")
        else:
            yield part.get("Message-ID")


def _code(status: str) -> str:
    found = _STATUS.search(status)
    words = (word for form, word in _WORDS if found and form.match(found[0]))
    return next(words, "mail.bounced")

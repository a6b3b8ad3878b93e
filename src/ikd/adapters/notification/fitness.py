"""Refuses messages that could reach somebody else, or forge a line of a header (T28).

On Python 3.11 a subject that holds an encoded line feed becomes a header of its own, and an
address with a comma becomes two: nothing of that kind may reach the mail builder.
"""

from __future__ import annotations

import re

from ikd.core.errors import DeliveryError
from ikd.core.records.notices import Message
from ikd.core.validators import fits_header

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*", re.ASCII)
_LONGEST_ADDRESS = 254  # RFC 5321 4.5.3.1, as corrected by erratum 1690
_HANDLE = re.compile(r"[+@]?[0-9A-Za-z][0-9A-Za-z._@-]{2,63}", re.ASCII)  # a number or account
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}", re.ASCII)  # names files and Message-IDs


def unfit(reason: str) -> DeliveryError:
    """Return the error of a message that no channel will ever take."""
    return DeliveryError("channel.unfit", reason, retryable=False)


def is_address(text: object) -> bool:
    """Return whether *text* is one plain addr-spec: no quotes, comments or name around it."""
    if not isinstance(text, str) or len(text) > _LONGEST_ADDRESS:
        return False
    return _ADDRESS.fullmatch(text) is not None and "=?" not in text


def check(message: Message, medium: str) -> None:
    """Refuse *message* unless it is fit for one recipient of *medium*.

    Raises:
        DeliveryError: Its id, address, sender or subject isn't fit (``channel.unfit``, never
            retryable). None of them is told.
    """
    if _ID.fullmatch(message.id) is None:
        raise unfit("the message's id")
    one = is_address(message.to) if medium == "email" else _HANDLE.fullmatch(message.to)
    if not one:
        raise unfit("the recipient isn't one plain address")
    for value in (message.sender, message.subject):
        if not fits_header(value):
            raise unfit("a header holds what no header may hold")

"""The text of a QR token: prefix and base45, all of it in QR's alphanumeric set."""

from __future__ import annotations

from ikd.core.errors import TokenError
from ikd.core.tokens import base45

MAX_CHARS = 2000


def write(prefix: str, data: bytes) -> str:
    """Return *data* as the text of a QR token of the kind *prefix*.

    Raises:
        TokenError: It would be longer than readers accept (``length``).
    """
    text = prefix + base45.encode(data)
    if len(text) > MAX_CHARS:
        raise TokenError("length", "a token has at most 2,000 characters")
    return text


def read(prefix: str, text: str) -> bytes:
    """Return the bytes in *text*, whose length, prefix and alphabet are checked first.

    Raises:
        TokenError: Not such a text (``length``, ``prefix`` or ``base45``).
    """
    if type(text) is not str or not len(prefix) < len(text) <= MAX_CHARS:
        raise TokenError("length")
    if not text.startswith(prefix):
        raise TokenError("prefix")
    return base45.decode(text[len(prefix) :])

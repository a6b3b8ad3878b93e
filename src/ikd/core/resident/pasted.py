"""What comes along when people type and paste: blanks, dashes, unseen marks, other digits."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final

BLANKS: Final = " \t\r\n\v\f\u00a0\u1680\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
DASHES: Final = "-\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
QUOTES: Final = "'\"`\u2018\u2019\u201c\u201d"
UNSEEN: Final = (
    "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060"
    "\u2066\u2067\u2068\u2069\ufeff"
)
"""Joiners and marks of direction: chat programs and address books wrap numbers in them."""


def without(signs: Iterable[str]) -> Mapping[int, None]:
    """Return the table by which ``str.translate`` takes *signs* out of a text."""
    return dict.fromkeys(map(ord, signs))


def ascii_digits(text: str) -> str:
    """Return *text* with each decimal digit of any script as 0 to 9: its value is its own."""
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)

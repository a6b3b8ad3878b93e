"""The register's text made fit for a credential, or told to be unfit while it can be mended.

What a registry holds was typed by many hands over many years: blanks at the end, tabs, letters
and their accents apart. That is put right without asking anybody. What hides something, or is
longer than a credential holds, is for an officer, who sees it before the visit.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from ikd.core.tokens.claim169 import is_attribute

MAX_ADDRESS_BYTES: Final = 800
"""With as much, and a name of 64 letters of four bytes, readers take the largest credential."""
_MARKS_IN_A_ROW = 4  # UTS #39 5.4: more nonspacing marks than that, or one twice, are no writing
# Letters and marks that show nothing (Default_Ignorable_Code_Point of UAX #44, as far as
# ``is_plain`` lets them through), and the empty pattern of Braille.
_SHOWS_NOTHING = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)


def one_line(text: str) -> str:
    """Return *text* in NFC, each run of blanks, tabs and line ends one blank, none at its ends."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def lines(text: str) -> str:
    """Return each line of *text* as ``one_line`` does, empty ones left out."""
    return "\n".join(filter(None, map(one_line, text.splitlines())))


def is_fit_name(name: str) -> bool:
    """Return whether a credential can hold *name*, as ``one_line`` leaves it, and all of it shows.

    A single name, an apostrophe, a title and a comma are as good as any other.
    """
    return (
        is_attribute("name", name)
        and any(map(str.isalpha, name))
        and _SHOWS_NOTHING.search(name) is None
        and not _is_flooded(name)
    )


def is_fit_address(address: str) -> bool:
    """Return whether a credential can hold *address* beside every name and still be read."""
    return is_attribute("address", address) and len(address.encode()) <= MAX_ADDRESS_BYTES


def _is_flooded(name: str) -> bool:
    """Return whether a mark stands without a letter before it, twice, or the fifth in a row."""
    row, before = _MARKS_IN_A_ROW, ""
    for sign in name:
        row = row + 1 if unicodedata.category(sign) in ("Mn", "Me") else 0
        if row > _MARKS_IN_A_ROW or (row > 1 and sign == before):
            return True
        before = sign
    return False

"""What people write freely, made fit at the door: no NIK stays in it, and nothing that hides.

A complaint needs no NIK (no published text asks for one), and most that are written in one are
somebody else's. So each is masked before anything is kept, however it was typed.
"""

from __future__ import annotations

import re
import unicodedata

from ikd.core.errors import InputError

# Sixteen digits or more, of any script, each perhaps behind one of the signs that people put
# between them; a card number or a Kartu Keluarga has sixteen too and is masked with them.
_LONG_NUMBER = re.compile(r"\d(?:[\s.\-_/\u00ad\u2010-\u2015\u200b-\u200d\u2060]{0,2}\d){15,}")


def without_niks(text: str) -> str:
    """Return *text* with every number of sixteen digits or more masked, but for its last four."""
    return _LONG_NUMBER.sub(lambda found: "*" * 12 + re.sub(r"\D", "", found[0])[-4:], text)


def fit_text(name: str, value: object, longest: int, *, lines: bool = False) -> str:
    """Return what somebody wrote: letters composed (NFC), trimmed, every NIK masked.

    Args:
        name: Field of a command that it was written in.
        value: What was written.
        longest: How many characters at most.
        lines: Whether it may have several lines.

    Raises:
        InputError: It is too long, or holds signs that don't show (``command.`` and *name*).
    """
    told = f"{'text' if lines else 'one line'} of at most {longest} characters that show"
    if not isinstance(value, str) or len(value) > 2 * longest:  # composing may shorten it
        raise InputError(f"command.{name}", told)
    text = unicodedata.normalize("NFC", "\n".join(value.splitlines())).strip()
    shown = text.replace("\n", "").replace("\t", "") if lines else text
    if len(text) > longest or not shown.isprintable():
        raise InputError(f"command.{name}", told)
    return without_niks(text)

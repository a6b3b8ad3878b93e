"""The receipt of a complaint: its own secret, by which alone its status is told."""

from __future__ import annotations

import re

from ikd.core.errors import InputError
from ikd.core.ids import draw

_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base32: no I, L, O, U
_MEANT = str.maketrans("ILO", "110")
_LENGTH = 20  # of 5 bits each: 100 bits, which nobody finds by trying
_FORM = re.compile(f"[{_SIGNS}]{{{_LENGTH}}}", re.ASCII)
RECEIPT_SPACE = "receipt"


def draw_receipt(entropy: bytes) -> str:
    """Return a new receipt: five groups of four signs."""
    number = int.from_bytes(draw(entropy, "receipt", 16), "big")
    return _grouped("".join(_SIGNS[number >> 5 * place & 31] for place in range(_LENGTH)))


def parse_receipt(text: object) -> str:
    """Return the receipt that somebody typed, with or without dashes, in any case.

    Raises:
        InputError: It is none (``receipt.form``).
    """
    plain = re.sub(r"[\s-]", "", text).upper().translate(_MEANT) if isinstance(text, str) else ""
    if _FORM.fullmatch(plain) is None:
        raise InputError("receipt.form", "a receipt has five groups of four letters and digits")
    return _grouped(plain)


def _grouped(plain: str) -> str:
    return "-".join(plain[at : at + 4] for at in range(0, _LENGTH, 4))

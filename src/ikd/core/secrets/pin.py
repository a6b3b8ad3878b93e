"""The PIN: six digits that prove somebody reads the address, and bind nothing.

The phone is bound by the pairing QR; a PIN counts only beside a proof by the paired
device key (NIST SP 800-63A-4, confirmation codes).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Self, final

from ikd.core.errors import InputError, SecretError, forgetting
from ikd.core.ids import draw
from ikd.core.resident.pasted import BLANKS, DASHES, QUOTES, UNSEEN, ascii_digits, without
from ikd.core.secrets import secret_verifier as _verifier
from ikd.core.secrets.opaque import Opaque
from ikd.core.secrets.sealing import SecretKey
from ikd.core.secrets.secret_verifier import Kdf, argon2id

__all__ = [
    "Kdf",
    "Pin",
    "argon2id",
    "candidate",
    "check_budget",
    "make_pin",
    "make_verifier",
    "matches",
]

SCHEME = "ikd-pin-v1"
DIGITS = 6
_FORM = re.compile(r"[0-9]{6}", re.ASCII)
_AROUND = without(BLANKS + DASHES + QUOTES + UNSEEN + ".,:")
_ONE_IN = 200_000  # a guess may succeed once in 200,000 residents: below 5e-6


@final
class Pin(Opaque):
    """Six ASCII digits, leading zeros kept; only ``reveal`` shows them."""

    __slots__ = ()

    @classmethod
    @forgetting
    def parse(cls, text: object) -> Self:
        """Return *text* as a PIN.

        Raises:
            SecretError: It isn't exactly six ASCII digits (``pin.form``); costs no try.
        """
        return cls(text)

    @staticmethod
    def clean(text: object) -> str:
        """Return *text* without the blanks, dashes and unseen marks of a paste, still to be parsed.

        Digits of other scripts become 0 to 9; letters stay and are refused by ``parse``.

        Raises:
            SecretError: *text* isn't a text at all (``pin.form``).
        """
        if not isinstance(text, str):
            raise SecretError("pin", "form")
        return ascii_digits(str.__str__(text)).translate(_AROUND)

    @classmethod
    def _accept(cls, text: object) -> str:
        # A subclass of str could compare or encode as it likes.
        if type(text) is not str or _FORM.fullmatch(text) is None:
            raise SecretError("pin", "form")
        return text


def make_pin(entropy: bytes) -> Pin:
    """Return a new PIN drawn from *entropy*.

    Eight bytes modulo 10^6 favour no PIN by more than one in 10^13. There is no list of
    weak PINs: each one struck out would make the others likelier.

    Raises:
        InputError: Fewer than 8 bytes of entropy (``entropy.short``).
    """
    if len(entropy) < 8:
        raise InputError("entropy.short", "a PIN needs 8 bytes of entropy")
    number = int.from_bytes(draw(entropy, "ikd/pin/v1", 8), "big") % 10**DIGITS
    return Pin(f"{number:0{DIGITS}d}")


def make_verifier(
    pin: Pin,
    *,
    salt: bytes,
    pepper: SecretKey,
    application_id: str,
    pin_id: str,
    device: bytes,
    kdf: Kdf = argon2id,
) -> bytes:
    """Return what is stored of *pin*: bound to application, PIN id and device thumbprint.

    Raises:
        InputError: The salt isn't 16 bytes (``salt.form``).
    """
    whose = (application_id, pin_id, device)
    return _verifier.make(SCHEME, pin.reveal(), whose, salt=salt, pepper=pepper, kdf=kdf)


def candidate(
    pin: Pin,
    verifier: bytes | None,
    *,
    peppers: Sequence[SecretKey],
    application_id: str,
    pin_id: str,
    device: bytes,
    kdf: Kdf = argon2id,
) -> bytes:
    """Return what *verifier* holds if *pin* is the right one; slow.

    Without a verifier the same work is done and the outcome matches nothing.

    Raises:
        SealError: The verifier is damaged (``seal.broken``) or its pepper isn't among
            *peppers* (``seal.key``): our fault, so it costs the resident no try.
    """
    whose = (application_id, pin_id, device)
    return _verifier.expect(SCHEME, pin.reveal(), whose, verifier, peppers=peppers, kdf=kdf)


def matches(verifier: bytes | None, candidate: bytes) -> bool:
    """Return whether *candidate* is what *verifier* holds, in constant time; quick."""
    return _verifier.same(SCHEME, verifier, candidate)


def check_budget(tries_total: int, digits: int = DIGITS) -> None:
    """Refuse a budget of tries that lets one guesser in 200,000 through, or more.

    Raises:
        InputError: No positive whole number, or ``tries_total / 10**digits >= 5e-6``
            (``pin.budget``).
    """
    whole = type(tries_total) is int and type(digits) is int
    if not whole or tries_total < 1 or tries_total * _ONE_IN >= 10**digits:
        raise InputError("pin.budget", "so many tries make a guess too likely")

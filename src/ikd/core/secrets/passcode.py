"""The passcode: what the resident signs in with after activation, chosen by the resident."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Self, final

from ikd.core.errors import SecretError, forgetting
from ikd.core.resident.nik import Nik
from ikd.core.secrets import secret_verifier as _verifier
from ikd.core.secrets.opaque import Opaque
from ikd.core.secrets.sealing import SecretKey
from ikd.core.secrets.secret_verifier import Kdf, argon2id

__all__ = [
    "Kdf",
    "Passcode",
    "argon2id",
    "candidate",
    "is_outdated",
    "known_of",
    "make_verifier",
    "matches",
]

SCHEME = "ikd-passcode-v1"
_DIGITS = re.compile(r"[0-9]{6}", re.ASCII)
_SHORTEST, _LONGEST = 8, 64  # characters of one that isn't six digits (NIST SP 800-63B-4 3.1.1.2)
_FRAGMENT = 4  # letters and digits in common that aren't chance; the date 5-8-99 has four
# Steps from each character to the next; on a keypad 0 stands behind 9.
_ROWS = (frozenset({0}), frozenset({1, -9}), frozenset({-1, 9}))


@final
class Passcode(Opaque):
    """Six digits, or 8 to 64 printable characters; only ``reveal`` shows them."""

    __slots__ = ()

    @classmethod
    @forgetting
    def parse(cls, text: object) -> Self:
        """Return *text* as a passcode, in Unicode's form NFC.

        Raises:
            SecretError: ``passcode.form`` (no text, or not printable), ``passcode.length``,
                or ``passcode.weak``: all the same, or a row such as 123456 or 654321.
        """
        return cls(text)

    @classmethod
    def _accept(cls, text: object) -> str:
        if type(text) is not str:
            raise SecretError("passcode", "form")
        if len(text) > 4 * _LONGEST:  # NFC joins four at most; nothing longer is worked on
            raise SecretError("passcode", "length")
        normal = unicodedata.normalize("NFC", text)
        if not normal.isprintable():
            raise SecretError("passcode", "form")
        if not _SHORTEST <= len(normal) <= _LONGEST and _DIGITS.fullmatch(normal) is None:
            raise SecretError("passcode", "length")
        if _is_row(normal):
            raise SecretError("passcode", "weak")
        return normal

    def resembles(self, *known: str) -> bool:
        """Return whether it holds, or is held by, something known: a NIK, a birth date, the PIN.

        Only letters and digits are compared, 17-08-1990 resembles 17081990, and what is in common
        has four of them at least.
        """
        mine, *others = map(_bare, (self.reveal(), *known))
        return any(_is_part(one, mine) or _is_part(mine, one) for one in others)


def make_verifier(
    passcode: Passcode,
    *,
    salt: bytes,
    pepper: SecretKey,
    identity_id: str,
    device: bytes,
    kdf: Kdf = argon2id,
) -> bytes:
    """Return what is stored of *passcode*: bound to identity and device thumbprint.

    Raises:
        InputError: The salt isn't 16 bytes (``salt.form``).
    """
    whose = (identity_id, device)
    return _verifier.make(SCHEME, passcode.reveal(), whose, salt=salt, pepper=pepper, kdf=kdf)


def candidate(
    passcode: Passcode,
    verifier: bytes | None,
    *,
    peppers: Sequence[SecretKey],
    identity_id: str,
    device: bytes,
    kdf: Kdf = argon2id,
) -> bytes:
    """Return what *verifier* holds if *passcode* is the right one; slow.

    Raises:
        SealError: The verifier is damaged (``seal.broken``) or its pepper isn't among
            *peppers* (``seal.key``).
    """
    whose = (identity_id, device)
    return _verifier.expect(SCHEME, passcode.reveal(), whose, verifier, peppers=peppers, kdf=kdf)


def matches(verifier: bytes | None, candidate: bytes) -> bool:
    """Return whether *candidate* is what *verifier* holds, in constant time; quick."""
    return _verifier.same(SCHEME, verifier, candidate)


def is_outdated(verifier: bytes, pepper: SecretKey) -> bool:
    """Return whether *verifier* stands under an older pepper than *pepper*.

    A passcode outlives peppers: it is made anew at the next right sign-in.
    """
    return _verifier.pepper_kid(SCHEME, verifier) != pepper.kid


def known_of(nik: Nik, registered: date | None = None) -> tuple[str, ...]:
    """Return what others know of a person and try first: the NIK, and ways to write the birth date.

    Args:
        nik: The NIK; a woman's holds her day with 40 added, so its date is spelt out too.
        registered: The registry's birth date, which may differ from the NIK's own.
    """
    days = nik.birth_dates if registered is None else (*nik.birth_dates, registered)
    return tuple(dict.fromkeys((nik.digits, *itertools.chain.from_iterable(map(_spelt, days)))))


def _spelt(born: date) -> Iterator[str]:
    """Yield the ways to write a date without signs: three orders, two years, noughts or none."""
    years = (f"{born:%Y}", f"{born:%y}")
    months, days = ({f"{number:02d}", f"{number}"} for number in (born.month, born.day))
    for year, month, day in itertools.product(years, sorted(months), sorted(days)):
        yield from (day + month + year, year + month + day, month + day + year)


def _is_part(part: str, whole: str) -> bool:
    return len(part) >= _FRAGMENT and part in whole


def _bare(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _is_row(text: str) -> bool:
    steps = {ord(after) - ord(before) for before, after in itertools.pairwise(text)}
    return any(steps <= row for row in _ROWS)

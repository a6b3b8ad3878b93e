"""The NIK (Nomor Induk Kependudukan): its form, its parts, and silence about its digits.

PP 37/2007 art. 37: six digits of the region of first registration, the birth date as
ddmmyy with 40 added to a woman's day, and a serial. There is no check digit, and the
number stays for life: neither a new home nor a corrected birth date changes it, so the
form may refuse a text, but region and birth date of the register may only differ from it.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from enum import StrEnum
from typing import Final, final

from ikd.core.errors import InputError, NikError
from ikd.core.resident.masked import Masked
from ikd.core.resident.pasted import BLANKS, DASHES, QUOTES, UNSEEN, without

_PROVINCE = (  # the 38 of today, and 54: East Timor's NIKs stay valid for life
    "(?:1[1-9]|21|3[1-6]|5[1-4]|6[1-5]|7[1-6]|8[12]|9[1-6])"
)
_BIRTH = (  # every real day; 29 February of 00 is real, for 2000 was a leap year
    "(?:(?:"
    "(?:[04][1-9]|[15][0-9]|[26][0-8])(?:0[1-9]|1[0-2])"
    "|(?:29|30|69|70)(?:0[13-9]|1[0-2])"
    "|[37]1(?:0[13578]|1[02])"
    ")[0-9]{2}|[26]902(?:[02468][048]|[13579][26]))"
)
_is_nik = re.compile(f"{_PROVINCE}[0-9]{{4}}{_BIRTH}(?!0000)[0-9]{{4}}", re.ASCII).fullmatch
_is_digits = re.compile("[0-9]{16}", re.ASCII).fullmatch
_has_province = re.compile(_PROVINCE, re.ASCII).match
_has_birth = re.compile(f"[0-9]{{6}}{_BIRTH}", re.ASCII).match

# What people put between and around the digits. The digits of other scripts are left
# alone: turning them into ASCII would accept a number that nobody issued in that form.
_SEPARATORS = without(BLANKS + DASHES + QUOTES + UNSEEN + ".,:;=_/")
_LABEL = re.compile("(?:no(?:m[oe]r)?|nik|ktp|el)+(?=[0-9])", re.ASCII | re.IGNORECASE)
_WOMAN = 40  # added to the day of birth of women


class Sex(StrEnum):
    """The sex that the day of birth in a NIK states."""

    MALE = "male"
    FEMALE = "female"


@final
class Nik(Masked):
    """A well-formed NIK whose digits show only where ``digits`` is asked for.

    Built by ``parse`` (or the constructor, which is the same). Its texts, formats and
    errors are masked and it refuses to be pickled, so that no log or cache holds it.
    Equal when the digits are.
    """

    __slots__ = ()

    def __init__(self, text: str) -> None:
        # type() can't be fooled as isinstance can; a match gives a plain str of a subclass.
        match = _is_nik(text) if issubclass(type(text), str) else None
        if match is None:
            refused = NikError(_fault(text))
            del text  # no traceback shows it
            raise refused
        super().__init__(match[0])

    @classmethod
    def parse(cls, text: str) -> Nik:
        """Return the NIK that *text* is: sixteen ASCII digits and nothing else.

        Raises:
            NikError: *text* is none; ``fault`` is the first of ``digits`` (not a text, or other
                characters), ``length``, ``province``, ``date`` and ``serial`` that holds.
        """
        try:  # costs a good NIK nothing, unlike ``forgetting``
            return cls(text)
        except NikError as error:
            failed = error.with_traceback(None)
        del text
        raise failed

    @staticmethod
    def is_valid(text: object) -> bool:
        """Return whether ``parse`` accepts *text*; never raises, whatever *text* is."""
        try:  # the quickest way; a regex asks a text subclass nothing
            return _is_nik(text) is not None  # type: ignore[call-overload]
        except TypeError:
            return False

    @staticmethod
    def clean(text: str) -> str:
        """Return *text* without what people type around a NIK, still to be parsed.

        Spaces, dots, dashes, quotation marks, invisible characters and a leading "NIK:" go;
        letters and the digits of other scripts stay and are refused by ``parse``.

        Raises:
            NikError: *text* isn't a text at all (``digits``).
        """
        if not issubclass(type(text), str):
            raise NikError("digits")
        bare = str.translate(text, _SEPARATORS)
        label = _LABEL.match(bare)
        return bare[label.end() :] if label else bare

    @property
    def digits(self) -> str:
        """The sixteen digits: for the registry, sealing and indexes, never for a log."""
        return self._text

    @property
    def masked(self) -> str:
        """Twelve stars and the serial: region and birth date would tell too much."""
        return "*" * 12 + self._text[12:]

    @property
    def region_code(self) -> str:
        """Six digits of the district of first registration, not of today's home."""
        return self._text[:6]

    @property
    def province_code(self) -> str:
        """The first two digits."""
        return self._text[:2]

    @property
    def regency_code(self) -> str:
        """The first four digits."""
        return self._text[:4]

    @property
    def serial(self) -> str:
        """The last four digits, never ``0000``."""
        return self._text[12:]

    @property
    def sex(self) -> Sex:
        """The sex that the day of birth states."""
        return Sex.FEMALE if self._text[6] >= "4" else Sex.MALE

    @property
    def birth_dates(self) -> tuple[date, ...]:
        """The days that the NIK may mean, of the 1900s and the 2000s, earlier first.

        One day where the other century lacks it (29 February of 00), else two.
        """
        digits = self._text
        day, month, year = int(digits[6:8]) % _WOMAN, int(digits[8:10]), int(digits[10:12])
        later = date(2000 + year, month, day)
        if year == 0 and month == 2 and day == 29:
            return (later,)
        return (date(1900 + year, month, day), later)

    def birth_date(self, as_of: date, *, evidence: date | None = None) -> date:
        """Return the day of birth that the NIK states, in the century that fits.

        Args:
            as_of: The day of asking at the office; nobody is born after it.
            evidence: The register's birth date, which settles the century. The register may
                lawfully have another day than the NIK, so the nearer candidate is taken.

        Returns:
            The candidate nearest to *evidence*; without it the latest not after *as_of*.

        Raises:
            NikError: Every candidate lies after *as_of* (``date``).
            InputError: A datetime was passed, whose day depends on the zone (``date.type``).
        """
        _plain_date(as_of)
        past = [born for born in self.birth_dates if born <= as_of]
        if not past:
            raise NikError("date")
        if evidence is None:
            return past[-1]
        _plain_date(evidence)
        return min(past, key=lambda born: abs(born - evidence))


def _fault(text: object) -> str:
    """Return the first thing that keeps *text* from being a NIK."""
    if not issubclass(type(text), str):
        return "digits"
    plain: Final = str.__str__(text)
    if len(plain) != 16:
        return "length"
    if _is_digits(plain) is None:
        return "digits"
    if _has_province(plain) is None:
        return "province"
    return "date" if _has_birth(plain) is None else "serial"


def _plain_date(value: date) -> None:
    """Refuse a datetime: it is a date by inheritance, but its day depends on the zone."""
    if not isinstance(value, date) or isinstance(value, datetime):
        raise InputError("date.type", "a day is asked for, not a moment")

"""Region codes of the ministry's lists, known now or formerly: a warning, never a refusal.

NIKs keep the code they were issued with, so a code may be withdrawn (Papua's splits of
2022), name another district by now, or be older than every list at hand. The table is
passed in as text; who holds the files is ``ikd.data``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import StrEnum

import attrs

from ikd.core.errors import InputError

_CODE = re.compile(r"[0-9]{2}(?:\.?[0-9]{2}){0,2}", re.ASCII)


class Standing(StrEnum):
    """Whether a code stands in today's list, only in an older one, or in none."""

    CURRENT = "current"
    FORMER = "former"
    UNKNOWN = "unknown"


class RegionLevel(StrEnum):
    """What a code names, by its length of two, four or six digits."""

    PROVINCE = "province"
    REGENCY = "regency"  # kabupaten or kota
    DISTRICT = "district"  # kecamatan


_LEVELS = {2: RegionLevel.PROVINCE, 4: RegionLevel.REGENCY, 6: RegionLevel.DISTRICT}


@attrs.frozen(kw_only=True)
class Region:
    """What is known of one region code.

    Attributes:
        code: Two, four or six digits.
        standing: Of this very code: an unknown district of a known regency is unknown.
    """

    code: str
    standing: Standing
    _names: Callable[[], Mapping[str, str]] = attrs.field(repr=False, eq=False)

    @property
    def level(self) -> RegionLevel:
        """What the code names."""
        return _LEVELS[len(self.code)]

    @property
    def name(self) -> str | None:
        """Its name in the latest list that has it, which may not be the name when issued."""
        return self._names().get(self.code)

    @property
    def province_name(self) -> str | None:
        """Name of the province that the code begins with; None when unknown."""
        return self._names().get(self.code[:2])

    @property
    def regency_name(self) -> str | None:
        """Name of the regency or city that the code begins with; None when unknown."""
        return self._names().get(self.code[:4]) if len(self.code) > 2 else None


class RegionTable:
    """All known codes, held as one short text a regency and opened where asked.

    Args:
        codes: Lines of ``+`` (current) or ``-`` (former), a province or regency code, and
            for a regency its districts' last two digits as ``01-05,07``; ``#`` begins a remark.
        names: Gives, when first asked, lines of code, tab and name.
    """

    __slots__ = ("_name_text", "_names", "_rows")

    def __init__(self, codes: str, names: Callable[[], str]) -> None:
        self._rows: dict[str, str] = {}  # sign and code -> its districts
        self._name_text = names
        self._names: dict[str, str] | None = None
        for line in codes.splitlines():
            if not line.startswith("#"):
                key, _, districts = line.partition(" ")
                self._rows[key] = districts

    def find(self, code: str) -> Region:
        """Return what is known of *code*: digits, or the official form with dots.

        Raises:
            InputError: *code* isn't two, four or six digits (``region.code``).
        """
        match = _CODE.fullmatch(code) if isinstance(code, str) else None
        if match is None:
            raise InputError("region.code", "a region code has two, four or six digits")
        plain = match[0].replace(".", "")
        return Region(code=plain, standing=self._standing(plain), names=self.names)

    def codes(self, standing: Standing) -> tuple[str, ...]:
        """Return every code of *standing* (current or former), ascending."""
        found: set[str] = set()
        for row, districts in self._rows.items():
            found.add(row[1:])
            found.update(row[1:] + two for two in _expand(districts))
        return tuple(sorted(code for code in found if self._standing(code) == standing))

    def names(self) -> Mapping[str, str]:
        """Return the name of each known code; the first call reads them."""
        if self._names is None:
            lines = self._name_text().splitlines()
            self._names = dict(
                line.split("\t", 1) for line in lines if line and not line.startswith("#")
            )
        return self._names

    def _standing(self, code: str) -> Standing:
        if self._holds("+", code):
            return Standing.CURRENT
        return Standing.FORMER if self._holds("-", code) else Standing.UNKNOWN

    def _holds(self, sign: str, code: str) -> bool:
        if len(code) < 6:
            return sign + code in self._rows
        districts = self._rows.get(sign + code[:4], "")
        return any(part[:2] <= code[4:] <= part[-2:] for part in districts.split(","))


def _expand(districts: str) -> set[str]:
    """Return the two-digit numbers that ``01-05,07`` stands for."""
    numbers: set[str] = set()
    for part in districts.split(",") if districts else ():
        numbers.update(f"{number:02}" for number in range(int(part[:2]), int(part[-2:]) + 1))
    return numbers

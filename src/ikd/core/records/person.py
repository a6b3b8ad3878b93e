"""Who a person is, as the registry says it."""

from __future__ import annotations

import enum
import re
from datetime import date
from functools import partial

import attrs

from ikd.core.errors import forgets
from ikd.core.records.person_text import is_fit_name, lines, one_line
from ikd.core.resident.nik import Sex
from ikd.core.tokens.claim169 import is_attribute
from ikd.core.validators import Validator, exactly, filled_bytes, valid

MAX_NAME = 256  # characters of a person's name
MAX_TEXT = 1024
"""Characters of any other text; only what a credential could write is ever kept of one."""
MAX_PORTRAIT = 256 * 1024
"""Bytes of a portrait; only what fits a credential is ever kept of one."""
_SURROGATE = re.compile("[\ud800-\udfff]")


class Marital(enum.Enum):
    """Marital status as the registry knows it."""

    UNMARRIED = "unmarried"
    MARRIED = "married"
    DIVORCED = "divorced"
    WIDOWED = "widowed"
    """Has no number in claim 169: a credential leaves it out."""


def _name(text: str) -> str:
    return one_line(text) if _can_be_kept(text) else text


def _address(text: str | None) -> str | None:
    return lines(text) if text is not None and _can_be_kept(text) else text


def _can_be_kept(text: str) -> bool:
    """Say whether *text* is worth folding; of what isn't the validator says what is wrong."""
    return type(text) is str and len(text) <= MAX_TEXT


_exactly = partial(exactly, "person")


def _text(longest: int) -> Validator:
    """Take whatever can be kept: a text that no credential holds must not hold up a case."""

    def fits(value: object) -> bool:
        return type(value) is str and len(value) <= longest and not _SURROGATE.search(value)

    return valid("person", f"text of at most {longest} characters", fits)


@forgets
@attrs.frozen(kw_only=True)
class Person:
    """What the registry says of a person; sealed before it is stored.

    The first three are what a ``masked`` credential needs; the others are for the larger
    profiles, and a registry leaves out what its office doesn't issue. What no credential could
    write of those counts as left out: it holds up no case.

    Attributes:
        name: Full name, at most 256 characters; a credential holds 64. Kept in NFC on one line
            with single blanks.
        sex: Sex.
        birth_date: Day of birth.
        nationality: ISO 3166-1, three letters: ``IDN``.
        address: Lines of the address of residence; a credential holds 256 characters and 800
            bytes. Kept in NFC, divided by line feeds, empty lines left out.
        region: Code of the district (6 digits) or village (10) of residence, no dots.
        marital: Marital status.
        portrait: A picture as a file holds it (PNG, JPEG, WebP, BMP, GIF or TIFF), at most
            256 KiB. A small grey one is made of it and kept; that needs Pillow.

    Raises:
        InputError: A value has another type, or a text more than 1,024 characters or a
            surrogate (``person.<field>``).
    """

    name: str = attrs.field(repr=False, validator=_text(MAX_NAME), converter=_name)
    sex: Sex = attrs.field(repr=False, validator=exactly("person", Sex))
    birth_date: date = attrs.field(repr=False, validator=exactly("person", date))
    nationality: str | None = attrs.field(default=None, repr=False, validator=_text(MAX_TEXT))
    address: str | None = attrs.field(
        default=None,
        repr=False,
        validator=_text(MAX_TEXT),
        converter=_address,
    )
    region: str | None = attrs.field(default=None, repr=False, validator=_text(MAX_TEXT))
    marital: Marital | None = attrs.field(default=None, repr=False, validator=_exactly(Marital))
    portrait: bytes | None = attrs.field(
        default=None, repr=False, validator=filled_bytes("person", MAX_PORTRAIT)
    )

    @property
    def unfit(self) -> tuple[str, ...]:
        """What no credential could hold or show, of what each must: ``name``, ``birth_date``.

        The data check refers it to an officer; the registry alone changes it.
        """
        fit = {
            "name": is_fit_name(self.name),
            "birth_date": is_attribute("birth_year", self.birth_date.year),
        }
        return tuple(field for field, holds in fit.items() if not holds)

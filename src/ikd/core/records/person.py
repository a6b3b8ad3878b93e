"""Who a person is, as the registry says it."""

from __future__ import annotations

import enum
import re
from datetime import date
from functools import partial

import attrs

from ikd.core.resident.nik import Sex
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


_exactly = partial(exactly, "person")


def _text(longest: int) -> Validator:
    """Take whatever can be kept: a text that no credential holds must not hold up a case."""

    def fits(value: object) -> bool:
        return type(value) is str and len(value) <= longest and not _SURROGATE.search(value)

    return valid("person", f"text of at most {longest} characters", fits)


@attrs.frozen(kw_only=True)
class Person:
    """What the registry says of a person; sealed before it is stored.

    The first three are what a ``masked`` credential needs; the others are for the larger
    profiles, and a registry leaves out what its office doesn't issue. What no credential could
    write of those counts as left out: it holds up no case.

    Attributes:
        name: Full name, at most 256 characters; a credential holds 64.
        sex: Sex.
        birth_date: Day of birth.
        nationality: ISO 3166-1, three letters: ``IDN``.
        address: Lines of the address of residence, divided by line feeds, NFC; a credential
            holds 256 characters.
        region: Code of the district (6 digits) or village (10) of residence, no dots.
        marital: Marital status.
        portrait: A picture as a file holds it (PNG, JPEG, WebP, BMP, GIF or TIFF), at most
            256 KiB. A small grey one is made of it and kept; that needs Pillow.

    Raises:
        InputError: A value has another type, or a text more than 1,024 characters or a
            surrogate (``person.<field>``).
    """

    name: str = attrs.field(repr=False, validator=_text(MAX_NAME))
    sex: Sex = attrs.field(repr=False, validator=exactly("person", Sex))
    birth_date: date = attrs.field(repr=False, validator=exactly("person", date))
    nationality: str | None = attrs.field(default=None, repr=False, validator=_text(MAX_TEXT))
    address: str | None = attrs.field(default=None, repr=False, validator=_text(MAX_TEXT))
    region: str | None = attrs.field(default=None, repr=False, validator=_text(MAX_TEXT))
    marital: Marital | None = attrs.field(default=None, repr=False, validator=_exactly(Marital))
    portrait: bytes | None = attrs.field(
        default=None, repr=False, validator=filled_bytes("person", MAX_PORTRAIT)
    )

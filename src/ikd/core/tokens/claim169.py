"""What a credential says about a person, in one of four profiles of claim 169.

A code that shows the whole NIK is copied by every camera, so ``masked`` is the default.
Attributes 75 and 76 are ours: the specification leaves 66-99 to closed groups.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime
from operator import attrgetter
from typing import Any, Literal, get_args

import attrs

from ikd.core.errors import TokenError

Check = Callable[[object], bool]
"""Tells of whatever a token held whether an attribute is written so."""

Profile = Literal["masked", "basic", "full", "photo"]
PROFILES: tuple[Profile, ...] = get_args(Profile)
MAX_NAME = 64

NIK, NAME, BIRTH_DATE, SEX, ADDRESS, NATIONALITY, MARITAL = 1, 4, 8, 9, 10, 13, 14
PHOTO, PHOTO_FORMAT, REGION, NIK_TAIL, BIRTH_YEAR = 16, 17, 21, 75, 76

_BASIC = frozenset({NIK, NAME, BIRTH_DATE, SEX, NATIONALITY})
_REQUIRED: Mapping[Profile, frozenset[int]] = {
    "masked": frozenset({NAME, SEX, NIK_TAIL, BIRTH_YEAR}),
    "basic": _BASIC,
    "full": _BASIC | {ADDRESS, REGION},
    "photo": _BASIC | {PHOTO, PHOTO_FORMAT},
}
# "Cerai mati" has no number in claim 169, so full may lack 14.
_OPTIONAL: Mapping[Profile, frozenset[int]] = {"full": frozenset({MARITAL})}


def _text(pattern: str) -> Check:
    compiled = re.compile(pattern, re.ASCII)
    return lambda value: type(value) is str and compiled.fullmatch(value) is not None


def _number(lowest: int, highest: int) -> Check:
    return lambda value: type(value) is int and lowest <= value <= highest


def is_plain(value: object, *, longest: int, lines: bool = False) -> bool:
    """Return whether *value* is text that shows as it is: NFC, nothing invisible or reversing.

    Control, format (so every bidi mark), surrogate, private and unassigned characters and
    line separators are refused; a line feed may stand where *lines* are allowed.
    """
    if type(value) is not str or not 0 < len(value) <= longest or value != value.strip():
        return False
    if value.isascii() and value.isprintable():
        return True
    if not unicodedata.is_normalized("NFC", value):
        return False
    return all(
        unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
        or (lines and character == "\n")
        for character in value
    )


def _is_date(value: object) -> bool:
    if type(value) is not str or re.fullmatch(r"[0-9]{8}", value, re.ASCII) is None:
        return False
    try:
        datetime.strptime(f"{value}+0000", "%Y%m%d%z")
    except ValueError:
        return False
    return True


_FIELDS: Mapping[int, tuple[str, Check]] = {
    NIK: ("nik", _text(r"[0-9]{16}")),
    NAME: ("name", lambda value: is_plain(value, longest=MAX_NAME)),
    BIRTH_DATE: ("birth_date", _is_date),
    SEX: ("sex", _number(1, 2)),
    ADDRESS: ("address", lambda value: is_plain(value, longest=256, lines=True)),
    NATIONALITY: ("nationality", _text(r"[A-Z]{3}")),
    MARITAL: ("marital", _number(1, 3)),
    PHOTO: ("photo", lambda value: type(value) is bytes and 0 < len(value) <= 1024),
    PHOTO_FORMAT: ("photo_format", _number(1, 4)),
    REGION: ("region", _text(r"[0-9]{6}(?:[0-9]{4})?")),
    NIK_TAIL: ("nik_tail", _text(r"[0-9]{4}")),
    BIRTH_YEAR: ("birth_year", _number(1850, 2200)),
}


_CHECKS = dict(_FIELDS.values())
_values = attrgetter(*(name for name, _ in _FIELDS.values()))  # in the order of the labels


_PROFILES: Mapping[frozenset[int], Profile] = {
    labels: profile
    for profile, least in _REQUIRED.items()
    for labels in (least, least | _OPTIONAL.get(profile, least))
}
"""Each set of labels that may stand together, and what it is called."""


def is_attribute(name: str, value: object) -> bool:
    """Return whether *value* is written as a credential writes ``Claim169``'s attribute *name*."""
    return _CHECKS[name](value)


def required(profile: Profile) -> frozenset[str]:
    """Return the attributes without which nobody has a credential of *profile*."""
    return _names(_REQUIRED[profile])


def optional(profile: Profile) -> frozenset[str]:
    """Return the attributes that a credential of *profile* shows where they are known."""
    return _names(_OPTIONAL.get(profile, frozenset()))


def _names(labels: frozenset[int]) -> frozenset[str]:
    return frozenset(_FIELDS[label][0] for label in labels)


@attrs.frozen(kw_only=True)
class Claim169:
    """What claim 169 says; which fields are set makes the profile.

    Attributes:
        name: Full name, at most 64 characters, NFC.
        sex: 1 man, 2 woman.
        nik_tail: Last four digits of the NIK (masked).
        birth_year: Masked.
        nik: 16 digits.
        birth_date: ``YYYYMMDD``.
        nationality: ISO 3166-1, three letters: ``IDN``.
        address: Lines, at most 256 characters.
        region: Code of the district (6 digits) or village (10) of residence, no dots.
        marital: 1 unmarried, 2 married, 3 divorced.
        photo: At most 1,024 bytes.
        photo_format: 1 JPEG, 2 JPEG 2000, 3 AVIF, 4 WebP.
    """

    name: str = attrs.field(repr=False)
    sex: int = attrs.field(repr=False)
    nik_tail: str | None = attrs.field(default=None, repr=False)
    birth_year: int | None = attrs.field(default=None, repr=False)
    nik: str | None = attrs.field(default=None, repr=False)
    birth_date: str | None = attrs.field(default=None, repr=False)
    nationality: str | None = attrs.field(default=None, repr=False)
    address: str | None = attrs.field(default=None, repr=False)
    region: str | None = attrs.field(default=None, repr=False)
    marital: int | None = attrs.field(default=None, repr=False)
    photo: bytes | None = attrs.field(default=None, repr=False)
    photo_format: int | None = attrs.field(default=None, repr=False)
    profile: Profile = attrs.field(init=False)
    _claim: dict[int, object] = attrs.field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        found = {
            label: value
            for label, value in zip(_FIELDS, _values(self), strict=True)
            if value is not None
        }
        for label, value in found.items():
            if not _FIELDS[label][1](value):
                raise TokenError("claims", "an attribute isn't as claim 169 writes it")
        profile = _PROFILES.get(frozenset(found))
        if profile is None:
            raise TokenError("claims", "attributes of no profile")
        object.__setattr__(self, "profile", profile)
        object.__setattr__(self, "_claim", found)

    def to_map(self) -> dict[int, object]:
        """Return claim 169."""
        return self._claim.copy()

    @classmethod
    def from_map(cls, found: Any) -> Claim169:  # noqa: ANN401  (what a token held)
        """Return what a decoded claim 169 says.

        Raises:
            TokenError: Attributes of no profile, or not written as they must be (``claims``).
        """
        try:
            return cls(**{_FIELDS[label][0]: value for label, value in found.items()})
        except (AttributeError, KeyError, TypeError) as error:
            raise TokenError("claims", "attributes of no profile") from error

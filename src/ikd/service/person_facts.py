"""What is known of a person for the credential: made of the registry's answer, sealed, shown.

Of a portrait only the small picture that fits a credential is kept. So the same identity gives
the same credential whatever picture library comes later, and nobody's portrait lies about.
"""

from __future__ import annotations

import threading
from typing import Any

import attrs

from ikd.core import cbor
from ikd.core.errors import InputError, RefusedError, TokenError
from ikd.core.ports import PhotoFitter
from ikd.core.records.person import Marital, Person
from ikd.core.records.person_text import is_fit_address, one_line
from ikd.core.resident.nik import Nik, Sex
from ikd.core.tokens import claim169 as claim

SEXES = {Sex.MALE: 1, Sex.FEMALE: 2}
_MARITAL = {Marital.UNMARRIED: 1, Marital.MARRIED: 2, Marital.DIVORCED: 3}
_UNPACKING = threading.Semaphore(1)  # a few kilobytes can unpack into a hundred megabytes


@attrs.frozen(kw_only=True)
class PersonFacts:
    """The facts of one person, in the words of ``tokens.claim169.Claim169``.

    Attributes:
        name: Full name; one that 0.1.0 sealed as it came is put on one line when it is read.
        sex: 1 man, 2 woman.
        birth_date: ``YYYYMMDD``.
        nationality, address, region, marital, photo, photo_format: Each only where it is
            known, and as a credential writes it.
    """

    name: str = attrs.field(repr=False, converter=one_line)
    sex: int = attrs.field(repr=False)
    birth_date: str = attrs.field(repr=False)
    nationality: str | None = attrs.field(default=None, repr=False)
    address: str | None = attrs.field(default=None, repr=False)
    region: str | None = attrs.field(default=None, repr=False)
    marital: int | None = attrs.field(default=None, repr=False)
    photo: bytes | None = attrs.field(default=None, repr=False)
    photo_format: int | None = attrs.field(default=None, repr=False)

    @classmethod
    def of(cls, person: Person, fit: PhotoFitter) -> PersonFacts:
        """Return what is kept of the registry's answer.

        What no credential could write counts as never told, a portrait that is no picture or
        fits no symbol too: the case goes on. So it is also bounded, and can be opened again.

        Raises:
            PortError: There is a portrait, and what makes pictures small isn't installed.
        """
        photo, photo_format = _photo(person.portrait, fit)
        return cls(
            name=person.name,
            sex=SEXES[person.sex],
            birth_date=person.birth_date.isoformat().replace("-", ""),
            nationality=_writable("nationality", person.nationality),
            address=person.address if is_fit_address(person.address or "") else None,
            region=_writable("region", person.region),
            marital=_MARITAL.get(person.marital) if person.marital else None,
            photo=photo,
            photo_format=photo_format,
        )

    def to_bytes(self) -> bytes:
        """Return the facts to be sealed."""
        return cbor.encode(self._told())

    @classmethod
    def from_bytes(cls, data: bytes) -> PersonFacts:
        """Return the facts in *data*, as ``to_bytes`` made them."""
        return cls(**cbor.decode(data))

    def shown(self, profile: claim.Profile, nik: Nik) -> claim.Claim169:
        """Return what a credential of *profile* says of the person.

        Raises:
            RefusedError: The registry never told what the profile needs
                (``credential.incomplete``), or told it in a form that no credential holds
                (``credential.unfit``).
        """
        held = {
            **self._told(),
            "birth_year": int(self.birth_date[:4]),
            "nik": nik.digits,
            "nik_tail": nik.digits[-4:],
        }
        missing = sorted(claim.required(profile) - held.keys())
        if missing:
            raise RefusedError("credential.incomplete", f"never told: {', '.join(missing)}")
        wanted = claim.required(profile) | claim.optional(profile)
        try:
            return claim.Claim169(**{name: held[name] for name in held if name in wanted})
        except TokenError:
            pass  # raised below, apart from what was wrong with it
        raise RefusedError("credential.unfit", "not in a form that a credential holds")

    def _told(self) -> dict[str, Any]:
        return {name: value for name, value in attrs.asdict(self).items() if value is not None}


def _writable(name: str, value: str | None) -> str | None:
    return value if claim.is_attribute(name, value) else None


def _photo(portrait: bytes | None, fit: PhotoFitter) -> tuple[bytes | None, int | None]:
    if portrait is None:
        return None, None
    try:
        with _UNPACKING:
            photo, kind = fit(portrait)
    except InputError:
        return None, None
    fits = claim.is_attribute("photo", photo) and claim.is_attribute("photo_format", kind)
    return (photo, kind) if fits else (None, None)

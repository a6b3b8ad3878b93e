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
from ikd.core.records.questions import Marital, Person
from ikd.core.resident.nik import Nik, Sex
from ikd.core.tokens import person as claim

_SEXES = {Sex.MALE: 1, Sex.FEMALE: 2}
_MARITAL = {Marital.UNMARRIED: 1, Marital.MARRIED: 2, Marital.DIVORCED: 3}
_UNPACKING = threading.Semaphore(1)  # a few kilobytes can unpack into a hundred megabytes
_MAY = {"full": frozenset({"marital"})}  # known or not, the profile stands


@attrs.frozen(kw_only=True)
class Known:
    """The facts of one person, in the words of ``tokens.person.Person``.

    Attributes:
        name: Full name.
        sex: 1 man, 2 woman.
        birth_date: ``YYYYMMDD``.
        more: Further attributes by name: nationality, address, region, marital, photo and
            photo_format, each only where it is known.
    """

    name: str = attrs.field(repr=False)
    sex: int = attrs.field(repr=False)
    birth_date: str = attrs.field(repr=False)
    more: dict[str, Any] = attrs.field(factory=dict, repr=False)

    @classmethod
    def of(cls, person: Person, fit: PhotoFitter) -> Known:
        """Return what is kept of the registry's answer.

        A portrait that is no picture, or fits no symbol, counts as none: the case goes on.

        Raises:
            PortError: There is a portrait, and what makes pictures small isn't installed.
        """
        more = {
            "nationality": person.nationality,
            "address": person.address,
            "region": person.region,
            "marital": _MARITAL.get(person.marital) if person.marital else None,
            **_photo(person.portrait, fit),
        }
        return cls(
            name=person.name,
            sex=_SEXES[person.sex],
            birth_date=person.birth_date.isoformat().replace("-", ""),
            more={name: value for name, value in more.items() if value is not None},
        )

    def to_bytes(self) -> bytes:
        """Return the facts to be sealed."""
        return cbor.encode([self.name, self.sex, self.birth_date, self.more])

    @classmethod
    def from_bytes(cls, data: bytes) -> Known:
        """Return the facts in *data*, as ``to_bytes`` made them."""
        name, sex, born, more = cbor.decode(data)
        return cls(name=name, sex=sex, birth_date=born, more=more)

    def shown(self, profile: claim.Profile, nik: Nik) -> claim.Person:
        """Return what a credential of *profile* says of the person.

        Raises:
            RefusedError: The registry never told what the profile needs
                (``credential.incomplete``), or told it in a form that no credential holds
                (``credential.unfit``).
        """
        needed = claim.required(profile)
        held = {**self._plain(nik), **self.more}
        missing = sorted(needed - held.keys())
        if missing:
            raise RefusedError("credential.incomplete", f"never told: {', '.join(missing)}")
        wanted = needed | _MAY.get(profile, frozenset())
        try:
            return claim.Person(**{name: held[name] for name in held if name in wanted})
        except TokenError:
            pass  # raised below, apart from what was wrong with it
        raise RefusedError("credential.unfit", "not in a form that a credential holds")

    def _plain(self, nik: Nik) -> dict[str, Any]:
        return {
            "name": self.name,
            "sex": self.sex,
            "birth_date": self.birth_date,
            "birth_year": int(self.birth_date[:4]),
            "nik": nik.digits,
            "nik_tail": nik.digits[-4:],
        }


def _photo(portrait: bytes | None, fit: PhotoFitter) -> dict[str, Any]:
    if portrait is None:
        return {}
    try:
        with _UNPACKING:
            photo, kind = fit(portrait)
    except InputError:
        return {}
    return {"photo": photo, "photo_format": kind}

"""Who asks. The front end authenticates people and states the actor; ikd logs nobody in."""

from __future__ import annotations

import enum
import re

import attrs

from ikd.core.errors import forgets, forgetting
from ikd.core.resident.nik import Nik
from ikd.core.validators import exactly, one_line, valid

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}", re.ASCII)
_PERSONAL = re.compile(r"[0-9]{10,}", re.ASCII)  # a NIK, a phone number or an NIP is no name here


class Role(enum.Enum):
    """What an actor may be."""

    RESIDENT = "resident"
    OPERATOR = "operator"
    MINISTRY = "ministry"
    REGISTRY = "registry"
    SYSTEM = "system"


def _is_name(value: object) -> bool:
    fits = isinstance(value, str) and _NAME.fullmatch(value)
    return bool(fits and not _PERSONAL.search(fits[0]))


_ACTOR_NAME = valid(
    "actor",
    "1 to 64 of A-Z a-z 0-9 . _ : -, and no long number: journals keep it for good",
    _is_name,
)
_POST = one_line("actor", 80)


@forgets
@attrs.frozen
class Actor:
    """One who asks, as the front end states it.

    Attributes:
        role: What the actor is.
        id: The front end's name for the actor; never a NIK, phone number or address.
        office: Office an operator works for, else ``None``.
        station: Counter an operator sits at, else ``None``.
        place: Where an operator serves, by its kind in the office's standard (``mpp``, ``village``
            …), else ``None``.
        title: What the officer's post is called in the office's standard, else ``None``.
        nik: NIK of an officer where the front end knows it, so that nobody handles
            their own case; never stored or shown.
    """

    role: Role = attrs.field(validator=exactly("actor", Role))
    id: str = attrs.field(validator=_ACTOR_NAME)
    office: str | None = attrs.field(default=None, validator=_ACTOR_NAME)
    station: str | None = attrs.field(default=None, validator=_ACTOR_NAME)
    nik: Nik | None = attrs.field(default=None, repr=False, validator=exactly("actor", Nik))
    place: str | None = attrs.field(default=None, validator=_POST)
    title: str | None = attrs.field(default=None, validator=_POST)

    @classmethod
    def resident(cls, id: str = "resident") -> Actor:  # noqa: A002 - the word of the glossary
        """Return the resident that the front end knows as *id* (a session, say)."""
        return cls(Role.RESIDENT, id)

    @classmethod
    @forgetting
    def operator(
        cls,
        id: str,  # noqa: A002
        *,
        office: str,
        station: str = "counter-1",
        nik: Nik | str | None = None,
        place: str | None = None,
        title: str | None = None,
    ) -> Actor:
        """Return the operator *id* of *office* at *station*, in the post of *title* at *place*."""
        own = Nik.parse(nik) if isinstance(nik, str) else nik
        return cls(Role.OPERATOR, id, office, station, own, place, title)

    @classmethod
    @forgetting
    def ministry(
        cls,
        id: str = "ditjen-dukcapil",  # noqa: A002
        *,
        nik: Nik | str | None = None,
    ) -> Actor:
        """Return the Direktorat Jenderal Dukcapil, or its officer *id*."""
        own = Nik.parse(nik) if isinstance(nik, str) else nik
        return cls(Role.MINISTRY, id, nik=own)

    @classmethod
    def registry(cls, id: str = "siak") -> Actor:  # noqa: A002
        """Return the registry, answering a question or reporting a step done in SIAK."""
        return cls(Role.REGISTRY, id)

    @classmethod
    def system(cls, id: str = "ikd") -> Actor:  # noqa: A002
        """Return ikd itself, when time passes."""
        return cls(Role.SYSTEM, id)

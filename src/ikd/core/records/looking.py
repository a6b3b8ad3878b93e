"""Looking at whom the register names: for what it may be done, by whom, and what is shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import attrs

from ikd.core.records.actor import Role
from ikd.core.records.declaration import Declared
from ikd.core.resident.nik import Nik, Sex

_OFFICERS = frozenset({Role.OPERATOR, Role.MINISTRY})


@attrs.frozen(kw_only=True)
class Purpose:
    """What somebody looks for.

    Attributes:
        declared: Who may, as a command says it.
        shown: What they are shown, where the registry told it.
    """

    declared: Declared
    shown: tuple[str, ...] = ("name", "birth_date", "sex")


LOOKS: Mapping[str, Purpose] = {
    "visit": Purpose(
        declared=Declared(by={Role.OPERATOR}, anywhere=True),
        shown=("name", "birth_date", "sex", "photo"),  # is it they who stand at the counter?
    ),
    "referral": Purpose(declared=Declared(by=_OFFICERS)),
    "review": Purpose(declared=Declared(by={Role.MINISTRY})),
    "decision": Purpose(declared=Declared(by=_OFFICERS, decider=True)),
}
"""Everything for which somebody may look; more has to be added here, and is never typed freely."""


@attrs.frozen(kw_only=True)
class Seen:
    """Whom the register names, as far as a purpose shows it.

    Attributes:
        name: Full name.
        birth_date: Day of birth.
        sex: Sex.
        photo: A small grey picture, where the registry gave one and the purpose shows it.
        photo_format: Its format, by the number that claim 169 gives it.
        notes: ``birth_date`` and ``sex`` where the NIK states another. That is lawful (the register
            was corrected and the number stays), so it is a note and refuses nobody.
    """

    name: str = attrs.field(repr=False)
    birth_date: date = attrs.field(repr=False)
    sex: Sex = attrs.field(repr=False)
    photo: bytes | None = attrs.field(default=None, repr=False)
    photo_format: int | None = attrs.field(default=None, repr=False)
    notes: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of what is shown."""
        return ("name", "birth_date", "sex", *(["photo"] if self.photo is not None else []))


def differing(nik: Nik, birth_date: date, sex: Sex) -> tuple[str, ...]:
    """Return what *nik* states otherwise than the register."""
    same = {"birth_date": birth_date in nik.birth_dates, "sex": nik.sex is sex}
    return tuple(name for name, holds in same.items() if not holds)

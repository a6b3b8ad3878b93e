"""A record: what its events have made of it."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import ClassVar

import attrs

from ikd.core.ids import RecordId


class Known(enum.Enum):
    """The status of a record whose kind has no other."""

    KNOWN = "KNOWN"


@attrs.frozen(kw_only=True)
class Record:
    """What every kind of record tells of itself.

    Attributes:
        kind: The word of its kind.
        id: Identifier.
        version: How many events it is made of.
        changed_at: Time of its last event.
    """

    kind: ClassVar[str]
    id: RecordId
    version: int
    changed_at: datetime

    @property
    def status(self) -> enum.Enum:
        """Where it stands."""
        return Known.KNOWN

    @property
    def office(self) -> str | None:
        """The office it belongs to, if to one."""
        return None

    @property
    def desks(self) -> frozenset[str]:
        """The offices whose operators it is shown to."""
        return frozenset() if self.office is None else frozenset({self.office})

    @property
    def concerns(self) -> str | None:
        """The officer whom it is about, to whom it is never shown, if about one."""
        return None

    @property
    def due(self) -> datetime | None:
        """When time alone changes it, if ever."""
        return None

"""What a decision is: changes, and everything that must be committed with them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

import attrs

from ikd.core.errors import RefusedError
from ikd.core.ids import RecordId
from ikd.core.records.notices import Notice
from ikd.core.records.questions import Question


class Record(Protocol):
    """What every kind of record can tell of itself."""

    @property
    def id(self) -> RecordId:
        """Its identifier."""

    @property
    def version(self) -> int:
        """How many events it is made of."""

    @property
    def office(self) -> str | None:
        """The office it belongs to."""

    @property
    def changed_at(self) -> datetime:
        """Time of its last event."""

    @property
    def due(self) -> datetime | None:
        """When it needs looking at though nobody asks."""


@attrs.frozen(kw_only=True)
class Change:
    """One record's part of a decision; without events it was only read.

    Attributes:
        kind: ``resident``, ``application``, ``identity`` or ``complaint``.
        record: The record after *events*.
        expected_version: The version it was loaded at; 0 makes it new.
    """

    kind: str
    record: Any
    expected_version: int
    events: tuple[Any, ...] = ()


@attrs.frozen(kw_only=True)
class Claim:
    """*owner* holds *key* in *space*; one key has one owner.

    ``until`` is set on tokens: after it the row may be purged, for the token is dead.
    """

    space: str
    key: bytes = attrs.field(repr=False)
    owner: str
    until: datetime | None = None
    mac: bytes | None = attrs.field(default=None, repr=False, eq=False)


@attrs.frozen(kw_only=True)
class Secret:
    """Bytes that stand outside records and journal, deleted when dead.

    Attributes:
        id: Identifier, which is all that records and events ever hold.
        kind: ``pin``, ``passcode``, ``data_key`` or ``sample``.
        owner: The record that deletes it.
    """

    id: RecordId
    kind: str
    owner: RecordId
    value: bytes = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class Decision:
    """The outcome of one command, committed all or none.

    Attributes:
        changes: Every record that was loaded; the addressed one first.
        notices: Messages owed from now on.
        questions: Questions owed to the registry from now on.
        takes: Claims taken.
        releases: Claims released.
        uses: Single-use tokens used up.
        writes: Secrets written.
        deletes: Secrets deleted, by id.
        voids: PINs whose undelivered notices are void, and questions not to be asked any more.
        refusal: Raised after the commit: time passed first, then the answer was no.
    """

    changes: tuple[Change, ...] = ()
    notices: tuple[Notice, ...] = ()
    questions: tuple[Question, ...] = ()
    takes: tuple[Claim, ...] = ()
    releases: tuple[Claim, ...] = ()
    uses: tuple[Claim, ...] = ()
    writes: tuple[Secret, ...] = ()
    deletes: tuple[RecordId, ...] = ()
    voids: tuple[RecordId, ...] = ()
    refusal: RefusedError | None = None

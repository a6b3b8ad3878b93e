"""What a decision is: changes, and everything that must be committed with them.

While it is made its events are folded as they happen, so state can't run ahead of them.
"""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

import attrs

from ikd.core.errors import RefusedError
from ikd.core.ids import RecordId
from ikd.core.records.count import Count
from ikd.core.records.event import Event
from ikd.core.records.law import Law
from ikd.core.records.notices import Notice
from ikd.core.records.questions import Question
from ikd.core.records.record import Record


@attrs.frozen(kw_only=True)
class Change:
    """One record's part of a decision; without events it was only read.

    Attributes:
        record: The record after *events*.
        expected_version: The version it was loaded at; 0 makes it new.
        events: What happened to it, in order.
    """

    record: Record
    expected_version: int
    events: tuple[Event, ...] = ()

    @property
    def kind(self) -> str:
        """Kind of the record."""
        return self.record.kind


@attrs.frozen(kw_only=True)
class Claim:
    """*owner* holds *key* in *space*; one key has one owner.

    ``until`` is set on tokens: after it the row may be purged, for the token is dead.

    Attributes:
        space: What is claimed: a NIK, a device, a token.
        key: Which one, by an HMAC or a thumbprint.
        owner: The record that holds it.
        until: Until when it must be remembered; ``None`` until it is released.
        mac: What binds the row, once the store is bound.
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
        value: The verifier or the wrapped key.
    """

    id: RecordId
    kind: str
    owner: RecordId
    value: bytes = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class Frozen:
    """That nothing uses a record.

    Attributes:
        kind: Kind of the record.
        id: The record.
        at: Since when.
        reason: What was met, one word.
    """

    kind: str
    id: RecordId
    at: datetime
    reason: str


@attrs.frozen(kw_only=True)
class Retold:
    """A record as its journal tells it, and the hash of the journal's last entry."""

    record: Record
    head: bytes = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class Unsent:
    """Something owed that reached nobody, by its id or its subject, and what went wrong."""

    named: RecordId
    code: str


@attrs.frozen(kw_only=True)
class Effects:
    """What goes with the change of a record, from the decision to its commit.

    Attributes:
        takes: Claims taken.
        releases: Claims released.
        uses: Single-use tokens used up.
        writes: Secrets written.
        deletes: Secrets deleted, by id.
        voids: PINs whose undelivered notices are void, and questions not to be asked any more.
        hastens: PINs whose waiting notices are tried at once.
        hands: PINs whose waiting notices an officer hands over.
        unsent: What ends without having reached anybody, and is shown until it is void.
        counts: What a door lets in only so often; a full one refuses the whole.
        freezes: Records that nothing uses from now on.
        thaws: Kind and id of those that are used again.
        closes: Kind and id of frozen records that count as gone.
    """

    takes: tuple[Claim, ...] = ()
    releases: tuple[Claim, ...] = ()
    uses: tuple[Claim, ...] = ()
    writes: tuple[Secret, ...] = ()
    deletes: tuple[RecordId, ...] = ()
    voids: tuple[RecordId, ...] = ()
    hastens: tuple[RecordId, ...] = ()
    hands: tuple[RecordId, ...] = ()
    unsent: tuple[Unsent, ...] = ()
    freezes: tuple[Frozen, ...] = ()
    thaws: tuple[tuple[str, RecordId], ...] = ()
    closes: tuple[tuple[str, RecordId], ...] = ()
    counts: tuple[Count, ...] = ()


@attrs.frozen(kw_only=True)
class Decision(Effects):
    """The outcome of one command, committed all or none.

    Attributes:
        changes: Every record that was loaded; the addressed one first.
        notices: Messages owed from now on.
        questions: Questions owed to the registry from now on.
        refusal: Raised after the commit: time passed first, then the answer was no.
        retold: Records made anew from their journals, whatever their rows are.
    """

    changes: tuple[Change, ...] = ()
    notices: tuple[Notice, ...] = ()
    questions: tuple[Question, ...] = ()
    refusal: RefusedError | None = None
    retold: tuple[Retold, ...] = ()


R = TypeVar("R", bound=Record)


@attrs.define
class Plan:
    """Gathers what one decision changes; lives and dies inside one call of ``decide``.

    Attributes:
        notices: Notices to be owed.
        questions: Questions to be owed.
        refusal: A refusal that is raised once the rest is committed.
        retold: Records to be made anew.
    """

    notices: list[Notice] = attrs.field(factory=list)
    questions: list[Question] = attrs.field(factory=list)
    refusal: RefusedError | None = None
    retold: list[Retold] = attrs.field(factory=list)
    _effects: list[Effects] = attrs.field(factory=list)
    _changes: dict[tuple[str, str], Change] = attrs.field(factory=dict)

    def read(self, record: Record) -> None:
        """Note that *record* was loaded: the commit compares its version."""
        read = Change(record=record, expected_version=record.version)
        self._changes.setdefault((record.kind, record.id), read)

    def happen(self, law: Law[R], record: R | None, happened: Event) -> R:
        """Let *happened* happen to *record* and return the record after it."""
        after = law.evolve(record, happened)
        before = Change(record=after, expected_version=after.version - 1)
        known = self._changes.get((after.kind, after.id), before)
        self._changes[after.kind, after.id] = attrs.evolve(
            known, record=after, events=(*known.events, happened)
        )
        return after

    def add(self, effects: Effects) -> None:
        """Add what goes with the change."""
        self._effects.append(effects)

    def clear(self) -> None:
        """Drop everything gathered so far."""
        for gathered in (
            self.notices,
            self.questions,
            self.retold,
            self._effects,
            self._changes,
        ):
            gathered.clear()
        self.refusal = None

    def decision(self) -> Decision:
        """Return what was gathered, the record that was loaded or made first in front."""
        together = {
            field.name: sum((getattr(one, field.name) for one in self._effects), ())
            for field in attrs.fields(Effects)
        }
        return Decision(
            changes=tuple(self._changes.values()),
            notices=tuple(self.notices),
            questions=tuple(self.questions),
            refusal=self.refusal,
            retold=tuple(self.retold),
            **together,
        )

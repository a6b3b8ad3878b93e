"""A decision in the making: events are folded as they happen, so state can't run ahead of them."""

from __future__ import annotations

from typing import TypeVar

import attrs

from ikd.core.errors import RefusedError
from ikd.core.records.decision import Change, Decision, Effects
from ikd.core.records.event import Event
from ikd.core.records.law import Law
from ikd.core.records.notices import Notice
from ikd.core.records.questions import Question
from ikd.core.records.record import Record

R = TypeVar("R", bound=Record)


@attrs.define
class Plan:
    """Gathers what one decision changes; lives and dies inside one call of ``decide``.

    Attributes:
        notices: Notices to be owed.
        questions: Questions to be owed.
        refusal: A refusal that is raised once the rest is committed.
    """

    notices: list[Notice] = attrs.field(factory=list)
    questions: list[Question] = attrs.field(factory=list)
    refusal: RefusedError | None = None
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
        for gathered in (self.notices, self.questions, self._effects, self._changes):
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
            **together,
        )

"""A decision in the making: events are folded as they happen, so state can't run ahead of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import attrs

from ikd.core.errors import RefusedError
from ikd.core.ids import RecordId
from ikd.core.records.decision import Change, Claim, Decision, Secret
from ikd.core.records.notices import Notice
from ikd.core.records.questions import Question

R = TypeVar("R")


@attrs.define
class _Part:
    record: Any
    expected: int
    events: list[Any]


@attrs.define
class Plan:
    """Gathers what one decision changes; lives and dies inside one call of ``decide``."""

    notices: list[Notice] = attrs.field(factory=list)
    questions: list[Question] = attrs.field(factory=list)
    takes: list[Claim] = attrs.field(factory=list)
    releases: list[Claim] = attrs.field(factory=list)
    uses: list[Claim] = attrs.field(factory=list)
    writes: list[Secret] = attrs.field(factory=list)
    deletes: list[RecordId] = attrs.field(factory=list)
    voids: list[RecordId] = attrs.field(factory=list)
    refusal: RefusedError | None = None
    _parts: dict[tuple[str, str], _Part] = attrs.field(factory=dict)

    def read(self, kind: str, record: Any) -> None:  # noqa: ANN401 - any kind of record
        """Note that *record* was loaded: the commit compares its version."""
        self._parts.setdefault((kind, record.id), _Part(record, record.version, []))

    def happen(
        self,
        kind: str,
        record: R | None,
        happened: Any,  # noqa: ANN401 - any event of that kind
        evolve: Callable[[R | None, Any], R],
    ) -> R:
        """Let *happened* happen to *record* and return the record after it."""
        after: Any = evolve(record, happened)
        part = self._parts.setdefault(
            (kind, after.id), _Part(after, 0 if record is None else after.version - 1, [])
        )
        part.record = after
        part.events.append(happened)
        result: R = after
        return result

    def current(self, kind: str, record: R) -> R:
        """Return *record* as it is after what has happened to it so far."""
        part = self._parts.get((kind, record.id))  # type: ignore[attr-defined]
        current: R = record if part is None else part.record
        return current

    def clear(self) -> None:
        """Drop everything gathered so far."""
        for gathered in (
            self.notices,
            self.questions,
            self.takes,
            self.releases,
            self.uses,
            self.writes,
            self.deletes,
            self.voids,
        ):
            gathered.clear()
        self.refusal = None
        self._parts.clear()

    def decision(self) -> Decision:
        """Return what was gathered, the record that was loaded or made first in front."""
        return Decision(
            changes=tuple(
                Change(kind=kind, record=p.record, expected_version=p.expected, events=(*p.events,))
                for (kind, _), p in self._parts.items()
            ),
            notices=tuple(self.notices),
            questions=tuple(self.questions),
            takes=tuple(self.takes),
            releases=tuple(self.releases),
            uses=tuple(self.uses),
            writes=tuple(self.writes),
            deletes=tuple(self.deletes),
            voids=tuple(self.voids),
            refusal=self.refusal,
        )

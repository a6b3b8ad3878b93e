"""What the office promised about time.

Five kinds of limit are five things: ``1 x 24 jam`` is hours of the wall clock, ``1 Hari`` says
neither calendar nor working day. The reading of an unclear one is a default that a file can
change, and the deadline changes with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import attrs

from ikd.core.standard.checked import Fault, limits
from ikd.core.standard.grounds import Grounded, Sourced, default

Unit = Literal["minutes", "hours", "24h", "day", "calendar_day", "working_day"]
DayKind = Literal["calendar_day", "working_day"]
Start = Literal[
    "registered", "fields_complete", "ministry_reviewed", "present", "declared_complete", "approved"
]
End = Literal["pin_sent", "activated"]
PauseEffect = Literal["extend", "excuse"]

_START: Sourced[Start] = default("registered", "Naskah tidak menyebut awal hitungan; pendaftaran.")
_END: Sourced[End] = default("activated", "Naskah tidak menyebut akhir hitungan; aktivasi selesai.")
_EFFECT: Sourced[PauseEffect] = default(
    "extend", "Kata-katanya dapat dibaca tiga cara; menambah waktu henti adalah yang paling ketat."
)


@attrs.frozen(kw_only=True)
class PauseReason(Grounded):
    """A proviso that moves or excuses the limit ("tergantung jaringan pada sistem").

    Attributes:
        reason: Name under which such a pause is recorded, e.g. ``system_network``.
        text: The proviso, as residents read it.
        effect: Whether the deadline moves by the pause, or stays and the pause excuses it.
    """

    reason: str
    text: str
    effect: Sourced[PauseEffect] = _EFFECT


@attrs.frozen(kw_only=True)
class TimeClause(Grounded):
    """One published limit.

    Attributes:
        text: As published.
        amount: How many of the unit.
        unit: What is counted; ``day`` where the text doesn't say which day.
        day_is: How a ``day`` is read; stands there exactly when the unit is ``day``.
        start: What starts the clock.
        end: What stops it.
        stage: Stage it belongs to, where the text says so.
        proviso: Conditions in words ("provided the files are complete").
        pauses: Provisos that move or excuse it.
    """

    text: str
    amount: int = attrs.field(metadata=limits(1, 1440))
    unit: Unit
    day_is: Sourced[DayKind] | None = None
    start: Sourced[Start] = _START
    end: Sourced[End] = _END
    stage: Sourced[str] | None = None
    proviso: Sourced[str] | None = None
    pauses: tuple[PauseReason, ...] = ()

    def _faults(self) -> Iterator[Fault]:
        """Yield a limit of nothing, one of more than a year, and an unclear day left unclear."""
        yield from super()._faults()
        if self.unit == "day" and self.day_is is None:
            yield "day_is", "sebutkan hari kalender atau hari kerja / say which day is meant"
        if self.unit != "day" and self.day_is is not None:
            yield "day_is", 'hanya untuk unit = "day" / only for unit = "day"'

    @property
    def counted_in(self) -> str:
        """The unit as it is counted, the reading of an unclear day applied."""
        return self.unit if self.day_is is None else self.day_is.value


@attrs.frozen(kw_only=True)
class Sla:
    """All limits, in the order of the text.

    Attributes:
        clauses: The limits; empty where the text states none.
        intro: The sentence before them.
    """

    clauses: tuple[TimeClause, ...] = ()
    intro: Sourced[str] | None = None

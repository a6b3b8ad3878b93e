"""The steps of the procedure, in the office's own order.

The order is data: ministry review before or after the visit, data check before the face.
What no file can say away is the visit: register < presence < decision < activate.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Literal

import attrs

from ikd.core.standard.checked import Fault
from ikd.core.standard.grounds import Grounded, Sourced, default, is_clause

StepName = Literal[
    "register", "data_check", "biometric", "ministry_review", "presence", "decision", "activate"
]
Performer = Literal["ikd", "siak"]
Answerer = Literal["resident", "registry", "ministry", "operator"]
Branch = Literal["approved", "rejected"]

SPINE: tuple[StepName, ...] = ("register", "presence", "decision", "activate")
"""The steps every office has, in the order every office keeps."""

_MAY_ANSWER: dict[str, tuple[str, ...]] = {
    "register": ("resident",),
    "data_check": ("registry",),
    "biometric": ("registry", "resident"),
    "ministry_review": ("ministry", "registry"),
    "presence": ("operator", "resident"),
    "decision": ("ministry", "operator"),
    "activate": ("resident", "ministry"),
}
_IN_IKD: Sourced[Performer] = default(
    "ikd", "Naskah tidak menyebut sistem lain; langkah ini dijalankan di ikd."
)


@attrs.frozen(kw_only=True)
class Published(Grounded):
    """One numbered item of the published procedure, as residents may read it.

    Attributes:
        number: Number the office gave it.
        text: Its words, spelled right.
        branch: Set where the item is one of two ways (P24, P28), not the next in a row.
        further: Clauses that the rest of its words stand in, after the one it quotes.
    """

    number: int
    text: str
    branch: Branch | None = None
    further: tuple[str, ...] = ()

    def _faults(self) -> Iterator[Fault]:
        """Yield further clauses that are none, and such of an item that isn't published."""
        yield from super()._faults()
        if not all(map(is_clause, self.further)):
            yield "further", 'harus butir seperti "W20" / must be like "W20"'
        if self.further and self.clause is None:
            yield "further", "nilai default tidak punya butir / a default has no clauses"

    @property
    def clauses(self) -> tuple[str, ...]:
        """Every clause that its words stand in."""
        return (*super().clauses, *self.further)


@attrs.frozen(kw_only=True)
class Step(Grounded):
    """One step of the procedure.

    Attributes:
        name: Which step.
        by: Who performs or answers it.
        performed_by: ``siak`` when it is done in SIAK itself and only reported to ikd.
        published: Items of the published procedure that belong to it; they have no effect.
    """

    name: StepName
    _by: Sourced[Answerer]
    _performed_by: Sourced[Performer] = _IN_IKD
    published: tuple[Published, ...] = ()

    def _faults(self) -> Iterator[Fault]:
        """Yield an answerer that this step can't have, and an activation in SIAK."""
        yield from super()._faults()
        if self.by not in _MAY_ANSWER[self.name]:
            words = ", ".join(_MAY_ANSWER[self.name])
            yield "by.value", f"hanya: {words} / only: {words}"
        if self.name == "activate" and self.performed_by == "siak":
            reason = "aktivasi selalu dijalankan di ikd / activation always happens in ikd"
            yield "performed_by.value", reason

    @property
    def by(self) -> Answerer:
        """Who performs or answers the step."""
        return self._by.value

    @property
    def by_clause(self) -> str | None:
        """The clause that says whose the step is; None where ikd's own default does."""
        return (self._performed_by if self.performed_by == "siak" else self._by).clause

    @property
    def performed_by(self) -> Performer:
        """Where the step is done."""
        return self._performed_by.value

    @property
    def is_reported(self) -> bool:
        """Whether it is done in SIAK alone and reported; the visit never is."""
        return self.performed_by == "siak" and self.name != "presence"


def next_step(done: Collection[str], steps: Sequence[Step]) -> Step | None:
    """Return the first of *steps* that isn't *done*, or None when all are."""
    return next((step for step in steps if step.name not in done), None)


def movers(steps: Sequence[Step]) -> tuple[tuple[str, str], ...]:
    """Return each step's name and the role that is waited for at it, in the office's order.

    A sample and a PIN come from the resident, whoever answers or activates then; and the visit
    is noted here, wherever else too.
    """
    own = ("register", "biometric", "activate")
    return tuple(
        (step.name, "registry")
        if step.is_reported
        else (step.name, "resident" if step.name in own else step.by)
        for step in steps
    )


def items_of(name: str, steps: Sequence[Step]) -> tuple[Published, ...]:
    """Return the items of the published procedure that the step *name* belongs to.

    They are its own, or those whose words hold its clause (P18 stands in the item of the
    registration). One that no clause states belongs to the item that the steps on both sides of
    it share, if they share one.
    """
    at = next(at for at, step in enumerate(steps) if step.name == name)
    if steps[at].clause is not None or not 0 < at < len(steps) - 1:
        return _stated(steps[at], steps)
    before, behind = (_stated(steps[beside], steps) for beside in (at - 1, at + 1))
    return steps[at].published or tuple(item for item in before[-1:] if item in behind[:1])


def _stated(step: Step, steps: Sequence[Step]) -> tuple[Published, ...]:
    return step.published or items_with(step.clause, steps)


def items_with(clause: str | None, steps: Sequence[Step]) -> tuple[Published, ...]:
    """Return the items of the published procedure whose words hold *clause*."""
    items = (item for step in steps for item in step.published)
    return tuple(item for item in items if clause in item.clauses)


def order_faults(names: Sequence[object]) -> Iterator[Fault]:
    """Yield what is wrong with the order of the step *names* of a file."""
    for name in SPINE:
        if name not in names:
            yield "steps", f'langkah "{name}" wajib ada / the step "{name}" must be there'
    for twice in dict.fromkeys(name for name in names if names.count(name) > 1):
        yield "steps", f'langkah "{twice}" ada dua kali / the step "{twice}" stands twice'
    places = [names.index(name) for name in SPINE if name in names]
    if places != sorted(places):
        order = " < ".join(SPINE)
        yield "steps", f"urutannya harus {order} / the order must be {order}"
    if "register" in names and names[0] != "register":
        yield "steps", "langkah pertama harus register / the first step must be register"
    if "activate" in names and names[-1] != "activate":
        yield "steps", "langkah terakhir harus activate / the last step must be activate"

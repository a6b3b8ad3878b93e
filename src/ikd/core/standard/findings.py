"""What a check found, in words for the resident and with the clause it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import attrs

from ikd.core.standard.grounds import DEFAULT, Grounded

Effect = Literal["refuse", "human", "note"]
Consequence = Literal["refuse", "human", "ask", "note"]

_TEMPLATES: dict[Consequence, tuple[str, str]] = {
    "refuse": ("Syarat belum terpenuhi: {}", "Requirement not met: {}"),
    "human": ("Perlu dilihat petugas: {}", "An officer must look at it: {}"),
    "ask": ("Belum dinyatakan: {}", "Not stated yet: {}"),
    "note": ("Catatan: {}", "Note: {}"),
}


@attrs.frozen(kw_only=True)
class Finding:
    """One thing that stands against, or beside, what was checked.

    Attributes:
        outcome: ``refuse``, ``human`` (an officer decides), ``ask`` (not stated yet), ``note``.
        requirement: Id of the requirement, or name of the complaint demand.
        clause: First clause that says so; None where no text does.
        clauses: Every clause that says so.
        source: The clause, or ``default``.
        facts: Names of the facts to ask for.
        why: Reason of a default.
        message_id: What the resident reads.
        message_en: The same in English.
    """

    outcome: Consequence
    requirement: str
    clause: str | None
    clauses: tuple[str, ...]
    source: str
    facts: tuple[str, ...]
    why: str | None
    message_id: str
    message_en: str


@attrs.frozen
class ConditionAnswer:
    """How facts answer a condition: yes, no, or open (unknown facts, or an officer's case).

    Attributes:
        holds: True, False, or None while it is open.
        facts: Unknown facts that keep it open.
        grounds: What the answer rests on.
    """

    holds: bool | None
    facts: tuple[str, ...] = ()
    grounds: tuple[Grounded, ...] = ()

    @classmethod
    def plain(cls, ground: Grounded, holds: bool) -> ConditionAnswer:  # noqa: FBT001  it is the value
        """Return a yes or no that rests on *ground*."""
        return cls(holds, (), (ground,))

    @classmethod
    def unknown(cls, fact: str | None, ground: Grounded) -> ConditionAnswer:
        """Return: the fact that *ground* asks for isn't known."""
        return cls(None, (str(fact),), (ground,))

    @classmethod
    def human(cls, ground: Grounded) -> ConditionAnswer:
        """Return: an officer must look, for the reason of *ground*."""
        return cls(None, (), (ground,))

    @classmethod
    def joined(cls, answers: Sequence[ConditionAnswer]) -> ConditionAnswer:
        """Return answers of one kind as one."""
        facts = dict.fromkeys(fact for answer in answers for fact in answer.facts)
        grounds = tuple(ground for answer in answers for ground in answer.grounds)
        return cls(answers[0].holds, tuple(facts), grounds)

    def turned(self, ground: Grounded) -> ConditionAnswer:
        """Return the opposite, resting on *ground*; what is open stays open."""
        return self if self.holds is None else ConditionAnswer(not self.holds, (), (ground,))

    def resting_on(self, ground: Grounded) -> ConditionAnswer:
        """Return the same, resting on *ground* where it rests on nothing of its own."""
        return self if self.grounds else attrs.evolve(self, grounds=(ground,))

    @property
    def open_outcome(self) -> Consequence:
        """What an open answer leads to."""
        return "ask" if self.facts else "human"


def finding(
    name: str, outcome: Consequence, answer: ConditionAnswer, text: str, text_en: str
) -> Finding:
    """Return the finding that *answer* amounts to."""
    clauses = tuple(dict.fromkeys(g.clause for g in answer.grounds if g.clause is not None))
    whys = [ground.why for ground in answer.grounds if ground.why is not None]
    words_id, words_en = _TEMPLATES[outcome]
    return Finding(
        outcome=outcome,
        requirement=name,
        clause=clauses[0] if clauses else None,
        clauses=clauses,
        source=clauses[0] if clauses else DEFAULT,
        facts=answer.facts,
        why=whys[0] if whys else None,
        message_id=words_id.format(text),
        message_en=words_en.format(text_en),
    )

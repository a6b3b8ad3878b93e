"""What a check found, in words for the resident and with the clause it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import attrs

from ikd.core.standard.grounds import DEFAULT, Grounded

Effect = Literal["refuse", "human", "note"]
Unknown = Literal["ask", "human", "refuse"]
Consequence = Literal["refuse", "human", "ask", "note", "met"]

_TEMPLATES: dict[Consequence, tuple[str, str]] = {
    "refuse": ("Syarat belum terpenuhi: {}", "Requirement not met: {}"),
    "human": ("Perlu dilihat petugas: {}", "An officer must look at it: {}"),
    "ask": ("Belum dinyatakan: {}", "Not stated yet: {}"),
    "note": ("Catatan: {}", "Note: {}"),
    "met": ("Terpenuhi: {}", "Met: {}"),
}


@attrs.frozen(kw_only=True)
class RequirementVerdict:
    """How one requirement was weighed, as records and events keep it: never the fact itself.

    Attributes:
        requirement: Id of the requirement.
        verdict: ``met``, ``note`` (unmet, which is only noted), ``ask`` (the resident must state
            something), ``human`` (an officer must look) or ``cleared`` (one has).
        clauses: Every clause it rests on; none for a default.
        facts: Names of the facts that aren't known.
        why: Reason of a default, where somebody must still do something about it.
        device: Kind of the device, where an officer must look at that.
    """

    requirement: str
    verdict: str
    clauses: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    why: str | None = None
    device: str | None = None

    @property
    def clause(self) -> str | None:
        """The first clause that says so; None where no text does."""
        return self.clauses[0] if self.clauses else None

    @property
    def source(self) -> str:
        """The clause, or ``default``."""
        return self.clause or DEFAULT

    @property
    def is_settled(self) -> bool:
        """Whether nobody has to do anything about it."""
        return self.verdict in ("met", "note", "cleared")


@attrs.frozen(kw_only=True)
class Finding:
    """One thing that stands against, or beside, what was checked.

    Attributes:
        outcome: ``refuse``, ``human`` (an officer decides), ``ask`` (not stated yet), ``note``, or
            ``met``, which no check tells.
        requirement: Id of the requirement, or name of the complaint demand.
        clause: First clause that says so; None where no text does.
        clauses: Every clause that says so.
        source: The clause, or ``default``.
        facts: Names of the facts to ask for.
        why: Reason of a default.
        message_id: What the resident reads.
        message_en: The same in English.
        device: Kind of the device, where the requirement looks at that.
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
    device: str | None = None

    def verdict(self) -> RequirementVerdict:
        """Return what is kept of it."""
        is_open = self.outcome in ("ask", "human")
        return RequirementVerdict(
            requirement=self.requirement,
            verdict=self.outcome,
            clauses=self.clauses,
            facts=self.facts,
            why=self.why if is_open else None,
            device=self.device if is_open else None,
        )


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


def finding(
    name: str, outcome: Consequence, answer: ConditionAnswer, text: str, text_en: str
) -> Finding:
    """Return the finding that *answer* amounts to."""
    whys = [ground.why for ground in answer.grounds if ground.why is not None]
    verdict = RequirementVerdict(
        requirement=name,
        verdict=outcome,
        clauses=tuple(dict.fromkeys(g.clause for g in answer.grounds if g.clause is not None)),
        facts=answer.facts,
        why=whys[0] if whys else None,
    )
    return told(verdict, outcome, text, text_en)


def told(verdict: RequirementVerdict, outcome: Consequence, text: str, text_en: str) -> Finding:
    """Return what is kept of a finding in the words of its office again."""
    words_id, words_en = _TEMPLATES[outcome]
    return Finding(
        outcome=outcome,
        requirement=verdict.requirement,
        clause=verdict.clause,
        clauses=verdict.clauses,
        source=verdict.source,
        facts=verdict.facts,
        why=verdict.why,
        message_id=words_id.format(text),
        message_en=words_en.format(text_en),
        device=verdict.device,
    )

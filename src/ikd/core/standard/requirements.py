"""Requirements as the office wrote them: a tree of and, or, not over named facts.

Four answers are possible. A fact nobody has stated is asked for, or goes where the file says; a
case the text doesn't cover goes to an officer with the reason; only what the text plainly excludes
is refused, and then every clause that excludes it is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

import attrs

from ikd.core.resident.device import Version
from ikd.core.standard.candidate import OLDEST, Candidate, FactName
from ikd.core.standard.checked import Fault, limits
from ikd.core.standard.findings import (
    ConditionAnswer,
    Consequence,
    Effect,
    Finding,
    Unknown,
    finding,
)
from ikd.core.standard.grounds import DEFAULT, Grounded, Sourced

_WORDS: dict[str, frozenset[str]] = {
    "ktp_el": frozenset({"issued", "lost", "never"}),
    "device": frozenset({"smartphone", "tablet", "none"}),
}
_NUMBERS = frozenset({"age"})
_PLAIN = re.compile(r"[0-9]{1,5}(\.[0-9]{1,5}){0,3}", re.ASCII)  # whose system the key says


@attrs.frozen(kw_only=True)
class Minimum(Grounded):
    """A least system version.

    Attributes:
        version: The version, compared as numbers and inclusive; None where any will do.
        platform: For which system; None where the text names none (F4).
    """

    version: str | None = None
    platform: Literal["android", "ios"] | None = None

    def _faults(self) -> Iterator[Fault]:
        """Yield a version that isn't made of numbers."""
        yield from super()._faults()
        if self.version is None and self.platform is None:
            yield "", "perlu platform atau version / needs a platform or a version"
        if self.version is not None and _PLAIN.fullmatch(self.version) is None:
            yield "version", "harus seperti 8 atau 11.0 / must be like 8 or 11.0"


@attrs.frozen(kw_only=True)
class Condition(Grounded):
    """One test, or several joined; exactly one of ``fact``, ``minimum`` and the groups is set.

    Attributes:
        fact: Name of the fact tested.
        among: Words that satisfy, for a fact that is a word.
        holds: What satisfies, for a fact that is yes or no.
        at_least: What satisfies, for a fact that is a number.
        human: Words that neither satisfy nor fail but go to an officer, and why.
        minimum: Least system versions; a system that none of them names goes to an officer.
        all_of: Every one must hold.
        any_of: One must hold.
        none_of: None may hold.
    """

    fact: FactName | None = None
    among: tuple[str, ...] = ()
    holds: bool | None = None
    at_least: int | None = attrs.field(default=None, metadata=limits(0, OLDEST))
    human: Sourced[tuple[str, ...]] | None = None
    minimum: tuple[Minimum, ...] = ()
    all_of: tuple[Condition, ...] = ()
    any_of: tuple[Condition, ...] = ()
    none_of: tuple[Condition, ...] = ()

    def _faults(self) -> Iterator[Fault]:
        """Yield a test of nothing, of two things at once, or of a word that isn't one."""
        yield from super()._faults()
        yield from _condition_faults(self)

    def ask(self, candidate: Candidate) -> ConditionAnswer:
        """Return how the facts known so far answer this condition."""
        if self.fact is not None:
            return self._ask_fact(candidate.fact(self.fact))
        if self.minimum:
            return self._ask_system(candidate)
        if self.all_of:
            return _joined(self.all_of, candidate, settles=False)
        if self.any_of:
            return _joined(self.any_of, candidate, settles=True)
        return _joined(self.none_of, candidate, settles=True).turned(self)

    @property
    def facts(self) -> frozenset[FactName]:
        """Every fact that it looks at."""
        device: FactName = "device"
        own = {self.fact} if self.fact is not None else {device} if self.minimum else set()
        below = (one.facts for one in (*self.all_of, *self.any_of, *self.none_of))
        return frozenset(own).union(*below)

    def _ask_fact(self, value: object) -> ConditionAnswer:
        if value is None:
            return ConditionAnswer.unknown(self.fact, self)
        if self.human is not None and value in self.human.value:
            return ConditionAnswer.human(self.human)
        if self.at_least is not None:
            return ConditionAnswer.plain(self, isinstance(value, int) and value >= self.at_least)
        wanted = (self.holds,) if self.holds is not None else self.among
        return ConditionAnswer.plain(self, value in wanted)

    def _ask_system(self, candidate: Candidate) -> ConditionAnswer:
        device = candidate.device
        if device is None:
            return ConditionAnswer.unknown("device", self)
        if device.kind == "none":
            return ConditionAnswer(holds=False)  # no clause on versions speaks of no device
        row = next((m for m in self.minimum if m.platform in (None, device.platform)), None)
        if row is not None and row.version is None:
            return ConditionAnswer.plain(row, holds=True)
        if row is None or row.version is None or device.os_version is None:
            return ConditionAnswer.human(_UNCOVERED)
        return ConditionAnswer.plain(row, device.os_version >= Version.parse(row.version))


_UNCOVERED = Grounded(
    source=DEFAULT, why="Sistem atau versinya tidak tercakup naskah; petugas melihat perangkatnya."
)


@attrs.frozen(kw_only=True)
class Requirement(Condition):
    """One requirement of the list.

    Attributes:
        id: Stable name inside the file.
        label: Number or letter the office gave it.
        text: As residents read it, in Indonesian.
        text_en: The same in English.
        effect: What an unmet one does: refuse, send to an officer, or only be noted.
        unknown: What one does that is still unknown where it is due: ask the resident, send to an
            officer, or refuse. It is due at the registration, or after the register's answer
            where it looks at what that tells.
    """

    id: str
    text: str
    text_en: str
    label: str | None = None
    effect: Effect = "refuse"

    unknown: Unknown = "ask"

    def weigh(self, candidate: Candidate) -> Finding:
        """Return what *candidate* comes to."""
        answer = self.ask(candidate).resting_on(self)
        outcome: Consequence = "met" if answer.holds else self.effect
        if answer.holds is None:
            outcome = self.unknown if answer.facts else "human"
        found = finding(self.id, outcome, answer, self.text, self.text_en)
        device = candidate.device if "device" in self.facts else None
        return attrs.evolve(found, device=device.kind.value) if device else found


def _joined(
    conditions: tuple[Condition, ...], candidate: Candidate, *, settles: bool
) -> ConditionAnswer:
    """Return the answer to all: what *settles* it, else what is unknown, else for an officer."""
    answers = [condition.ask(candidate) for condition in conditions]
    for group in (
        [answer for answer in answers if answer.holds is settles],
        [answer for answer in answers if answer.facts],
        [answer for answer in answers if answer.holds is None],
    ):
        if group:
            return ConditionAnswer.joined(group)
    return ConditionAnswer.joined(answers)


_WAYS = "fact, minimum, all_of, any_of, none_of"


def _condition_faults(item: Condition) -> Iterator[Fault]:
    if sum(bool(getattr(item, name)) for name in _WAYS.split(", ")) != 1:
        yield "", f"perlu tepat satu dari: {_WAYS} / needs exactly one of: {_WAYS}"
    tests = [bool(item.among), item.holds is not None, item.at_least is not None]
    if item.fact is None:
        if any(tests) or item.human is not None:
            yield "fact", "uji tanpa fakta / a test without a fact"
        return
    words = _WORDS.get(item.fact)
    wanted = [words is not None, words is None and item.fact not in _NUMBERS, item.fact in _NUMBERS]
    if tests != wanted:
        key = ("among", "holds", "at_least")[wanted.index(True)]
        yield key, f'fakta "{item.fact}" diuji dengan {key} / "{item.fact}" is tested with {key}'
    said = item.among + (item.human.value if item.human is not None else ())
    for word in said:
        if words is None or word not in words:
            yield (
                "among",
                f'fakta "{item.fact}" tidak mengenal {word} / "{item.fact}" has no {word}',
            )

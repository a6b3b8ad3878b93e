"""What a requirement tests, in words: the rule itself, not what the office calls it."""

from __future__ import annotations

from collections.abc import Sequence

from ikd.core.standard.requirements import Condition, Minimum, Requirement
from ikd.data.standards import labels
from ikd.data.words import Language


def tested(requirement: Requirement, language: Language) -> str:
    """Return what is tested, and what follows if it isn't met or isn't known."""
    ends = {"unmet": requirement.effect, "unknown": requirement.unknown}
    said = [f"{_word(name, language)}: {_word(end, language)}" for name, end in ends.items()]
    return "; ".join([rule(requirement, language), *said])


def rule(item: Condition, language: Language) -> str:
    """Return one test, or several with "and" and "or" between them."""
    if item.fact is not None:
        return _of_fact(item, item.fact, language)
    if item.minimum:
        return _joined([_least(row, language) for row in item.minimum], "or", language)
    if item.all_of:
        return _joined([_inner(one, language) for one in item.all_of], "and", language)
    if item.any_of:
        return _joined([_inner(one, language) for one in item.any_of], "or", language)
    none = _joined([_inner(one, language) for one in item.none_of], "or", language)
    return f"{_word('not', language)} ({none})"


def _inner(item: Condition, language: Language) -> str:
    said = rule(item, language)
    joins = len(item.all_of) > 1 or len(item.any_of) > 1 or len(item.minimum) > 1
    return f"({said})" if joins else said


def _of_fact(item: Condition, name: str, language: Language) -> str:
    fact = labels("facts")[name][language]
    if item.at_least is not None:
        return f"{fact} ≥ {item.at_least}"
    if item.holds is not None:
        return fact if item.holds else f"{_word('not', language)} {fact}"
    said = f"{fact}: {_joined([_word(one, language) for one in item.among], 'or', language)}"
    if item.human is None:
        return said
    others = ", ".join(_word(one, language) for one in item.human.value)
    return f"{said} ({others}: {_word('human', language)})"


def _least(row: Minimum, language: Language) -> str:
    platform = labels("values")[f"platform.{row.platform}"][language] if row.platform else ""
    system = platform or _word("system", language)
    return f"{system} ≥ {row.version}" if row.version else system


def _joined(parts: Sequence[str], word: str, language: Language) -> str:
    return f" {_word(word, language)} ".join(parts)


def _word(name: str, language: Language) -> str:
    return labels("rules")[name][language]

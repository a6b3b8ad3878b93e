"""Templates of notices and public answers, as the data that comes with ikd holds them."""

from __future__ import annotations

from collections.abc import Mapping
from string import Template as Pattern

import attrs

from ikd.core.structure import structure

TIMES = frozenset({"until", "visited_at", "at"})
SECRETS = frozenset({"pin"})
WORDS = frozenset({"answer"})
"""Parameters that an officer wrote: several lines, opened only when they are sent."""


@attrs.frozen(kw_only=True)
class Wording:
    """A notice in one language; ``text`` holds its paragraphs."""

    subject: str
    text: tuple[str, ...]
    short: str


@attrs.frozen(kw_only=True)
class Template:
    """A notice in both languages.

    Attributes:
        name: What a ``Notice`` calls it.
        id: Indonesian, read first.
        en: English, below it.
        optional: Parameters without which it can be sent.
        required: The other parameters that it names.
        secrets: ``pin`` if it carries one.
    """

    name: str
    id: Wording
    en: Wording
    optional: frozenset[str] = frozenset()
    required: frozenset[str] = attrs.field(init=False)
    secrets: frozenset[str] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        names = named(*patterns(self.id), *patterns(self.en))
        object.__setattr__(self, "secrets", names & SECRETS)
        object.__setattr__(self, "required", names - SECRETS - self.optional)


@attrs.frozen(kw_only=True)
class PublicText:
    """What someone not authenticated is told, in both languages.

    Attributes:
        id: Indonesian.
        en: English.
    """

    id: str
    en: str


Tables = Mapping[str, Mapping[str, object]]


def parse_templates(data: Tables) -> Mapping[str, Template]:
    """Return the templates of a parsed file by name.

    Raises:
        InputError: One isn't of their form (``structure.invalid``); whether they say what they
            must, ``tools/wording_faults.py`` checks before they are published.
    """
    return {name: structure({"name": name, **table}, Template) for name, table in data.items()}


def parse_answers(data: Tables) -> Mapping[str, PublicText]:
    """Return the texts of a parsed file by code: public answers, or what is waited for.

    Raises:
        InputError: One isn't of their form (``structure.invalid``).
    """
    return {code: structure(table, PublicText) for code, table in data.items()}


def patterns(wording: Wording) -> tuple[str, ...]:
    """Return every pattern of a notice in one language."""
    return (wording.subject, *wording.text, wording.short)


def named(*said: str) -> frozenset[str]:
    """Return the parameters that some patterns name."""
    return frozenset(name for one in said for name in Pattern(one).get_identifiers())

"""The texts that an office file rests on, and what of them has no effect."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Literal

import attrs

from ikd.core.standard.checked import Checked, Fault
from ikd.core.standard.grounds import Grounded, Sourced

_PREFIX = re.compile(r"[A-Z]{1,3}", re.ASCII)


@attrs.frozen(kw_only=True)
class SourceText(Checked):
    """A text that clauses point into (F2).

    Attributes:
        prefix: Letters its clauses begin with.
        kind: What sort of text it is.
        title: Its title.
        address: Where it was published, if known.
        read: Day it was read.
        page: Page of docs/sources that holds it.
        conflict: What it says against another of the sources.
    """

    prefix: str
    kind: Literal["decree", "office_page", "service_catalogue", "news", "blog", "law"]
    title: str
    address: str | None = None
    read: date | None = None
    page: str | None = None
    conflict: str | None = None

    def _faults(self) -> Iterator[Fault]:
        """Yield a prefix that no clause could begin with."""
        if _PREFIX.fullmatch(self.prefix) is None:
            yield "prefix", "harus satu sampai tiga huruf besar / one to three capital letters"


@attrs.frozen(kw_only=True)
class Informative:
    """A clause without effect, and why it has none.

    Attributes:
        clause: The clause.
        why: Why nothing follows from it.
        quote: Its words, where it has any.
        text: What residents read of it, if anything.
    """

    clause: str
    why: str
    quote: str | None = None
    text: str | None = None


@attrs.frozen(kw_only=True)
class Component(Grounded):
    """A component of the service standard as its text has it (F19).

    Attributes:
        number: 1 to 14, as PermenPANRB 15/2014 counts them.
        title: Heading as published, or as that regulation words it.
        text: The words, where the component is only text.
        items: Its words one by one, where each rests on a clause or a reason of its own.
    """

    number: int
    title: str
    text: str | None = None
    items: tuple[Sourced[str], ...] = ()


@attrs.frozen(kw_only=True)
class Recovery(Grounded):
    """What to do when something is lost, in the office's words (F21).

    Attributes:
        event: E.g. ``lost_phone``, ``forgotten_secret``, ``new_phone``.
        text: The words.
    """

    event: str
    text: str

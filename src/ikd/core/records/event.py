"""What an event is: a fact of one record, journalled under a name that no other ever gets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import ClassVar, TypeVar

import attrs


@attrs.frozen(kw_only=True)
class Event:
    """Something that happened, once and for good; it holds no secret and nothing personal open.

    Attributes:
        at: When it happened.
        journal_name: What the journal calls it.
        public: The public answer to a command that led to it, where it has one of its own.
    """

    at: datetime
    journal_name: ClassVar[str]
    public: ClassVar[str | None] = None


E = TypeVar("E", bound=Event)


def event(name: str, *, public: str | None = None) -> Callable[[type[E]], type[E]]:
    """Class decorator: journal this event as *name*; what changes meaning gets a new one."""

    def named(kind: type[E]) -> type[E]:
        kind.journal_name, kind.public = name, public
        return kind

    return named


def by_name(events: Iterable[type[Event]]) -> Mapping[str, type[Event]]:
    """Return *events* by their journal names.

    Raises:
        TypeError: Two have the same one.
    """
    found: dict[str, type[Event]] = {}
    for one in events:
        if found.setdefault(one.journal_name, one) is not one:
            raise TypeError(f"two events are called {one.journal_name}")
    return found

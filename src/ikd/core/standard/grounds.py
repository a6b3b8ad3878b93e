"""What a value rests on: a clause and its words, or our default and the reason for it.

A standard that cites a clause for something the clause doesn't say is worse than one that is
silent, so nothing in an office file stands without a source.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

import attrs

from ikd.core.standard.checked import Checked, Fault

DEFAULT = "default"
"""The source of what no published text states."""

_CLAUSE = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,2}", re.ASCII)
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@attrs.frozen(kw_only=True)
class Grounded(Checked):
    """Something an office's standard states, or that ikd adds where it is silent.

    Attributes:
        source: Clause of a published text, e.g. ``"W20"``, or ``"default"``.
        quote: The words of that clause that say so, verbatim; absent for a default.
        why: The reason for a default; absent for a clause.
        note: Anything an officer should know beside it.
    """

    source: str
    quote: str | None = None
    why: str | None = None
    note: str | None = None

    def _faults(self) -> Iterator[Fault]:
        """Yield a clause without its words and a default without its reason."""
        yield from super()._faults()
        if self.source == DEFAULT:
            if not (self.why or "").strip():
                yield "why", "nilai default perlu alasan / a default needs its reason"
            if self.quote is not None:
                yield "quote", "nilai default tidak mengutip naskah / a default quotes no text"
            return
        if not is_clause(self.source):
            words = 'harus butir seperti "W20" atau "default" / must be a clause or "default"'
            yield "source", words
        if not (self.quote or "").strip():
            yield "quote", "kutip kata-kata butir itu / quote the words of the clause"
        if self.why is not None:
            yield "why", "alasan hanya untuk default / a reason is for defaults only"

    @property
    def clause(self) -> str | None:
        """The clause, or None for a default: nothing may cite a clause for a default."""
        return None if self.source == DEFAULT else self.source

    @property
    def clauses(self) -> tuple[str, ...]:
        """Every clause it rests on; none for a default."""
        return () if self.source == DEFAULT else (self.source,)


@attrs.frozen(kw_only=True)
class Sourced(Grounded, Generic[T_co]):
    """A value together with what it rests on.

    Attributes:
        value: The value itself.
    """

    value: T_co


def is_clause(text: str) -> bool:
    """Return whether *text* is the number of a clause, like ``W20``."""
    return _CLAUSE.fullmatch(text) is not None


def default(value: T, why: str) -> Sourced[T]:
    """Return *value* as ikd's own, for the reason *why*."""
    return Sourced(value=value, source=DEFAULT, why=why)


def walk(value: object, path: str = "") -> Iterator[tuple[str, Grounded]]:
    """Yield everything grounded inside *value* with its path, in order.

    Rows of a list are named by their id, name or kind where they have one, so that the same row
    of two offices has the same path; else they are counted from one. What two rows are both
    called is followed by that count.
    """
    if isinstance(value, Grounded):
        yield path, value
    kind = type(value)
    if attrs.has(kind):
        for field in attrs.fields(kind):
            name = field.name.lstrip("_")
            yield from walk(getattr(value, field.name), f"{path}.{name}".lstrip("."))
    elif isinstance(value, tuple):
        for name, item in _named(value):
            yield from walk(item, f"{path}[{name}]")
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from walk(item, f"{path}.{key}".lstrip("."))


def _named(rows: tuple[object, ...]) -> Iterator[tuple[object, object]]:
    names = [_row_name(item) for item in rows]
    times = Counter(names)
    for number, (name, item) in enumerate(zip(names, rows, strict=True), start=1):
        own = name if times[name] == 1 else f"{name}/{number}"
        yield (number if name is None else own), item


def _row_name(item: object) -> object:
    names = (getattr(item, key, None) for key in ("id", "name", "kind", "number", "event"))
    return next((name for name in names if name is not None), None)

"""The tables that hold values of the port; every statement takes their columns from here.

A column is called like the field it keeps. Times are kept as whole microseconds, everything
else as it is.
"""

# ruff: noqa: S608 - statements are made of names that stand in this package, never of values

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Generic, TypeVar

import attrs

from ikd.adapters.storage.session import Value
from ikd.core.ports import Found, OutboxItem, Refusal, Remembered, Row
from ikd.core.records.decision import Claim, Secret
from ikd.core.records.journal import StoredEntry
from ikd.core.timing import from_micros, to_micros

T = TypeVar("T")


@attrs.frozen(kw_only=True)
class Table(Generic[T]):
    """One table, as far as a value of the port fills it.

    Attributes:
        name: Its name.
        make: The value's class.
        key: The columns that name a row.
        columns: All of them, with the key at the end, where ``WHERE`` needs it.
        times: Those that keep times.
    """

    name: str
    make: Callable[..., T]
    key: tuple[str, ...]
    columns: tuple[str, ...]
    times: tuple[str, ...]

    @property
    def select(self) -> str:
        """A statement that reads whole values."""
        return f"SELECT {', '.join(self.columns)} FROM {self.name}"

    @property
    def one(self) -> str:
        """A statement that reads the value of a key."""
        return f"{self.select} WHERE {self.named}"

    @property
    def named(self) -> str:
        """The condition that a row has a certain key."""
        return " AND ".join(f"{name} = ?" for name in self.key)

    @property
    def rest(self) -> tuple[str, ...]:
        """The columns beside the key."""
        return self.columns[: -len(self.key)]

    @property
    def changed(self) -> str:
        """The columns beside the key, each set to a value."""
        return ", ".join(f"{name} = ?" for name in self.rest)

    @property
    def replaced(self) -> str:
        """The columns beside the key, each set to what could not be inserted."""
        return ", ".join(f"{name} = excluded.{name}" for name in self.rest)

    @property
    def clash(self) -> str:
        """What follows an INSERT that may meet its own key; ``DO`` comes next."""
        return f"ON CONFLICT ({', '.join(self.key)})"

    def insert(self, *beside: str) -> str:
        """Return a statement that writes a value, and columns that it doesn't hold."""
        names = (*self.columns, *beside)
        marks = ", ".join("?" * len(names))
        return f"INSERT INTO {self.name} ({', '.join(names)}) VALUES ({marks})"

    def values(self, value: T) -> tuple[Value, ...]:
        """Return what is kept of *value*, in the order of the columns."""
        return tuple(map(kept, attrgetter(*self.columns)(value)))

    def value(self, values: Sequence[Value]) -> T:
        """Return the value that is kept as *values*, in the order of the columns."""
        named: dict[str, Value | datetime] = dict(zip(self.columns, values, strict=True))
        for name in self.times:
            if (micros := named[name]) is not None:
                named[name] = from_micros(micros)  # type: ignore[arg-type]
        return self.make(**named)


def kept(value: Value | datetime) -> Value:
    """Return *value* as a column keeps it."""
    return to_micros(value) if isinstance(value, datetime) else value


def _table(name: str, made: type[T], *key: str) -> Table[T]:
    fields: dict[str, attrs.Attribute[Value]] = attrs.fields_dict(made)  # type: ignore[arg-type]
    rest = tuple(field for field in fields if field not in key)
    times = tuple(field.name for field in fields.values() if "datetime" in str(field.type))
    return Table(name=name, make=made, key=key, columns=(*rest, *key), times=times)


RECORDS = _table("records", Row, "kind", "id")
FOUND = _table("records", Found, "kind", "id")
JOURNAL = _table("journal", StoredEntry, "kind", "id", "seq")
CLAIMS = _table("claims", Claim, "space", "key")
SECRETS = _table("secrets", Secret, "id")
ANSWERS = _table("idempotency", Remembered, "scope", "key")
REFUSALS = _table("refusals", Refusal, "id")
OUTBOX = _table("outbox", OutboxItem, "id")

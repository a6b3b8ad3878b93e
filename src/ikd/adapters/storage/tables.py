"""The tables that hold values of the port; every statement takes their columns from here.

A column is called like the field it keeps. Times are kept as whole microseconds, everything
else as it is. What is read must be of the type that was written: SQLite keeps any in any column.
"""

# ruff: noqa: S608 - statements are made of names that stand in this package, never of values

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from operator import attrgetter
from typing import Any, Generic, TypeVar

import attrs

from ikd.adapters.storage.session import Value
from ikd.core.errors import StoreError
from ikd.core.ports import BESIDE, Found, Look, OutboxItem, Refusal, Remembered, Row
from ikd.core.records.decision import Claim, Secret
from ikd.core.records.journal import StoredEntry
from ikd.core.timing import from_micros, to_micros

T = TypeVar("T", bound=attrs.AttrsInstance)


@attrs.frozen(kw_only=True)
class Table(Generic[T]):
    """One table, as far as a value of the port fills it, and what statements say of it.

    Attributes:
        name: Its name.
        make: The value's class.
        key: The columns of its primary key.
        columns: All columns of the value, with the key at the end, where ``WHERE`` needs it.
        fields: Reads the fields of that name from a value.
        read: What is read of it: those columns, and what stands beside a row.
        kinds: The types that each of those may have.
        times: Those that keep times.
        select: Reads whole values.
        named: The condition that a row has a certain key.
        changed: The columns beside the key, each set to a value.
        replaced: The columns beside the key, each set to what could not be inserted.
        clash: Follows an INSERT that may meet its own key; ``DO`` comes next.
    """

    name: str
    make: Callable[..., T]
    key: tuple[str, ...]
    columns: tuple[str, ...]
    fields: Callable[[T], tuple[Value | datetime, ...]]
    read: tuple[str, ...]
    kinds: tuple[tuple[type[Value], ...], ...]
    times: tuple[str, ...]
    select: str
    named: str
    changed: str
    replaced: str
    clash: str

    def insert(self, *beside: str) -> str:
        """Return a statement that writes a value, and columns that it doesn't hold."""
        names = (*self.columns, *beside)
        marks = ", ".join("?" * len(names))
        return f"INSERT INTO {self.name} ({', '.join(names)}) VALUES ({marks})"

    def values(self, value: T) -> tuple[Value, ...]:
        """Return what is kept of *value*, in the order of the columns."""
        fields = self.fields(value)
        return tuple([to_micros(one) if isinstance(one, datetime) else one for one in fields])

    def value(self, values: Sequence[Value]) -> T:
        """Return the value that is kept as *values*, in the order of what is read.

        Raises:
            StoreError: A column holds something of another type, or no time (``store.damaged``).
        """
        if not all(map(_is_of, values, self.kinds)):
            raise StoreError("store.damaged", f"a row of {self.name} can't be read")
        named = dict(zip(self.read, values, strict=True))
        try:
            times = {
                name: from_micros(int(micros))
                for name in self.times
                if (micros := named[name]) is not None
            }
        except OverflowError:
            raise StoreError("store.damaged", f"a time in {self.name} is none") from None
        return self.make(**{**named, **times})

    def readable(self, rows: Iterable[Sequence[Value]]) -> Iterator[T]:
        """Yield the values of a list; a row that can't be read holds up none of the others."""
        for values in rows:
            with suppress(StoreError):
                yield self.value(values)


def kept(value: Value | datetime) -> Value:
    """Return *value* as a column keeps it."""
    return to_micros(value) if isinstance(value, datetime) else value


def _is_of(value: Value, kinds: tuple[type[Value], ...]) -> bool:
    return type(value) in kinds


def _kinds(declared: str) -> tuple[type[Value], ...]:
    """Return what a column may hold whose field is *declared* so."""
    first, _, rest = declared.partition(" | ")
    kept: Mapping[str, type[Value]] = {"bytes": bytes, "int": int, "datetime": int}
    return (kept.get(first, str), type(None)) if rest else (kept.get(first, str),)


def _table(name: str, made: type[T], *key: str, **beside: str) -> Table[T]:
    known = {field.name: str(field.type) for field in attrs.fields(made)}
    fields = [field for field in attrs.fields(made) if BESIDE not in field.metadata]
    rest = tuple(one.name for one in fields if one.name not in key)
    columns = (*rest, *key)
    return Table(
        name=name,
        make=made,
        key=key,
        columns=columns,
        fields=attrgetter(*columns),
        read=(*columns, *beside),
        kinds=tuple(_kinds(known[name]) for name in (*columns, *beside)),
        times=tuple(one.name for one in fields if "datetime" in str(one.type)),
        select=f"SELECT {', '.join((*columns, *beside.values()))} FROM {name}",
        named=" AND ".join(f"{column} = ?" for column in key),
        changed=", ".join(f"{column} = ?" for column in rest),
        replaced=", ".join(f"{column} = excluded.{column}" for column in rest),
        clash=f"ON CONFLICT ({', '.join(key)})",
    )


_JOURNAL = "FROM journal AS j WHERE j.kind = records.kind AND j.id = records.id"
RECORDS = _table(
    "records",
    Row,
    "kind",
    "id",
    length=f"(SELECT count(*) {_JOURNAL})",
    tip=f"(SELECT j.hash {_JOURNAL} AND j.seq = records.version)",
    frozen="(SELECT f.reason FROM frozen AS f WHERE f.kind = records.kind AND f.id = records.id)",
)
FOUND = _table("records", Found, "kind", "id")
JOURNAL = _table("journal", StoredEntry, "kind", "id", "seq")
CLAIMS = _table("claims", Claim, "space", "key")
SECRETS = _table("secrets", Secret, "id")
ANSWERS = _table("idempotency", Remembered, "scope", "key")
REFUSALS = _table("refusals", Refusal, "id")
LOOKS = _table("looks", Look, "id")
OUTBOX = _table("outbox", OutboxItem, "id")


def table_of(kind: type[T]) -> Table[T]:
    """Return the table that holds values of *kind*."""
    tables: tuple[Table[Any], ...] = (RECORDS, CLAIMS, ANSWERS, REFUSALS, LOOKS, OUTBOX)
    return next(table for table in tables if table.make is kind)


WHOLE: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "claims": (CLAIMS.columns, CLAIMS.key),
    "counts": (("space", "key", "since", "number", "until"), ("space", "key", "since")),
    "frozen": (("kind", "id", "at", "reason"), ("kind", "id")),
    "idempotency": ((*ANSWERS.columns, "at"), ANSWERS.key),
    "journal": (JOURNAL.columns, JOURNAL.key),
    "looks": (LOOKS.columns, LOOKS.key),
    "outbox": ((*OUTBOX.columns, "done", "ended"), OUTBOX.key),
    "records": (RECORDS.columns, RECORDS.key),
    "refusals": (REFUSALS.columns, REFUSALS.key),
    "schema_version": (("version",), ("version",)),
    "secrets": (SECRETS.columns, SECRETS.key),
    "standards": (("digest", "text"), ("digest",)),
    "status": (("list", "place", "record"), ("list", "place")),
    "steps": (("name", "cursor", "done"), ("name",)),
}
"""Every table as it is kept: all its columns, and those of its key."""

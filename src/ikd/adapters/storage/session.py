"""What a SQL store asks of a database: to read, to write in transactions, and its dialect.

The statements are neutral; ``?`` stands for a value.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol, TypeVar

import attrs

from ikd.core.errors import ConflictError

T = TypeVar("T")
Value = str | bytes | int | None


class GivenUpError(ConflictError):
    """The database gave this transaction up for another one; the same may go well again."""

    def __init__(self) -> None:
        super().__init__("version")


class Cursor(Protocol):
    """What a statement gives back."""

    @property
    def rowcount(self) -> int:
        """How many rows it changed."""

    def fetchall(self) -> Sequence[Sequence[Value]]:
        """Return all its rows."""


Execute = Callable[[str, Sequence[Value]], Cursor]


@attrs.frozen(kw_only=True)
class Dialect:
    """The few words in which databases differ.

    Attributes:
        name: Of the database.
        share: What a SELECT that compares ends with, so that what it saw stays until the commit.
        skip: What a SELECT that leases ends with, so that it passes by what others lease.
        blob: Type of a column of bytes.
        tail: What the definition of a table ends with that is clustered by its key.
    """

    name: str
    share: str
    skip: str
    blob: str
    tail: str


class Session(Protocol):
    """The connections of one process to one database; safe to share between threads.

    Nothing but ``StoreError`` leaves it, save what the caller itself raises meanwhile.
    """

    dialect: Dialect

    def read(self, act: Callable[[Execute], T]) -> T:
        """Return what *act* reads; it sees what is committed, and may be called twice."""

    def writing(self) -> AbstractContextManager[Execute]:
        """Lend one transaction: committed at the end, undone by any error.

        Raises:
            GivenUpError: Another transaction came between; nothing was written.
        """

    def tidy(self, *, whole: bool = False) -> None:
        """Leave no old bytes and no room that is free; *whole* after all was written anew."""

    def close(self) -> None:
        """Release files and connections; calling it twice is fine."""

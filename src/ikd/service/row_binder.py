"""What binds each kind of row to the key outside the database, made and checked in one place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import TypeVar

import attrs

from ikd.core.errors import StoreError, TokenError
from ikd.core.ports import KeySource, Look, OutboxItem, Refusal, Remembered, Row
from ikd.core.records.decision import Claim
from ikd.core.secrets.binding import Column, bind, is_bound
from ikd.core.secrets.sealing import KID_BYTES, SecretKey

T = TypeVar("T", Row, Claim, Remembered, OutboxItem, Refusal, Look)
BoundRow = Row | Claim | Remembered | OutboxItem | Refusal | Look
"""A row that carries a mac."""

_KEY = "row"


@attrs.frozen
class BoundTable:
    """A table whose rows are bound, and the columns that are.

    Attributes:
        name: Its name.
        columns: Those columns, in the order in which they are bound; none is ever left out.
    """

    name: str
    columns: str

    @property
    def read(self) -> Callable[[BoundRow], tuple[Column, ...]]:
        """What reads those columns of a row."""
        return attrgetter(*self.columns.split())


TABLES: Mapping[type[BoundRow], BoundTable] = {
    Row: BoundTable(
        "records",
        "form kind id version status office due at head waits desk since limit_at state",
    ),
    Claim: BoundTable("claims", "space key owner until"),
    Remembered: BoundTable("idempotency", "scope key fingerprint form kind id first last"),
    # what happens to it later is none of what was owed, and its payload is bound while it is there
    OutboxItem: BoundTable("outbox", "id kind record_kind record_id subject lane created_at until"),
    Refusal: BoundTable("refusals", "id at code actor office record_id"),
    Look: BoundTable("looks", "id time actor office kind record fields purpose"),
}
_READERS = {kind: (table.name, table.read) for kind, table in TABLES.items()}


class Binder:
    """Binds rows under the newest key of a key source, and checks those that are bound.

    Attributes:
        strict: Whether a row without a mac is no row of ours.
        newest: The key under which rows are bound from now on.
    """

    def __init__(self, keys: KeySource) -> None:
        self.strict = keys.bound()
        self._source = keys
        self._read()

    def _read(self) -> None:
        keys = self._source.secrets(_KEY)
        self.newest, self._by_kid = keys[0], {key.kid: key for key in keys}

    def bound(self, row: T) -> T:
        """Return *row* with its mac."""
        return attrs.evolve(row, mac=self.mac(row))

    def mac(self, row: BoundRow) -> bytes:
        """Return what binds *row* from now on."""
        table, read = _READERS[type(row)]
        return bind(self.newest, table, read(row), _payload(row))

    def is_ours(self, row: BoundRow) -> bool:
        """Say whether *row* is what was written, as far as a mac tells.

        Raises:
            StoreError: It was bound under a key that isn't at hand (``store.key``).
        """
        if row.mac is None:
            return not self.strict
        table, read = _READERS[type(row)]
        key = self._key_of(row.mac)
        if key is None:
            told = f"a row of {table} is bound under a key that isn't at hand"
            raise StoreError("store.key", told)
        return is_bound(key, row.mac, table, read(row), _payload(row))

    def binds(self, table: str, columns: Sequence[Column], mac: object, payload: object) -> bool:
        """Say whether *mac* binds a row as it is kept; one under a key that isn't at hand doesn't.

        Args:
            table: The table.
            columns: Those that are bound, in their order, times as whole microseconds.
            mac: What stands in its column.
            payload: What is owed, in a row of the outbox that still has it; else nothing.
        """
        if mac is None:
            return not self.strict
        if not isinstance(mac, bytes) or not isinstance(payload, bytes):
            return False
        key = self._key_of(mac)
        try:
            return key is not None and is_bound(key, mac, table, columns, payload)
        except TokenError:
            return False

    def _key_of(self, mac: bytes) -> SecretKey | None:
        """Return the key of a mac; asked for anew where another process may have drawn it."""
        kid = mac[:KID_BYTES]
        if kid not in self._by_kid:
            self._read()
        return self._by_kid.get(kid)


def _payload(row: BoundRow) -> bytes:
    return row.payload if isinstance(row, OutboxItem) else b""

"""Binding the rows of a store that was there before, or anew under a newer key."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ikd.adapters.keys.keys_in_folder import FileKeys, mark_bound
from ikd.adapters.storage.sql_store import SqlStore
from ikd.bootstrap.migration import session_of
from ikd.core.decide import KINDS
from ikd.core.errors import IkdError
from ikd.core.ports import Row
from ikd.core.records.journal import check_chain, read_entry
from ikd.service.record_codec import Codec
from ikd.service.row_binder import TABLES, Binder, BoundRow

if TYPE_CHECKING:
    from ikd.core.records.kind import Kinds

BindingProgress = Callable[[str, int], None]
"""Told the name of a table and how many rows of it were met."""


def bind_store(
    url: str,
    keys: str | Path,
    *,
    kinds: Kinds = KINDS,
    report: BindingProgress = lambda _name, _met: None,
) -> int:
    """Bind every row of the store at *url* under the newest key of ``row``; work may go on.

    What was bound already is checked and bound anew. Cut off anywhere it goes on where it was.
    At the end the keys say that the store is bound: then a row without a mac is no row of ours.

    Args:
        url: ``sqlite:///…`` or ``postgresql://…``.
        keys: The folder of its keys.
        kinds: The kinds of record in it.
        report: Hears of every page.

    Returns:
        How many rows were left as they are, since they aren't what was written: records whose
        journal tells of another one, and rows whose mac doesn't hold.

    Raises:
        StoreError, KeySourceError: Store or keys can't be used.
    """
    session = session_of(url)
    try:
        store, source = SqlStore(session), FileKeys(keys)
        work = _Work(store, Binder(source), Codec(kinds))
        for kind, table in TABLES.items():
            step = f"bind/{work.binder.newest.kid.hex()}/{table.name}"
            store.rebind(kind, work.mac, step=step, report=partial(_told, report, table.name))
    finally:
        session.close()
    if not source.bound():
        mark_bound(keys)
    return work.left


def _told(report: BindingProgress, table: str, _step: str, met: int) -> None:
    report(table, met)


class _Work:
    """What one run of ``bind_store`` makes of each row."""

    def __init__(self, store: SqlStore, binder: Binder, codec: Codec) -> None:
        self.store, self.binder, self.codec, self.left = store, binder, codec, 0

    def mac(self, row: BoundRow) -> bytes | None:
        """Return the mac that *row* is to have, or ``None`` to leave it."""
        if row.mac is not None and row.mac.startswith(self.binder.newest.kid):
            return None
        if not self._fits(row):
            self.left += 1
            return None
        return self.binder.mac(row)

    def _fits(self, row: BoundRow) -> bool:
        try:
            if row.mac is not None:
                return self.binder.is_ours(row)
            return not isinstance(row, Row) or self._is_told(row)
        except IkdError:
            return False

    def _is_told(self, row: Row) -> bool:
        """Say whether the journal of a record that was never bound tells of this very record."""
        stored = self.store.entries(row.kind, row.id)
        events = self.codec.kinds.events
        ends = check_chain(stored, events) == row.head and len(stored) == row.version
        happened = (read_entry(entry, events).event for entry in stored)
        record = self.codec.record_of(row)
        return ends and self.codec.kinds.replay(row.kind, happened) == record

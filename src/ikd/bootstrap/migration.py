"""Bringing an older store to the form of now: its schema, and what only the codec can rewrite."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from ikd.adapters.calendar.holidays import days_off
from ikd.adapters.storage.migrate import MigrationProgress, migrate
from ikd.adapters.storage.sql_store import SqlStore
from ikd.adapters.storage.sqlite import sqlite_session
from ikd.core.decide import KINDS
from ikd.core.errors import StoreError
from ikd.core.records.kind import Rulebook
from ikd.service.parts import pinned_office
from ikd.service.record_codec import Codec

if TYPE_CHECKING:
    from ikd.adapters.storage.session import Session
    from ikd.core.ports import Row, Store
    from ikd.core.records.kind import Kinds
    from ikd.core.standard.office import Office


_COLUMNS = "columns/2"
"""The step that writes the columns of every row anew; a later one has a later number."""


def migrate_store(
    url: str, *, kinds: Kinds = KINDS, report: MigrationProgress = lambda _name, _done: None
) -> None:
    """Bring the store at *url* to the form of now; what is done already isn't done again.

    Cut off anywhere, it goes on where it was when it is called again. Keep a copy of database
    and keys before.

    Args:
        url: ``sqlite:///…`` or ``postgresql://…``.
        kinds: The kinds of record in it.
        report: Hears of every step.

    Raises:
        StoreError: The store is newer (``store.newer``), damaged, or can't be used.
    """
    session = session_of(url)
    try:
        migrate(session, report=report)
        store, codec = SqlStore(session), Codec(kinds)
        rules = Rulebook(standard=_pinned(store), days_off=days_off)
        store.rewrite(_COLUMNS, lambda row: _anew(codec, row, rules), report=report)
        session.tidy(whole=True)
    finally:
        session.close()


def session_of(url: str) -> Session:
    """Return the connections to the database at *url*, whatever its schema.

    Raises:
        StoreError: It is no URL of a store (``store.url``), or can't be used.
    """
    if url.startswith("sqlite:///"):
        return sqlite_session(url)
    if url.startswith("postgresql://"):
        from ikd.adapters.storage.postgres import PostgresSession

        return PostgresSession(url, timeout=10)
    raise StoreError("store.url", "sqlite:///relative.db, sqlite:////absolute.db or postgresql://…")


def _pinned(store: Store) -> Callable[[str], Office]:
    @cache
    def standard(digest: str) -> Office:
        return pinned_office(store, digest)

    return standard


def _anew(codec: Codec, row: Row, rules: Rulebook) -> Row:
    """Return *row* with the columns that its record shows now, in the form of now.

    What is bound was written by who knew them; changed without its mac it would be damage.
    """
    if row.mac is not None:
        return row
    return codec.row_of(codec.record_of(row), rules, head=row.head)

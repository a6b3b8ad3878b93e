"""``ikd store``: a store is brought to the form of now, when somebody asks."""

from __future__ import annotations

from ikd.adapters.storage.sqlite import sqlite_path
from ikd.bootstrap.migration import migrate_store
from ikd.cli.failures import CannotError, Exit, at_store
from ikd.cli.language import text


def migrate(store: str, /) -> int:
    """Migrate, and tell each step as it goes."""
    check_store(store)
    with at_store(store):
        migrate_store(store, report=lambda step, done: print(f"{step}: {done}", flush=True))
    print(text("store.done"))
    return Exit.OK


def check_store(url: str) -> None:
    """Refuse a URL that names no database; who answers at a server is asked when it opens.

    Raises:
        CannotError: There is no such database.
        StoreError: It is no URL of a store (``store.url``).
    """
    there = url.startswith("sqlite:///") and sqlite_path(url).is_file()
    if not there and not url.startswith("postgresql://"):
        raise CannotError(f"--store: {text('store.no_database')}", Exit.USAGE)

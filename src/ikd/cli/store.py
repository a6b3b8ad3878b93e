"""``ikd store``: a store is brought to the form of now and bound, when somebody asks."""

from __future__ import annotations

from pathlib import Path

from ikd.adapters.storage.sqlite import sqlite_path
from ikd.bootstrap.database_keys import folder_beside
from ikd.bootstrap.migration import migrate_store
from ikd.bootstrap.store_binding import bind_store
from ikd.bootstrap.store_checking import make_anew
from ikd.cli.failures import CannotError, Exit, at_store
from ikd.cli.language import text


def migrate(store: str, /) -> int:
    """Migrate, and tell each step as it goes."""
    check_store(store)
    with at_store(store):
        migrate_store(store, report=lambda step, done: print(f"{step}: {done}", flush=True))
    print(text("store.done"))
    return Exit.OK


def bind(store: str, /, *, keys: Path | None = None) -> int:
    """Bind every row, and tell each page as it goes."""
    check_store(store)
    folder = keys or folder_of(store)
    with at_store(store, folder):
        left = bind_store(
            store, folder, report=lambda table, met: print(f"{table}: {met}", flush=True)
        )
    print(text("store.bound") if not left else text("store.left", count=left))
    return Exit.REFUSED if left else Exit.OK


def mend(
    store: str,
    /,
    *,
    record: str,
    checkpoint: Path,
    officer: str,
    office: str,
    reason: str,
    keys: Path | None = None,
) -> int:
    """Let an officer ask that a frozen record be made anew, or agree with another's request."""
    check_store(store)
    kind, _, named = record.partition("/")
    if not checkpoint.is_file():
        raise CannotError(f"{checkpoint}: {text('audit.no_file')}", Exit.USAGE)
    folder = keys or folder_of(store)
    with at_store(store, folder):
        done = make_anew(
            store,
            folder,
            checkpoint=checkpoint,
            record=(kind, named),
            office=office,
            officer=officer,
            reason=reason,
        )
    print(text("store.anew") if done else text("store.asked"))
    return Exit.OK


def folder_of(url: str) -> Path:
    """Return the folder of keys beside a database.

    Raises:
        CannotError: Beside that one there is none, and no other was named.
    """
    if not url.startswith("sqlite:///"):
        raise CannotError(f"--keys: {text('store.no_keys')}", Exit.USAGE)
    return folder_beside(sqlite_path(url))


def check_store(url: str) -> None:
    """Refuse a URL that names no database; who answers at a server is asked when it opens.

    Raises:
        CannotError: There is no such database.
        StoreError: It is no URL of a store (``store.url``).
    """
    there = url.startswith("sqlite:///") and sqlite_path(url).is_file()
    if not there and not url.startswith("postgresql://"):
        raise CannotError(f"--store: {text('store.no_database')}", Exit.USAGE)

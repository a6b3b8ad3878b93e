"""Which stores a command takes that works on what is there already."""

from __future__ import annotations

from ikd.adapters.storage.sqlite import sqlite_path
from ikd.cli.ending import CannotError, Exit


def check_store(url: str) -> None:
    """Refuse a URL that names no database; who answers at a server is asked when it opens.

    Raises:
        CannotError: There is no such database.
        StoreError: It is no URL of a store (``store.url``).
    """
    there = url.startswith("sqlite:///") and sqlite_path(url).is_file()
    if not there and not url.startswith("postgresql://"):
        raise CannotError("--store: basis data tidak ada / no such database", Exit.USAGE)

"""Brings a SQLite database to the newest schema, also when two processes open it at once."""

from __future__ import annotations

import sqlite3

from ikd.adapters.storage.migrate import VERSIONS, migrations, missing
from ikd.adapters.storage.sqlite_session import Session
from ikd.core.errors import StoreError

_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table'"


def migrate(session: Session) -> None:
    """Apply what is missing, one transaction a migration.

    Raises:
        StoreError: The database is newer (``store.newer``), somebody else's
            (``store.foreign``), or can't be used.
    """
    known = migrations()
    for _ in missing(known, session.read(_applied)):
        with session.writing() as connection:
            # asked again inside: another process may have been faster
            for migration in missing(known, _applied(connection))[:1]:
                connection.execute(VERSIONS)
                for statement in migration.statements:
                    connection.execute(statement)
                connection.execute("INSERT INTO schema_version VALUES (?)", (migration.number,))


def _applied(connection: sqlite3.Connection) -> int:
    tables = {name for (name,) in connection.execute(_TABLES).fetchall()}
    if "schema_version" not in tables:
        if tables:
            raise StoreError("store.foreign", "the database belongs to another program")
        return 0
    ((newest,),) = connection.execute("SELECT max(version) FROM schema_version").fetchall()
    return int(newest)

"""Numbered migrations: ``migrations/NNNN_name.sql``, each applied once, in order.

An empty database gets them all as it is opened. An older one is migrated by who asks for it
(``ikd store migrate``), and until then refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, partial
from importlib.resources import files

import attrs

from ikd.adapters.storage.session import Dialect, Execute, GivenUpError, Session
from ikd.core.errors import StoreError

_NAME = re.compile(r"([0-9]{4})_[a-z0-9_]+\.sql", re.ASCII)
_COMMENT = re.compile(r"--[^\n]*")

_VERSIONS = "CREATE TABLE schema_version (version BIGINT NOT NULL PRIMARY KEY)"
_VERSION = "SELECT version FROM schema_version"
_MOVE = "UPDATE schema_version SET version = ? WHERE version = ?"
_TABLES = {"sqlite": "SELECT name FROM sqlite_master WHERE type = 'table'"}
_SCHEMA = "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"

MigrationProgress = Callable[[str, int], None]
"""Told the name of a step and how many rows or statements of it are done."""


@attrs.frozen(kw_only=True)
class Migration:
    """One step of the schema: its number, its name and its statements."""

    number: int
    name: str
    statements: tuple[str, ...]

    def apply(self, execute: Execute, dialect: Dialect) -> bool:
        """Apply it in the caller's transaction; return whether nobody else just did."""
        if self.number == 1:
            execute(_VERSIONS, ())
            execute("INSERT INTO schema_version (version) VALUES (?)", (0,))
        # first of all: who writes holds the number's row, and then meets the newer one
        if execute(_MOVE, (self.number, self.number - 1)).rowcount != 1:
            return False
        for statement in self.statements:
            spoken = statement.replace(" BLOB", f" {dialect.blob}")
            execute(spoken.replace("WITHOUT ROWID", dialect.tail), ())
        return True


@cache
def migrations() -> tuple[Migration, ...]:
    """Return every migration this version of ikd knows, in order."""
    folder = files("ikd.adapters.storage").joinpath("migrations")
    found = {match[0]: match for file in folder.iterdir() if (match := _NAME.fullmatch(file.name))}
    return tuple(
        Migration(
            number=int(found[name][1]),
            name=name.removesuffix(".sql"),
            statements=statements(folder.joinpath(name).read_text("utf-8")),
        )
        for name in sorted(found)
    )


def statements(text: str) -> tuple[str, ...]:
    """Return the statements of a file; no literal in it may hold ``;`` or ``--``."""
    parts = _COMMENT.sub("", text).split(";")
    return tuple(part.strip() for part in parts if part.strip())


def applied(execute: Execute, dialect: Dialect) -> int:
    """Return the schema's number, 0 for an empty database.

    Raises:
        StoreError: The database belongs to another program (``store.foreign``).
    """
    tables = {name for (name,) in execute(_TABLES.get(dialect.name, _SCHEMA), ()).fetchall()}
    if "schema_version" in tables:
        return _number(execute, _VERSION)
    if tables:
        raise StoreError("store.foreign", "the database belongs to another program")
    return 0


def _number(execute: Execute, query: str) -> int:
    return max(int(number or 0) for (number,) in execute(query, ()).fetchall())


def compare(execute: Execute, dialect: Dialect) -> None:
    """Let a transaction write only while the schema is the one that this process knows."""
    check(_number(execute, _VERSION + dialect.share))


def check(number: int) -> None:
    """Refuse every schema but the newest.

    Raises:
        StoreError: The database is newer (``store.newer``) or older (``store.older``).
    """
    known = len(migrations())
    if number > known:
        raise StoreError("store.newer", f"the database has schema {number}, this ikd knows {known}")
    if number < known:
        raise StoreError("store.older", f"the database has schema {number}: run ikd store migrate")


def open_schema(session: Session) -> None:
    """Make the newest schema in an empty database; otherwise check what is there.

    Raises:
        StoreError: As of ``check``; or the database is somebody else's or can't be used.
    """
    look = partial(applied, dialect=session.dialect)
    try:
        if not session.read(look):
            with session.writing() as execute:
                for migration in () if look(execute) else migrations():
                    migration.apply(execute, session.dialect)
    except StoreError:
        # two processes may make it at once, and the slower one is told so in many ways
        if not session.read(look):
            raise
    check(session.read(look))


def migrate(session: Session, *, report: MigrationProgress = lambda _name, _done: None) -> None:
    """Apply what an older database lacks, one transaction a migration.

    Cut off anywhere, it goes on where it was when it is called again.

    Raises:
        StoreError: The database is newer (``store.newer``), or can't be used.
    """
    for migration in migrations():
        try:
            done = _applied_now(session, migration)
        except GivenUpError:  # another process was faster
            done = _applied_now(session, migration)
        if done:
            report(migration.name, len(migration.statements))
    check(session.read(lambda execute: applied(execute, session.dialect)))


def _applied_now(session: Session, migration: Migration) -> bool:
    with session.writing() as execute:
        missing = applied(execute, session.dialect) < migration.number
        return missing and migration.apply(execute, session.dialect)

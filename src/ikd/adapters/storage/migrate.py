"""Numbered migrations: ``migrations/NNNN_name.sql``, each applied once, in order.

The files are written so that PostgreSQL takes them too, once ``BLOB`` reads ``BYTEA`` and
``WITHOUT ROWID`` is struck out.
"""

from __future__ import annotations

import re
from importlib.resources import files

import attrs

from ikd.core.errors import StoreError

_NAME = re.compile(r"([0-9]{4})_[a-z0-9_]+\.sql", re.ASCII)
_COMMENT = re.compile(r"--[^\n]*")

VERSIONS = "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL PRIMARY KEY)"


@attrs.frozen(kw_only=True)
class Migration:
    """One step of the schema: its number and its statements."""

    number: int
    statements: tuple[str, ...]


def migrations() -> tuple[Migration, ...]:
    """Return every migration this version of ikd knows, in order."""
    folder = files("ikd.adapters.storage").joinpath("migrations")
    texts = {
        int(match[1]): file.read_text("utf-8")
        for file in folder.iterdir()
        if (match := _NAME.fullmatch(file.name))
    }
    return tuple(
        Migration(number=number, statements=statements(texts[number])) for number in sorted(texts)
    )


def statements(text: str) -> tuple[str, ...]:
    """Return the statements of a file; no literal in it may hold ``;`` or ``--``."""
    parts = _COMMENT.sub("", text).split(";")
    return tuple(part.strip() for part in parts if part.strip())


def missing(known: tuple[Migration, ...], applied: int) -> tuple[Migration, ...]:
    """Return the migrations that a database at version *applied* still needs.

    Raises:
        StoreError: The database is newer than this version of ikd (``store.newer``).
    """
    if applied > len(known):
        raise StoreError(
            "store.newer", f"the database has schema {applied}, this ikd knows {len(known)}"
        )
    return known[applied:]

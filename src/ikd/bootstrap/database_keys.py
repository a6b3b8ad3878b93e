"""Keys in a folder beside an SQLite database: found there, or made at its first start."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ikd.adapters.keys.keys_in_folder import FileKeys, new_keys
from ikd.core.errors import KeySourceError

if TYPE_CHECKING:
    from ikd.core.ports import Entropy


def folder_beside(database: Path) -> Path:
    """Return the folder of the keys of *database*: ``<database>.keys``."""
    return database.with_name(f"{database.name}.keys")


def keys_beside(
    database: Path, is_used: Callable[[], bool], *, now: datetime, entropy: Entropy
) -> FileKeys:
    """Return the keys beside *database*, made at its first start; two processes make one set.

    Never beside one that is in use: new keys would open nothing there, and know no NIK again.

    Args:
        database: The file of the database, whether it is there yet or not.
        is_used: Says whether anything was ever written to it; asked only if there are no keys.
        now: From when new keys are good.
        entropy: Where new keys come from.

    Raises:
        KeySourceError: They can't be read or written, or were lost (``keys.missing``).
    """
    folder = folder_beside(database)
    if not _stands(folder) and not is_used():
        try:
            return new_keys(folder, now=now, entropy=entropy)
        except KeySourceError as error:
            if error.code != "keys.exist":  # another process made them meanwhile
                raise
    return FileKeys(folder)


def _stands(folder: Path) -> bool:
    """Say whether something is there; an empty folder is a place for keys and no keys."""
    try:
        return any(folder.iterdir())
    except FileNotFoundError:
        return False
    except OSError:
        return True  # something is; whoever reads it says what is wrong

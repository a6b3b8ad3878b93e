"""Where the journey happens: its keys, and a turn at the store that other demos respect."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from ikd.adapters.keys.files import add_station
from ikd.adapters.keys.memory import MemoryKeys
from ikd.adapters.storage.filelock import FileLock
from ikd.adapters.storage.sqlite import SqliteStore, sqlite_path
from ikd.adapters.system import SystemClock, system_entropy
from ikd.bootstrap.keys import folder_beside, keys_beside
from ikd.cli.language import text
from ikd.cli.screen import Screen
from ikd.core.errors import KeySourceError, StoreError
from ikd.core.ports import KeySource

_PATIENCE = 120.0  # seconds; a journey takes a few
_SQLITE = "sqlite:///"


@contextmanager
def turn(store: str, screen: Screen) -> Iterator[None]:
    """Hold the store against other demos: they would take each other's mail from the outbox.

    Raises:
        StoreError: Another demo didn't end in time (``store.busy``).
        OSError: The lock's folder can't be written.
    """
    if not store.startswith(_SQLITE):
        yield
        return
    path = sqlite_path(store)
    if not path.parent.is_dir():
        path.parent.mkdir(mode=0o700, parents=True)
    lock = FileLock(path.with_name(f"{path.name}.demo"))
    with closing(lock), ExitStack() as stack:
        try:
            stack.enter_context(lock.held(0))
        except StoreError:
            screen.line(text("demo.waiting"), "warn")
            stack.enter_context(lock.held(_PATIENCE))
        yield


def keys_of(store: str, office: str, station: str) -> KeySource:
    """Return the keys beside the database, made if need be, with one for that counter.

    Never are keys made beside a database in use: they would open nothing in it.

    Raises:
        KeySourceError: They can't be read or written, or were lost (``keys.missing``).
        StoreError: The database can't be read.
    """
    now = SystemClock().now()
    if not store.startswith(_SQLITE):
        return MemoryKeys(system_entropy, now)
    path = sqlite_path(store)
    keys = keys_beside(path, lambda: _is_used(path), now=now, entropy=system_entropy)
    try:
        keys.signing("station", office=office, station=station)
    except KeySourceError as error:
        if error.code != "keys.station":
            raise
        folder = folder_beside(path)
        return add_station(folder, office, station, now=now, entropy=system_entropy)
    return keys


def _is_used(database: Path) -> bool:
    if not database.exists():
        return False
    with closing(SqliteStore(database)) as store:
        return store.newest() is not None

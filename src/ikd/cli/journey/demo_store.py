"""The store, keys and folders of a journey: looked at before anything is touched, then held."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from ikd.adapters.keys.keys_in_folder import add_station
from ikd.adapters.keys.memory_keys import MemoryKeys
from ikd.adapters.storage.filelock import FileLock
from ikd.adapters.storage.sqlite import sqlite_path, sqlite_store
from ikd.adapters.system import SystemClock, system_entropy
from ikd.bootstrap.database_keys import folder_beside, keys_beside
from ikd.cli.failures import CannotError, Exit
from ikd.cli.language import text
from ikd.cli.output import check_place
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
    with closing(sqlite_store(database)) as store:
        return store.newest() is not None


RESULTS = (
    "credential.txt",
    "credential.svg",
    "credential.png",
    "issuer.pub.pem",
    "root.pub.pem",
    "keyring.cbor",
    "status.cwt",
    "timeline.json",
    "captcha.png",
    "complaint.json",
)


def check(store: str, outs: Iterable[Path]) -> None:
    """Refuse a store or a folder of results that a journey may not touch or can't use.

    Raises:
        CannotError: No such kind of store, a database or keys that the demo didn't make, or a
            place that holds a database or keys.
        OSError: A folder of results can't be made or written.
    """
    _check_store(store)
    for out in outs:
        _check_folder(out)
        for name in RESULTS:
            check_place(out / name)


def clear(out: Path) -> None:
    """Take away what an earlier journey left: nobody should take it for this one's.

    Raises:
        CannotError: The store that was just made stands where a result would.
        OSError: *out* can't be written.
    """
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in RESULTS:
        check_place(out / name)
    for name in RESULTS:
        (out / name).unlink(missing_ok=True)


def _check_store(store: str) -> None:
    if store == "memory://":
        return
    try:
        path = sqlite_path(store) if store.startswith(_SQLITE) else None
    except StoreError:
        path = None
    if path is None:
        raise CannotError(f"{text('demo.store')} (store.url)", Exit.USAGE)
    own = path.with_name(f"{path.name}.demo.lock")  # ``demo_store.turn`` leaves it, before all else
    beside = (path, path.with_name(f"{path.name}.keys"))
    found = next((one for one in beside if one.exists()), None)
    if found is not None and not own.exists():
        raise CannotError(f"{found}: {text('demo.not_ours')}", Exit.USAGE)


def _check_folder(out: Path) -> None:
    # Refuse a folder that can't be made or written, as the system itself would.
    there = next(one for one in (out, *out.absolute().parents) if one.exists())
    if not there.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(there))
    if not os.access(there, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(there))

"""What is looked at before a journey touches anything: its store, and where its results go."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from pathlib import Path

from ikd.adapters.storage.sqlite import sqlite_path
from ikd.cli.exits import CannotError, Exit
from ikd.cli.language import text
from ikd.cli.output import check_place
from ikd.core.errors import StoreError

RESULTS = (
    "credential.txt",
    "credential.svg",
    "credential.png",
    "issuer.pem",
    "root.pem",
    "keyring.cbor",
    "status.cwt",
    "timeline.json",
    "captcha.png",
)
_SQLITE = "sqlite:///"


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
    """Refuse a folder that can't be made or written, as the system itself would."""
    there = next(one for one in (out, *out.absolute().parents) if one.exists())
    if not there.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(there))
    if not os.access(there, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(there))

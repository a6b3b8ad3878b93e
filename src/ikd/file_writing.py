"""Writing a file whole or not at all, so that it is still there after a power cut."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

FOLDERS_SYNC = os.name == "posix"  # elsewhere a folder can't be opened, nor needs to be


def write_whole(path: Path, data: bytes, *, mode: int = 0o600, over: bool = True) -> None:
    """Write a file of that *mode*: readers meet the old one or the new one, never half of one.

    Args:
        path: Where; a link there is replaced, never followed.
        data: What stands in it.
        mode: Who may read and write it.
        over: Whether it may take the place of what stands there.

    Raises:
        FileExistsError: Something stands there, and nothing may be written over it.
        OSError: The disk failed; what stood there is as it was.
    """
    made = path.with_name(f".{path.name}.{secrets.token_hex(8)}.new")
    try:
        write_fresh(made, data, mode=mode)
        if over:
            made.replace(path)
        else:
            path.hardlink_to(made)  # unlike a renaming, never over anything
    finally:
        made.unlink(missing_ok=True)
    sync_folder(path.parent)


def write_fresh(path: Path, data: bytes, *, mode: int) -> None:
    """Write a file that isn't there yet; its name is durable once its folder is synchronised."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(handle)


def sync_folder(folder: Path) -> None:
    """Make the names in *folder* durable, where the system lets a folder be opened."""
    if not FOLDERS_SYNC:
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold *folder* against other processes that would change it, where the system can.

    Raises:
        OSError: It can't be opened.
    """
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)

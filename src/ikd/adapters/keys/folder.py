"""Files that hold keys: written whole or not at all, readable by their owner alone."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from ikd import file_writing
from ikd.core.errors import NO_PATH, KeySourceError, shown_path


def place(folder: str | Path) -> Path:
    """Return the path of a folder of keys.

    Raises:
        KeySourceError: No folder is called so (``keys.missing``): it may be a key itself, which
            is neither looked for nor told.
    """
    if shown_path(folder) == NO_PATH:
        raise KeySourceError("keys.missing", "no folder is called so")
    return Path(folder)


PRIVATE, PUBLIC = 0o600, 0o644
_TAKEN = (errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR)
_PUBLIC_ENDS = (".pub.pem", ".cbor")  # the keyring and public keys are no secrets
_OTHERS = 0o077


def write_new(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Make *folder* (0700) with *contents*, all at once; a kill leaves the folder as it was.

    Raises:
        KeySourceError: Something stands there already (``keys.exist``), or the disk
            failed (``keys.failed``).
    """
    with _own_errors(folder, taken=_TAKEN):
        folder.parent.mkdir(parents=True, exist_ok=True)
        if folder.exists() and any(folder.iterdir()):
            raise _exist(folder)
        # Beside the folder, so that renaming stays within one file system; mode 0700.
        made = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".new", dir=folder.parent))
        try:
            for name, data in contents.items():
                file_writing.write_fresh(made / name, data, mode=_mode_of(name))
            file_writing.sync_folder(made)
            made.rename(folder)  # fails if another process put its keys there meanwhile
        except BaseException:
            shutil.rmtree(made, ignore_errors=True)
            raise
        file_writing.sync_folder(folder.parent)


def replace(folder: Path, name: str, data: bytes) -> None:
    """Write one file of *folder* anew; readers see the old or the new one.

    Raises:
        KeySourceError: The disk failed (``keys.failed``).
    """
    _put(folder, name, data, over=True)


def add(folder: Path, name: str, data: bytes) -> None:
    """Write one file more to *folder*, whole or not at all.

    Raises:
        KeySourceError: Something stands there already (``keys.exist``), or the disk failed
            (``keys.failed``).
    """
    _put(folder, name, data, over=False)


def _put(folder: Path, name: str, data: bytes, *, over: bool) -> None:
    with _own_errors(folder / name, taken=_TAKEN):
        for left in folder.glob(f".{name}.*.new"):  # by a writer that was killed: we hold the lock
            left.unlink()
        file_writing.write_whole(folder / name, data, mode=_mode_of(name), over=over)


def read_file(path: Path) -> bytes:
    """Return a file's bytes.

    Raises:
        KeySourceError: It is missing (``keys.missing``), others may read or write it
            (``keys.mode``), or it can't be read (``keys.failed``).
    """
    with _own_errors(path), path.open("rb") as file:
        _check_mode(path, os.fstat(file.fileno()).st_mode)
        return file.read()


def stamp(path: Path) -> tuple[int, int]:
    """Return what changes when ``replace`` writes the file anew.

    Raises:
        KeySourceError: As ``read_file``.
    """
    with _own_errors(path):
        found = path.stat()
        return found.st_ino, found.st_mtime_ns


def names_in(folder: Path) -> frozenset[str]:
    """Return the names of the files in *folder*.

    Raises:
        KeySourceError: As ``read_file``, of the folder.
    """
    with _own_errors(folder):
        names = frozenset(entry.name for entry in folder.iterdir())
        _check_mode(folder, folder.stat().st_mode)
        _check_room(folder.resolve().parent)
        return names


def _check_room(room: Path) -> None:
    """Refuse a folder in which anybody may put another folder of keys in the place of ours."""
    mode = room.stat().st_mode
    if os.name == "posix" and mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
        told = f"{shown_path(room.name)}: anybody may write it; chmod o-w"
        raise KeySourceError("keys.mode", told)


def _check_mode(path: Path, mode: int) -> None:
    allowed = _mode_of(path.name) & _OTHERS
    if os.name == "posix" and stat.S_IMODE(mode) & _OTHERS & ~allowed:
        wanted = "0700" if stat.S_ISDIR(mode) else "0600"
        raise KeySourceError(
            "keys.mode", f"{shown_path(path.name)}: others may open it; chmod {wanted}"
        )


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold *folder* against other processes that would change it, where the system can."""
    with _own_errors(folder), file_writing.locked(folder):
        yield


def _mode_of(name: str) -> int:
    return PUBLIC if name.endswith(_PUBLIC_ENDS) else PRIVATE


def _exist(folder: Path) -> KeySourceError:
    return KeySourceError(
        "keys.exist", f"{shown_path(folder.name)}: something stands there already"
    )


@contextlib.contextmanager
def _own_errors(path: Path, taken: tuple[int, ...] = ()) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise KeySourceError("keys.missing", f"{shown_path(path.name)}: not found") from error
    except OSError as error:
        if error.errno in taken:
            raise _exist(path) from error
        reason = os.strerror(error.errno) if error.errno else "failed"
        raise KeySourceError("keys.failed", f"{shown_path(path.name)}: {reason}") from error

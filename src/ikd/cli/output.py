"""Where the command may write: never over a database or a key, nor into a folder of keys."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from ikd.cli.failures import CannotError, Exit
from ikd.cli.language import text
from ikd.core.errors import shown_path
from ikd.file_writing import write_whole

_SQLITE = b"SQLite format 3\0"  # https://sqlite.org/fileformat.html#magic_header_string
_BESIDE = ("-wal", "-shm", "-journal")  # SQLite's own files hold commits that aren't elsewhere
_PRIVATE = b"PRIVATE KEY-----"  # RFC 7468, section 10 and 11; OpenSSH and OpenSSL write it too
_KEYS = ".keys"
_MODE = 0o644  # what is put is for others to read: lists, pictures, public keys
_HEAD = 1 << 16  # bytes of a file that are looked at; a key begins at once


def put(path: Path, data: bytes) -> None:
    """Write a file as a whole: readers see the old one or the new one, never half of one.

    Raises:
        CannotError: It would cost a database, a key or what isn't ours (see ``check_place``).
        OSError: The file can't be written.
    """
    check_place(path)
    if path.exists() and not path.is_file():  # a device or pipe is written to, never replaced
        path.write_bytes(data)
        return
    try:
        write_whole(path, data, mode=_MODE)
    except OSError as error:  # people know the file by the name that they gave it
        raise OSError(error.errno, error.strerror, str(path)) from error


def check_place(path: Path) -> None:
    """Refuse a file that is a database or holds keys, and any in a folder that holds keys.

    Links are followed to look, and never to write: a link to a file is refused, and so is what
    belongs to another user.

    Raises:
        CannotError: It is one of them.
    """
    there = path.resolve()
    if _is_database(there):
        raise CannotError(f"{shown_path(path)}: {text('output.database')}", Exit.USAGE)
    if _holds_key(there):
        raise CannotError(f"{shown_path(path)}: {text('output.key')}", Exit.USAGE)
    if path.is_symlink() and (there.is_file() or not there.exists()):
        raise CannotError(f"{shown_path(path)}: {text('output.link')}", Exit.USAGE)
    if there.is_file() and not _is_ours(there):
        raise CannotError(f"{shown_path(path)}: {text('output.owner')}", Exit.USAGE)
    if any(map(_holds_key, _siblings(there))):
        raise CannotError(f"{shown_path(path)}: {text('output.keys_beside')}", Exit.USAGE)


def _is_ours(path: Path) -> bool:
    return os.name != "posix" or path.stat().st_uid == os.geteuid()


def _siblings(there: Path) -> Iterator[Path]:
    # Yield the folder, whose own name may say that keys are in it, and the files of it.
    yield there.parent
    try:
        yield from (path for path in there.parent.iterdir() if path.is_file())
    except OSError:
        return  # whoever writes there says what is wrong


def _is_database(path: Path) -> bool:
    names = [path, *(path.with_name(path.name.removesuffix(end)) for end in _BESIDE)]
    return any(_head(one).startswith(_SQLITE) for one in names if one.name)


def _holds_key(path: Path) -> bool:
    return path.name.lower().endswith(_KEYS) or _PRIVATE in _head(path)


def _head(path: Path) -> bytes:
    try:
        if not path.is_file():  # a pipe would wait for a writer
            return b""
        with path.open("rb") as file:
            return file.read(_HEAD)
    except OSError:
        return b""

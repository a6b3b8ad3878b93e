"""The token that the command line was given: itself, or what a file, a photo or stdin holds."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from ikd.adapters.qrimage import read_picture
from ikd.adapters.trust.trust_files import MOST, read_file
from ikd.cli.failures import AtFileError, CannotError, Exit, at
from ikd.cli.language import text
from ikd.core.errors import InputError

_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"RIFF", b"BM", b"GIF8", b"II*\0", b"MM\0*")
_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".txt")
_DRAWN = re.compile(rb"\s*<(?:\?xml|svg|!DOCTYPE svg)", re.IGNORECASE)


def token_in(given: str) -> str:
    """Return the token that was meant: itself, or what a file, a photo or stdin holds.

    An address is a text as any other: nothing is fetched on a stranger's word.

    Raises:
        CannotError: It holds none.
        AtFileError: It can't be read.
    """
    with at(given):
        data = _stdin() if given == "-" else _file(given)
    if data is None:
        return given
    name = "stdin" if given == "-" else given
    if not data.strip():
        raise CannotError(f"{name}: {text('qr.empty')}", Exit.USAGE)
    if data.startswith(_PICTURES):
        return _in_picture(name, data)
    if _DRAWN.match(data):
        raise CannotError(f"{name}: {text('qr.drawing')}", Exit.PICTURE)
    try:
        return data.decode("ascii").strip("\r\n")
    except UnicodeDecodeError as error:
        raise CannotError(f"{name}: {text('qr.neither')}", Exit.PICTURE) from error


def _stdin() -> bytes:
    data = sys.stdin.buffer.read(MOST + 1)
    if len(data) > MOST:
        raise CannotError(f"stdin: {text('qr.too_large')}")
    return data


def _file(given: str) -> bytes | None:
    path = Path(given)
    try:
        there, folder = path.is_file(), bool(given) and path.is_dir()
        other = bool(given) and not there and not folder and path.exists()
    except (OSError, ValueError):  # too long for a name, or no name at all: a token
        return None
    if folder:
        raise CannotError(f"{given}: {text('qr.folder')}", Exit.USAGE)
    if other:  # opening a pipe waits for ever, opening a device may do something
        raise CannotError(f"{given}: {text('qr.not_regular')}", Exit.USAGE)
    if not there and path.suffix in _SUFFIXES:  # no token has small letters
        raise CannotError(f"{path.name}: {text('qr.not_found')}", Exit.USAGE)
    return read_file(path) if there else None


def _in_picture(name: str, data: bytes) -> str:
    try:
        found = read_picture(data)
    except InputError as error:
        raise AtFileError(name, error, Exit.PICTURE) from error
    if len(found) != 1:
        raise CannotError(f"{name}: {text('qr.not_one', count=len(found))}", Exit.PICTURE)
    return found[0]

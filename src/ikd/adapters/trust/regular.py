"""Reads regular files only: a pipe waits for ever, and opening a device may do something."""

from __future__ import annotations

import os
import stat
from pathlib import Path


def read_regular(path: Path, most: int) -> bytes | None:
    """Return the first *most* bytes of a file and one more; None for what is no regular file.

    Raises:
        OSError: It can't be read.
        ValueError: It is no path at all.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        return None
    # Looked at again once it is open: another may stand there by now, and it mustn't block.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            return None
        return file.read(most + 1)

"""A lock between processes that lets them write in turn.

SQLite's own busy handler sleeps and tries again, so one busy process can starve another
for seconds. Here a process first takes the place at the head of the queue and gives it up
only once it holds the lock itself: whoever has just written can't overtake who waits.
The system releases both when a process dies.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ikd.core.errors import StoreError

_PAUSE = 0.0005  # seconds between tries: half of what a synced commit takes

if sys.platform == "win32":  # pragma: no cover - the other half can't run here
    import msvcrt

    def _lock(file: int) -> None:
        os.lseek(file, 0, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)

    def _unlock(file: int) -> None:
        os.lseek(file, 0, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _unlock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)


class FileLock:
    """Guards *path* between processes by two files beside it; one thread at a time uses it."""

    def __init__(self, path: Path) -> None:
        self._paths = [path.with_name(f"{path.name}.{end}") for end in ("queue", "lock")]
        self._files: list[int] = []

    @contextmanager
    def held(self, timeout: float) -> Iterator[None]:
        """Hold the lock.

        Raises:
            StoreError: It wasn't free within *timeout* seconds (``store.busy``).
            OSError: A lock file can't be opened.
        """
        self.open()
        head, turn = self._files
        deadline = time.monotonic() + timeout
        _wait(head, deadline)
        try:
            _wait(turn, deadline)
        finally:
            _unlock(head)
        try:
            yield
        finally:
            _unlock(turn)

    def open(self) -> None:
        """Open the lock files, readable by their owner alone."""
        while len(self._files) < len(self._paths):
            path = self._paths[len(self._files)]
            self._files.append(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))

    def close(self) -> None:
        """Close the lock files; they are opened again when needed."""
        while self._files:
            os.close(self._files.pop())


def _wait(file: int, deadline: float) -> None:
    while True:
        try:
            return _lock(file)
        except OSError as taken:
            if time.monotonic() >= deadline:
                raise StoreError("store.busy", "another process is writing") from taken
            time.sleep(_PAUSE)

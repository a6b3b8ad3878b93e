"""Nothing is at work, and no file open, while a process forks.

SQLite's locks and memory don't survive a fork, and a child that closes its parent's
connection breaks the parent's locks. A database in memory goes to both sides as it is.
"""

from __future__ import annotations

import os
import threading
import weakref
from contextlib import AbstractContextManager, ExitStack
from typing import Protocol


class Forked(Protocol):
    """What must stand still meanwhile."""

    def still(self) -> AbstractContextManager[None]:
        """Let nobody else use it meanwhile."""

    def release(self) -> None:
        """Close what must not be open on both sides; what comes next opens it again."""


_guarded: weakref.WeakSet[Forked] = weakref.WeakSet()
_forking = ExitStack()
_registered = threading.Event()


def guard_forks(session: Forked) -> None:
    """Keep *session* whole on both sides of every fork from now on."""
    _guarded.add(session)
    if hasattr(os, "register_at_fork") and not _registered.is_set():
        _registered.set()
        os.register_at_fork(
            before=_before_fork, after_in_parent=_forking.close, after_in_child=_forking.close
        )


def _before_fork() -> None:
    for session in tuple(_guarded):
        _forking.enter_context(session.still())
        session.release()

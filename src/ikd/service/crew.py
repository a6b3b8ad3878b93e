"""Daemon threads that do one thing over and over and survive whatever it raises."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from ikd.core.errors import IkdError

POLL = 0.5  # seconds between looks at the store, and after a failure
_LOG = logging.getLogger("ikd")


def caught() -> type[BaseException]:
    """Return what may be caught here: all, but in the main thread the user's own Ctrl-C."""
    main = threading.current_thread() is threading.main_thread()
    return Exception if main else BaseException


def code_of(failure: BaseException) -> str:
    """Return what may be told of *failure*: our own code, else no more than its class."""
    if isinstance(failure, IkdError):
        return failure.code
    return f"unexpected.{type(failure).__name__}"


class Crew:
    """*size* threads that do *act* until closed; one that died is replaced by ``mend``."""

    def __init__(self, name: str, act: Callable[[], object], size: int = 1) -> None:
        self.closed = threading.Event()
        self._name, self._act, self._size = name, act, size
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._failed: str | None = None

    @property
    def lives(self) -> bool:
        """Whether any of its threads does."""
        return any(thread.is_alive() for thread in self._threads)

    def mend(self) -> None:
        """Start the threads that aren't there: none yet, died, or lost in a fork."""
        if all(map(threading.Thread.is_alive, self._threads)) and self._threads:
            return
        with self._lock:
            living = [thread for thread in self._threads if thread.is_alive()]
            missing = 0 if self.closed.is_set() else self._size - len(living)
            self._threads = living + [self._started() for _ in range(missing)]

    def _started(self) -> threading.Thread:
        thread = threading.Thread(target=self._run, name=self._name, daemon=True)
        thread.start()
        return thread

    def _run(self) -> None:
        while not self.closed.is_set():
            if not self.quietly(self._act):
                self.closed.wait(POLL)

    def quietly(self, act: Callable[[], object]) -> bool:
        """Do *act* and say whether it succeeded; a failure that lasts is logged once.

        It says nothing about what was committed, and what is owed stays so.
        """
        try:
            act()
        except caught() as failure:
            failed, self._failed = self._failed, code_of(failure)
            if self._failed != failed and not self.closed.is_set():
                _LOG.warning("delivery stopped short: %s", self._failed)
            return False
        self._failed = None
        return True

    def join(self, until: float) -> None:
        """Wait for its threads to end, till *until* by the monotonic clock and no longer."""
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(max(0.0, until - time.monotonic()))

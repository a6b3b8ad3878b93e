"""Daemon threads that do one thing over and over and survive whatever it raises."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from functools import partial

from ikd.core.errors import IkdError
from ikd.core.validators import is_code

POLL = 0.5  # seconds between looks at the store, and after a failure
_LOG = logging.getLogger("ikd")


def caught() -> type[BaseException]:
    """Return what may be caught here: all, but in the main thread the user's own Ctrl-C."""
    main = threading.current_thread() is threading.main_thread()
    return Exception if main else BaseException


def code_of(failure: BaseException) -> str:
    """Return what may be told of *failure*: our own code, else no more than its class.

    An adapter may have made an error of ours with a code of its own, and an address in it.
    """
    ours = isinstance(failure, IkdError)
    code = failure.code if isinstance(failure, IkdError) else f"unexpected.{type(failure).__name__}"
    return code if is_code(code) else f"unexpected.{'code' if ours else 'failure'}"


class Crew:
    """*size* threads that do *act* until closed; one that dies is replaced."""

    def __init__(self, name: str, act: Callable[[], object], size: int = 1) -> None:
        self.closed = threading.Event()
        self.threads: list[threading.Thread] = []
        self._act, self._size = act, size
        self._thread = partial(threading.Thread, target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Start the threads that aren't there, if any."""
        living = [thread for thread in self.threads if thread.is_alive()]
        self.threads = living + [self._thread() for _ in range(self._size - len(living))]
        for thread in self.threads[len(living) :]:
            thread.start()

    def _run(self) -> None:
        try:
            while not self.closed.is_set():
                if not self.quietly(self._act):
                    self.closed.wait(POLL)
        finally:
            if not self.closed.is_set():
                self.threads.remove(threading.current_thread())
                self.start()

    def quietly(self, act: Callable[[], object]) -> bool:
        """Do *act* and say whether it succeeded; what it leaves undone stays owed."""
        try:
            act()
        except caught() as failure:
            if not self.closed.is_set():
                _LOG.warning("delivery stopped short: %s", code_of(failure))
            return False
        return True

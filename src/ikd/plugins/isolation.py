"""Calling code that isn't ours: a thread and a deadline for each call.

In a thread of its own no exception is the keyboard's or the interpreter's: whatever comes out
of a call, even ``SystemExit``, is the plugin's. A call that hangs is left behind: Python can't
end a thread, so the switch sees to it that few are left.
"""

from __future__ import annotations

import inspect
import math
import queue
import threading
import time
from collections.abc import Callable
from typing import Any

import attrs

Call = Callable[[], object]
"""A call into code that isn't ours: what it returns may be anything."""


@attrs.frozen(kw_only=True)
class Limits:
    """How much patience plugins get.

    Attributes:
        seconds: Deadline of one call.
        failures: Hangs (of a reaction: failures) in a row after which it is switched off.
        rest: For how many seconds an adapter is then left alone.
        stuck: Calls that may hang at one time; at that many it stays off until one ends.
    """

    seconds: float = 30.0
    failures: int = 3
    rest: float = 300.0
    stuck: int = 16


@attrs.frozen
class Returned:
    """The call came back with a value of whatever type."""

    value: Any = attrs.field(repr=False)


@attrs.frozen
class Raised:
    """The call raised; the error may hold anything, so it is never shown."""

    error: BaseException = attrs.field(repr=False)

    @property
    def name(self) -> str:
        """Name of the error's class, which is all that logs get."""
        return type(self.error).__name__


@attrs.frozen
class Hung:
    """The call didn't come back in time; its thread may still run."""

    thread: threading.Thread


CallOutcome = Returned | Raised | Hung


def here(call: Call) -> Returned | Raised:
    """Return how *call* ended in this thread, its own errors of every kind caught.

    Raises:
        KeyboardInterrupt: In the main thread, where it is the user's.
    """
    try:
        value = call()
    except BaseException as error:
        at_keyboard = threading.current_thread() is threading.main_thread()
        if isinstance(error, KeyboardInterrupt) and at_keyboard:
            raise
        return Raised(error)
    if inspect.iscoroutine(value):
        value.close()  # nobody will await it; unclosed, it would warn wherever it is dropped
    return Returned(value)


def attempt(call: Call, seconds: float, name: str) -> CallOutcome:
    """Return how *call* ended, alone in a daemon thread *name*, within *seconds*."""
    ended: queue.SimpleQueue[Returned | Raised] = queue.SimpleQueue()
    thread = threading.Thread(target=lambda: ended.put(here(call)), name=name, daemon=True)
    try:
        thread.start()
        return ended.get(timeout=seconds)
    except queue.Empty:
        return Hung(thread)
    except RuntimeError as error:  # no more threads, or the interpreter is ending
        return Raised(error)


class Switch:
    """Goes off after too many failures in a row; safe to share between threads.

    Args:
        limits: How many, and for how long it stays off.
        for_good: Whether it stays off whatever happens.
        clock: Tells seconds that only grow.
    """

    def __init__(
        self, limits: Limits, *, for_good: bool, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._limits = limits
        self._clock = clock
        self._rest = math.inf if for_good else limits.rest
        self._most = limits.failures if for_good else limits.stuck
        self._lock = threading.Lock()
        self._row = 0
        self._off_until = -math.inf
        self._stuck: list[threading.Thread] = []

    @property
    def on(self) -> bool:
        """Whether a call may be tried."""
        with self._lock:
            self._stuck = [thread for thread in self._stuck if thread.is_alive()]
            return len(self._stuck) < self._most and self._clock() >= self._off_until

    def worked(self) -> None:
        """Note a call that came back."""
        with self._lock:
            self._row = 0

    def failed(self, stuck: threading.Thread | None = None) -> bool:
        """Note a failure, and the thread that it left behind; return whether it is off now."""
        with self._lock:
            self._row += 1
            if stuck is not None:
                self._stuck.append(stuck)
            if self._row < self._limits.failures:
                return False
            self._off_until = self._clock() + self._rest
            return True

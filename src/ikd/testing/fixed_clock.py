"""A clock that moves only when it is told to."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

from ikd.core.timing import aware


class FixedClock:
    """Tells the same time until ``advance`` or ``set``; safe to share between threads."""

    def __init__(self, at: datetime) -> None:
        self._at = aware(at)
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """Return the time, in UTC."""
        with self._lock:
            return self._at

    def advance(self, by: timedelta) -> datetime:
        """Move on by *by* and return the time then."""
        with self._lock:
            self._at += by
            return self._at

    def set(self, at: datetime) -> None:
        """Tell *at* from now on; it may lie in the past, as broken clocks do."""
        with self._lock:
            self._at = aware(at)

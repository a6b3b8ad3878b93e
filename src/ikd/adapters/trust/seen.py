"""Presentations that were seen, in this process."""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable
from datetime import UTC, datetime

from ikd.core.timing import aware
from ikd.core.tokens.cwt import SKEW


def _wall() -> datetime:
    return datetime.now(UTC)


class SeenTokens:
    """A replay memory for the counters that share this process; safe between threads.

    It forgets what has expired anyway, so it stays as small as ninety seconds of traffic.
    Counters in several processes need one that they share, e.g. a table with a unique key.
    """

    def __init__(self, now: Callable[[], datetime] = _wall) -> None:
        """Remember from now on; *now* tells the time."""
        self._now = now
        self._lock = threading.Lock()
        self._seen: set[bytes] = set()
        self._dying: list[tuple[datetime, bytes]] = []

    def first_use(self, token_id: bytes, expires_at: datetime) -> bool:
        """Return whether *token_id* is new, and remember it until it has long expired."""
        with self._lock:
            self._forget(aware(self._now()))
            if token_id in self._seen:
                return False
            self._seen.add(token_id)
            heapq.heappush(self._dying, (aware(expires_at) + 2 * SKEW, token_id))
            return True

    def _forget(self, now: datetime) -> None:
        while self._dying and self._dying[0][0] <= now:
            self._seen.discard(heapq.heappop(self._dying)[1])

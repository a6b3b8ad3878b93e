"""Presentations that were seen, in this process."""

from __future__ import annotations

import heapq
import threading
from datetime import datetime

from ikd.core.timing import aware
from ikd.core.tokens.cwt import SKEW


class SeenTokens:
    """A replay memory for the counters that share this process; safe between threads.

    It forgets what has expired anyway, so it stays as small as ninety seconds of traffic, and
    takes nothing for new that ends no later than what it forgot: a clock that is set forward
    and back lets nothing in again. Counters in several processes need a memory that they
    share, e.g. a table with a unique key.
    """

    def __init__(self) -> None:
        """Remember from now on."""
        self._lock = threading.Lock()
        self._seen: set[bytes] = set()
        self._dying: list[tuple[datetime, bytes]] = []
        self._forgotten: datetime | None = None

    def first_use(self, token_id: bytes, expires_at: datetime, *, now: datetime) -> bool:
        """Return whether *token_id* is new, and remember it until it has long expired."""
        ends = aware(expires_at)
        with self._lock:
            self._forget(aware(now))
            late = self._forgotten is not None and ends <= self._forgotten
            if late or token_id in self._seen:
                return False
            self._seen.add(token_id)
            heapq.heappush(self._dying, (ends, token_id))
            return True

    def _forget(self, now: datetime) -> None:
        while self._dying and now - self._dying[0][0] >= 2 * SKEW:
            self._forgotten, token_id = heapq.heappop(self._dying)
            self._seen.discard(token_id)

"""How often somebody may call: a bucket of tokens each, filled again as time passes."""

from __future__ import annotations

import math


class Pace:
    """Lets each caller make *burst* calls at once and *rate* a second after that."""

    def __init__(self, rate: float, burst: int) -> None:
        """Begin with every bucket full."""
        self._rate, self._burst = rate, burst
        self._left: dict[str, tuple[float, float]] = {}

    def wait(self, caller: str, at: float) -> int:
        """Take a call of *caller* and return 0, or after how many seconds one is free.

        Args:
            caller: Who calls; the names must be few.
            at: Seconds of a clock that only goes forward.
        """
        left, since = self._left.get(caller, (self._burst, at))
        left = min(self._burst, left + (at - since) * self._rate)
        self._left[caller] = (left - 1 if left >= 1 else left, at)
        return 0 if left >= 1 else math.ceil((1 - left) / self._rate)

"""The machine's own clock and randomness."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from ikd.core.errors import PortError
from ikd.core.timing import aware

FAR = timedelta(days=45)  # no office rests that long: Lebaran takes two weeks at most
BEHIND = timedelta(seconds=2)  # hosts kept by NTP differ by less
JUMP = timedelta(minutes=10)


def system_entropy(size: int) -> bytes:
    """Return *size* bytes from the operating system."""
    return os.urandom(size)


class SystemClock:
    """Wall time that never runs back and doesn't believe a sudden leap forward.

    What depends on time here are lives of PINs and promises to residents. A clock set back
    stands still until it has caught up, so nothing that died comes back; one that leaps
    ahead of the time since boot by more than ten minutes stops writing, because it would
    let everything open expire at once. A restart takes the new time as it is, up to 45 days
    ahead of the newest change: one that is farther stops until an operator has accepted it.
    """

    def __init__(
        self,
        *,
        floor: datetime | None = None,
        wall: Callable[[], datetime] | None = None,
        boot: Callable[[], timedelta] | None = None,
    ) -> None:
        """Start the clock.

        Args:
            floor: Time of the newest change in the store; nothing earlier is ever told.
            wall: What tells the wall time; the system's if not given.
            boot: What tells the time since boot, sleep included; the system's if not given.

        Raises:
            PortError: The wall clock is more than two seconds behind *floor*
                (``clock.behind``), or more than 45 days ahead of it (``clock.far``).
        """
        self._wall = wall or _system_wall
        self._boot = boot or _system_boot
        self._lock = threading.Lock()
        start = aware(self._wall())
        if floor is not None and start < aware(floor) - BEHIND:
            raise _fault("clock.behind", "the clock is behind the newest change in the store")
        if floor is not None and start > aware(floor) + FAR:
            raise _fault("clock.far", "the clock is 45 days ahead of the newest change")
        self._offset = start - self._boot()
        self._newest = start if floor is None else max(start, aware(floor))

    def now(self) -> datetime:
        """Return the time in UTC, never less than before.

        Raises:
            PortError: The wall clock leapt forward (``clock.jump``); once it is set right,
                or the service is started again, writing goes on.
        """
        with self._lock:
            wall = aware(self._wall())
            if wall - self._boot() - self._offset > JUMP:
                raise _fault("clock.jump", "the clock leapt forward, the time since boot didn't")
            self._newest = max(self._newest, wall)
            return self._newest


class WallClock:
    """Wall time as it is: to open a store only so that an operator can accept the clock."""

    def __init__(self, wall: Callable[[], datetime] | None = None) -> None:
        """Take what tells the wall time; the system's if not given."""
        self._wall = wall or _system_wall

    def now(self) -> datetime:
        """Return the time in UTC."""
        return aware(self._wall())


def _fault(code: str, message: str) -> PortError:
    return PortError(code, message, port="clock")


def _system_wall() -> datetime:
    return datetime.now(UTC)


def _system_boot() -> timedelta:
    # CLOCK_BOOTTIME (Linux) counts the time asleep as well; elsewhere CLOCK_MONOTONIC does
    # so, and Windows has neither name but a monotonic clock that counts it.
    clock = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))
    nanoseconds = time.monotonic_ns() if clock is None else time.clock_gettime_ns(clock)
    return timedelta(microseconds=nanoseconds // 1_000)

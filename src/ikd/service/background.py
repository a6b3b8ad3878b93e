"""When delivery runs: in the background, before ``handle`` returns, or in another process."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta
from typing import Literal, get_args

from ikd.core.errors import InputError
from ikd.service.delivery import Delivery

Deliver = Literal["thread", "inline", "worker"]
_POLL = 0.5  # seconds between looks at the outbox when nobody wakes the thread
_ROUNDS = 50  # of delivery in a row, while they move something: an answer may owe a question
_LOG = logging.getLogger("ikd")


class Courier:
    """Runs *delivery* as told; ``thread`` starts a daemon thread."""

    def __init__(self, delivery: Delivery, deliver: Deliver) -> None:
        if deliver not in get_args(Deliver):
            raise InputError("settings.deliver", 'one of "thread", "inline", "worker"')
        self._delivery = delivery
        self._deliver = deliver
        self._wake = threading.Event()
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None
        if deliver == "thread":
            self._thread = threading.Thread(target=self._run, name="ikd-deliver", daemon=True)
            self._thread.start()

    def committed(self) -> None:
        """Something may be owed since a moment ago."""
        if self._deliver == "thread":
            self._wake.set()
        elif self._deliver == "inline":
            self._deliver_quietly()

    def _deliver_quietly(self) -> bool:
        """Deliver; a failure says nothing about what was committed, and what is owed stays so."""
        try:
            for _ in range(_ROUNDS):
                if not self._delivery.once().moved:
                    break
        except Exception as failure:  # noqa: BLE001 - as said
            if not self._closed.is_set():
                code = getattr(failure, "code", type(failure).__name__)
                _LOG.warning("delivery stopped short: %s", code)
            return False
        return True

    def _run(self) -> None:
        while not self._closed.is_set():
            self._wake.wait(_POLL)
            self._wake.clear()
            if not self._deliver_quietly():
                self._closed.wait(_POLL)

    def close(self, timeout: timedelta) -> None:
        """Stop after what is being delivered now, waiting for it no longer than *timeout*."""
        self._closed.set()
        self._wake.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(timeout.total_seconds())

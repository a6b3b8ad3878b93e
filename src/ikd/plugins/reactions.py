"""Telling plugins what was recorded: after the commit, best effort, one lane for each.

A lane has a thread and a queue of its own, so one that raises, hangs or dawdles keeps nobody
else waiting, least of all the resident. What must not be missed belongs in the relay.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import queue
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta

from ikd.core.records.decision import Change, Decision
from ikd.plugins.isolation import CallOutcome, Limits, Raised, Returned, Switch, attempt

_LOG = logging.getLogger("ikd")
WAITING = 1000
"""Events that wait for one implementation; later ones pass it by."""


class ReactionLane:
    """Calls one implementation, an event at a time, until it has failed too often.

    Args:
        plugin: Name of the plugin.
        function: Takes an event's arguments by name.
        limits: How much patience it gets.
        hook: Which hook it implements.
    """

    def __init__(
        self,
        plugin: str,
        function: Callable[..., object],
        limits: Limits,
        hook: str = "ikd_event_recorded",
    ) -> None:
        self._plugin, self._hook = plugin, hook
        self._function = function
        self._limits = limits
        self._switch = Switch(limits, for_good=True)
        self._queue: queue.SimpleQueue[Mapping[str, object] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = False

    def put(self, event: Mapping[str, object]) -> None:
        """Queue *event*, unless the lane is closed, switched off or full."""
        with self._lock:
            if self._closed or not self._switch.on or self._queue.qsize() >= WAITING:
                return
            self._queue.put(event)
            if self._thread is None or not self._thread.is_alive():  # new, or forked away
                self._start()

    def _start(self) -> None:
        thread = threading.Thread(target=self._run, name=f"ikd-lane-{self._plugin}", daemon=True)
        with contextlib.suppress(RuntimeError):  # no more threads: a later event tries again
            thread.start()
            self._thread = thread

    def close(self) -> None:
        """Take no more events; what waits is still told."""
        with self._lock:
            self._closed = True
            self._queue.put(None)

    def join(self, seconds: float) -> None:
        """Wait until everything was told, *seconds* at most."""
        if self._thread is not None:
            self._thread.join(max(0.0, seconds))

    def _run(self) -> None:
        for event in iter(self._queue.get, None):
            if self._switch.on:
                call = functools.partial(self._function, **event)
                self._judge(attempt(call, self._limits.seconds, f"ikd-plugin-{self._plugin}"))

    def _judge(self, outcome: CallOutcome) -> None:
        stuck = None
        match outcome:
            case Returned(None):
                self._switch.worked()
                return
            case Returned():
                what = "returned something"
            case Raised():
                what = f"raised {outcome.name}"
            case _:
                what, stuck = "hangs", outcome.thread
        off = self._switch.failed(stuck)
        told = "; it is switched off" if off else ""
        _LOG.warning("plugin %s: %s %s%s", self._plugin, self._hook, what, told)


class Reactions:
    """Every lane of one service."""

    def __init__(
        self, lanes: Sequence[ReactionLane] = (), keepers: Sequence[ReactionLane] = ()
    ) -> None:
        self._lanes, self._keepers = tuple(lanes), tuple(keepers)

    def recorded(self, decision: Decision) -> None:
        """Tell of every event of a committed *decision*; returns at once."""
        if self._lanes:
            for event in _told(decision.changes):
                for lane in self._lanes:
                    lane.put(event)

    def kept(self, checkpoint: bytes) -> None:
        """Hand over a checkpoint that was made; returns at once."""
        for lane in self._keepers:
            lane.put({"checkpoint": checkpoint})

    def close(self, timeout: timedelta) -> None:
        """Let what waits be told, for *timeout* at most."""
        end = time.monotonic() + timeout.total_seconds()
        for lane in (*self._lanes, *self._keepers):
            lane.close()
        for lane in (*self._lanes, *self._keepers):
            lane.join(end - time.monotonic())


def _told(changes: Iterable[Change]) -> Iterable[Mapping[str, object]]:
    """Yield the arguments of the hook for each event: nothing personal, nothing mutable."""
    for change in changes:
        for seq, happened in enumerate(change.events, start=change.expected_version + 1):
            yield {
                "event": type(happened).__name__,
                "kind": change.kind,
                "record_id": str(change.record.id),
                "seq": seq,
                "office": getattr(change.record, "office", None),
                "at": change.record.changed_at,
            }

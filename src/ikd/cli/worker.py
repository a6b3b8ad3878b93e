"""``ikd worker``: delivers what the services on one store owe, until it is told to stop."""

from __future__ import annotations

import signal
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

from ikd.bootstrap import open_service
from ikd.cli.audit import keep_checkpoint
from ikd.cli.channel_urls import check_channels
from ikd.cli.failures import AtFileError, CannotError, Exit, at_store, told
from ikd.cli.language import text
from ikd.cli.status import length
from ikd.cli.store import check_store
from ikd.core.errors import IkdError, PortError
from ikd.core.records.actor import Actor
from ikd.plugins.offices import packaged_offices
from ikd.service import Service
from ikd.service.delivery import Delivered

_KEPT_EVERY = 3600.0  # seconds between two checkpoints
_COUNTS = ("sent", "later", "parked", "void", "expired")


def worker(
    *,
    store: str,
    keys: Path | None = None,
    office: list[str] | None = None,
    channel: list[str] | None = None,
    plugin: list[str] | None = None,
    checkpoints: Path | None = None,
    poll: str = "1 s",
    once: bool = False,
) -> int:
    """Deliver, round after round; what a round meets is for the next one to try again."""
    check_store(store)
    pause = _pause(poll)
    if not channel and not plugin:  # all notices would be parked
        raise CannotError(text("worker.no_channel"), Exit.USAGE)
    with (
        at_store(store, keys),
        open_service(
            offices=office or packaged_offices(),
            store=store,
            keys=keys,
            channels=check_channels(channel),
            plugins=plugin or (),
            deliver="worker" if once else "thread",
        ) as service,
    ):
        if once:
            _tell(service.deliver_due())
            return Exit.OK
        return _work(service, store, pause, checkpoints)


def _pause(given: str) -> timedelta:
    found = length("--poll", given)
    if not timedelta(0) < found <= timedelta(hours=1):
        raise CannotError(f"--poll: {text('worker.poll')}", Exit.USAGE)
    return found


def _work(service: Service, store: str, pause: timedelta, checkpoints: Path | None) -> int:
    # Tell what the lanes deliver until somebody asks to stop; they end in peace.
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    last, due = service.delivered(), time.monotonic()
    while not stop.wait(pause.total_seconds()):
        last = _round(service, last, store)
        if checkpoints is not None and time.monotonic() >= due:
            due += _KEPT_EVERY
            _keep(service, checkpoints, store)
    _round(service, last, store)
    sys.stderr.write(f"ikd: {text('worker.stopped')}\n")
    return Exit.OK


def _keep(service: Service, folder: Path, store: str) -> None:
    # Keep a checkpoint; that it can't be made now ends no delivery.
    try:
        with at_store(store):
            keep_checkpoint(service, folder)
    except (IkdError, AtFileError, OSError) as error:
        sys.stderr.write(told(error))


def _round(service: Service, last: Delivered, store: str) -> Delivered:
    # Tell what was delivered since *last*, and of a store that fails for a while: no end.
    try:
        with at_store(store):
            service.owed(limit=1, actor=Actor.system())
    except (PortError, AtFileError) as error:
        sys.stderr.write(told(error))
    done = service.delivered()
    _tell(done.since(last))
    return done


def _tell(done: Delivered) -> None:
    counts = [f"{text(f'worker.{name}')} {getattr(done, name)}" for name in _COUNTS]
    if done.moved:
        print(", ".join(counts), flush=True)

"""``ikd worker``: delivers what the services on one store owe, until it is told to stop."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ikd
from ikd.cli.ending import CannotError, Exit
from ikd.core.timing import parse_duration

if TYPE_CHECKING:
    from ikd.service import Service
    from ikd.service.delivery import Delivered

_COUNTS = {
    "sent": "terkirim / sent",
    "later": "nanti / later",
    "parked": "ditahan / parked",
    "void": "batal / void",
    "expired": "kedaluwarsa / expired",
}


def add_to(commands: Any) -> None:  # noqa: ANN401 - argparse names its type with an underscore
    """Add the command to the parser."""
    parser = commands.add_parser("worker", help="antarkan yang terutang / deliver what is owed")
    parser.add_argument(
        "--store", metavar="URL", required=True, help="sqlite:///ikd.db, postgresql://…"
    )
    parser.add_argument(
        "--keys", metavar="DIR", type=Path, help="jika tidak di samping / unless beside the store"
    )
    parser.add_argument(
        "--office",
        metavar="ID|FILE",
        action="append",
        default=[],
        help="kantor; tanpa ini yang dibawa ikd / an office; else those that come with ikd",
    )
    parser.add_argument(
        "--channel", metavar="URL", action="append", default=[], help="smtp://…, file:///…"
    )
    parser.add_argument(
        "--plugin", metavar="NAME", action="append", default=[], help="pasangan / a plugin"
    )
    parser.add_argument(
        "--poll",
        metavar="5s",
        type=_pause,
        default="1 s",
        help="beri tahu tiap / tell every: %(default)s",
    )
    parser.add_argument("--once", action="store_true", help="sekali saja / one round")
    parser.set_defaults(run=run)


def _pause(text: str) -> timedelta:
    try:
        found = parse_duration(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError("1 s, 5 s, 1 min") from error
    if not timedelta(0) < found <= timedelta(hours=1):
        raise argparse.ArgumentTypeError("1 s … 1 h")
    return found


def run(asked: argparse.Namespace) -> int:
    """Deliver, round after round; what a round meets is for the next one to try again."""
    from ikd.bootstrap import open_service
    from ikd.cli.stores import check_store
    from ikd.plugins.offices import packaged_offices

    check_store(asked.store)
    if not asked.channel and not asked.plugin:  # all notices would be parked
        raise CannotError("--channel, --plugin: tidak ada saluran / no channel", Exit.USAGE)
    with open_service(
        offices=asked.office or packaged_offices(),
        store=asked.store,
        keys=asked.keys,
        channels=asked.channel,
        plugins=asked.plugin,
        deliver="worker" if asked.once else "thread",
    ) as service:
        if asked.once:
            _tell(service.deliver_due())
            return Exit.OK
        return _work(service, asked)


def _work(service: Service, asked: argparse.Namespace) -> int:
    """Tell what the lanes deliver until somebody asks to stop; they end in peace."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    told = service.delivered()
    while not stop.wait(asked.poll.total_seconds()):
        told = _round(service, told, asked)
    _round(service, told, asked)
    sys.stderr.write("ikd: berhenti / stopped\n")
    return Exit.OK


def _round(service: Service, told: Delivered, asked: argparse.Namespace) -> Delivered:
    """Tell what was delivered since *told*, and of a store that fails for a while: no end."""
    from ikd.cli import faults
    from ikd.core.errors import PortError

    try:
        service.owed(limit=1, actor=ikd.Actor.system())
    except PortError as error:
        sys.stderr.write(faults.told(error, asked))
    done = service.delivered()
    _tell(done.since(told))
    return done


def _tell(done: Delivered) -> None:
    told = [f"{words} {getattr(done, name)}" for name, words in _COUNTS.items()]
    if done.moved:
        print(", ".join(told), flush=True)

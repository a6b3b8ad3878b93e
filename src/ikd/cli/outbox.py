"""``ikd outbox list|retry``: what is owed and was given up, and trying it again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ikd.cli.ending import Exit
from ikd.cli.opened import add_store, opened
from ikd.core.ports import Done, OutboxItem
from ikd.core.records.actor import Actor

_LISTED = 100_000
_STATES = {
    "waiting": Done.WAITING,
    "parked": Done.PARKED,
    "undelivered": Done.UNDELIVERED,
}


def add_to(commands: Any) -> None:  # noqa: ANN401 - argparse names its type with an underscore
    """Add the command to the parser."""
    parser = commands.add_parser("outbox", help="yang terutang / what is owed")
    actions = parser.add_subparsers(required=True, metavar="TINDAKAN / ACTION")
    listing = actions.add_parser("list", help="daftar / list")
    add_store(listing)
    listing.add_argument("--done", choices=sorted(_STATES), default="parked")
    listing.set_defaults(run=lambda asked: list_owed(asked.store, asked.keys, asked.done))
    retrying = actions.add_parser("retry", help="coba lagi yang ditahan / try parked ones again")
    add_store(retrying)
    which = retrying.add_mutually_exclusive_group(required=True)
    which.add_argument("--all", action="store_true", help="semua / all")
    which.add_argument("--code", metavar="CODE", help="yang gagal begitu / that failed so")
    which.add_argument("--id", metavar="ID", help="yang ini / this one")
    retrying.set_defaults(run=lambda asked: retry(asked.store, asked.keys, asked.id, asked.code))


def list_owed(store: str, keys: Path | None = None, done: str = "parked") -> int:
    """Print a line an item, oldest first; nothing in it is personal."""
    with opened(store, keys) as service:
        for item in service.owed(_STATES[done], actor=Actor.system(), limit=_LISTED):
            print(_line(item))
    return Exit.OK


def retry(
    store: str, keys: Path | None = None, item_id: str | None = None, code: str | None = None
) -> int:
    """Let one parked item be tried again, those that failed with *code*, or all of them."""
    with opened(store, keys) as service:
        if item_id is None:
            print(service.retry_all(code=code))
        else:
            service.retry(item_id)
            print(1)
    return Exit.OK


def _line(item: OutboxItem) -> str:
    told = [
        item.id,
        item.lane,
        item.record_kind,
        item.record_id,
        f"since {item.created_at:%Y-%m-%dT%H:%MZ}",
        f"tries {item.attempts}",
        item.failure or "-",
    ]
    return "  ".join(told)

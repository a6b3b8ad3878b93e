"""``ikd outbox list|retry``: what is owed and was given up, and trying it again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from ikd.cli.failures import CannotError, Exit
from ikd.cli.language import text
from ikd.cli.opened import opened
from ikd.core.ports import Done, OutboxItem
from ikd.core.records.actor import Actor

_LISTED = 100_000
_STATES = {
    "waiting": Done.WAITING,
    "parked": Done.PARKED,
    "undelivered": Done.UNDELIVERED,
}


def owed(
    *,
    store: str,
    keys: Path | None = None,
    done: Literal["parked", "undelivered", "waiting"] = "parked",
) -> int:
    """Print a line an item, oldest first; nothing in it is personal."""
    with opened(store, keys) as service:
        for item in service.owed(_STATES[done], actor=Actor.system(), limit=_LISTED):
            print(_line(item))
    return Exit.OK


def retry(
    *,
    store: str,
    keys: Path | None = None,
    all_parked: Annotated[bool, Parameter(name="--all", negative="")] = False,
    code: str | None = None,
    item: Annotated[str | None, Parameter(name="--id")] = None,
) -> int:
    """Let one parked item be tried again, those that failed with *code*, or all of them."""
    if sum((all_parked, code is not None, item is not None)) != 1:
        raise CannotError(text("outbox.which"), Exit.USAGE)
    with opened(store, keys) as service:
        if item is None:
            print(service.retry_all(code=code))
        else:
            service.retry(item)
            print(1)
    return Exit.OK


def _line(item: OutboxItem) -> str:
    told = [
        item.id,
        item.lane,
        item.record_kind,
        item.record_id,
        f"{text('cases.since')} {item.created_at:%Y-%m-%dT%H:%MZ}",
        f"{text('outbox.tries')} {item.attempts}",
        item.failure or "-",
    ]
    return "  ".join(told)

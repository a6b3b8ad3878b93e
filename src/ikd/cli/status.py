"""``ikd status publish``: the signed list of what became of every credential."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from ikd.bootstrap import open_service
from ikd.cli.failures import CannotError, Exit, at_store
from ikd.cli.language import text
from ikd.cli.output import check_place, put
from ikd.cli.store import check_store
from ikd.core.errors import shown_path
from ikd.core.timing import parse_duration
from ikd.plugins.offices import packaged_offices


def publish(
    *,
    store: str,
    out: Path,
    keys: Path | None = None,
    address: str | None = None,
    life: str = "7d",
    ttl: str = "12h",
) -> int:
    """Write the list whole, beside its place first, so that nobody fetches half of one."""
    check_place(out)
    check_store(store)
    valid, fresh = length("--life", life), length("--ttl", ttl)
    settings = {"status_list": address} if address else None
    with (
        at_store(store, keys),
        open_service(
            offices=packaged_offices(), store=store, keys=keys, settings=settings, deliver="worker"
        ) as service,
    ):
        data = service.status_list(life=valid, ttl=fresh)
    put(out, data)
    print(f"{shown_path(out)}: {text('status.bytes', count=len(data))}")
    return Exit.OK


def length(option: str, given: str) -> timedelta:
    """Return the length of time that an option names.

    Raises:
        CannotError: It names none.
    """
    try:
        return parse_duration(given)
    except ValueError as error:
        raise CannotError(f"{option}: {text('status.length')}", Exit.USAGE) from error

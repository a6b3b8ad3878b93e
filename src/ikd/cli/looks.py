"""``ikd looks``: who was shown what of whom, when and for what."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ikd.cli.failures import CannotError, Exit
from ikd.cli.language import text
from ikd.cli.opened import opened
from ikd.core.records.actor import Actor

if TYPE_CHECKING:
    from ikd.core.ports import Look

_LISTED = 100_000


def looks(
    *,
    store: str,
    keys: Path | None = None,
    by: str | None = None,
    of: str | None = None,
    kind: str = "application",
    between: tuple[str, str] | None = None,
) -> int:
    """Print a line a look, newest first: names of fields, and nothing that stood in them."""
    since, until = map(_moment, between) if between else (None, None)
    with opened(store, keys) as service:
        for look in service.looks(
            actor=Actor.system(),
            by=by,
            of=of,
            kind=kind,
            since=since,
            until=until,
            limit=_LISTED,
        ):
            print(_line(look))
    return Exit.OK


def _moment(given: str) -> datetime:
    # A day, or a time with its zone; a day begins in UTC, as all times are printed.
    try:
        found = datetime.fromisoformat(given)
    except ValueError:
        raise CannotError(f"--between: {text('looks.moment')}", Exit.USAGE) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _line(look: Look) -> str:
    told = [
        f"{look.time:%Y-%m-%dT%H:%M:%SZ}",
        look.actor,
        look.office or "-",
        look.purpose,
        look.kind,
        look.record,
        look.fields,
    ]
    return "  ".join(told)

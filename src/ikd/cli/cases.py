"""``ikd cases``: what waits at an office, for whom, since when and why it is shown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ikd.cli.failures import Exit
from ikd.cli.language import text
from ikd.cli.opened import opened
from ikd.core.records.actor import Actor, Role

if TYPE_CHECKING:
    from ikd.core.records.waits import Waits
    from ikd.service.waitlist import Waiting

_PAGE = 1000  # entries asked for at once


def cases(
    *, store: str, keys: Path | None = None, office: str | None = None, waits: Role | None = None
) -> int:
    """Print what waits at *office*, or at all, in order of the earliest limit."""
    from ikd.plugins.offices import load_office

    one = None if office is None else load_office(office).id
    with opened(store, keys, () if office is None else (office,)) as service:
        after = None
        while page := service.worklist(
            actor=Actor.system(), office=one, role=waits, after=after, limit=_PAGE
        ):
            for entry in page:
                print(_line(entry))
            after = page[-1].after
    return Exit.OK


def times(entry: Waiting) -> tuple[str, str]:
    """Return since when a case waits, and the earliest limit that binds."""
    due = min((one.due_at for one in entry.limits if one.binding), default=None)
    limit = f"{due:%Y-%m-%dT%H:%MZ}" if due else "-"
    since = f"{entry.waits.since:%Y-%m-%dT%H:%MZ}"
    return f"{text('cases.since')} {since}", f"{text('cases.limit')} {limit}"


def _line(entry: Waiting) -> str:
    waits = entry.waits
    step = "+".join(str(item.number) for item in waits.items) or "-"
    told = [
        entry.office,
        entry.kind,
        entry.id,
        waits.role.value if waits.role else "-",
        _missing(waits),
        f"{text('cases.step')} {step}",
        *times(entry),
        ",".join(sorted(entry.why)),
    ]
    return "  ".join(told)


def _missing(waits: Waits) -> str:
    """Return what is missing: the facts that are asked for, or what an officer must look at."""
    named = waits.facts or [one.requirement for one in waits.findings]
    return f"{waits.missing} ({', '.join(named)})" if named else waits.missing

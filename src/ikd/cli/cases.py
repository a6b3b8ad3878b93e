"""``ikd cases``: what waits at an office, for whom, since when and why it is shown."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ikd.cli.ending import Exit
from ikd.cli.opened import add_store, opened
from ikd.core.records.actor import Actor, Role

if TYPE_CHECKING:
    from ikd.service.waiting import Waiting

_PAGE = 1000  # entries asked for at once


def add_to(commands: Any) -> None:  # noqa: ANN401 - argparse names its type with an underscore
    """Add the command to the parser."""
    parser = commands.add_parser("cases", help="yang menunggu / what waits")
    add_store(parser)
    parser.add_argument("--office", metavar="ID|FILE", help="satu kantor / one office")
    parser.add_argument(
        "--waits",
        choices=[role.value for role in Role],
        help="menunggu siapa / for whom; else what an officer of the office should see",
    )
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Print a line a case."""
    return cases(store=asked.store, keys=asked.keys, office=asked.office, waits=asked.waits)


def cases(
    *, store: str, keys: Path | None = None, office: str | None = None, waits: str | None = None
) -> int:
    """Print what waits at *office*, or at all, in order of the earliest limit."""
    from ikd.plugins.offices import load_office

    one = None if office is None else load_office(office).id
    with opened(store, keys, () if office is None else (office,)) as service:
        role, after = None if waits is None else Role(waits), None
        while page := service.worklist(
            actor=Actor.system(), office=one, role=role, after=after, limit=_PAGE
        ):
            for entry in page:
                print(_line(entry))
            after = page[-1].after
    return Exit.OK


def _line(entry: Waiting) -> str:
    waits = entry.waits
    step = "+".join(str(item.number) for item in waits.items) or "-"
    due = min((one.due_at for one in entry.limits if one.binding), default=None)
    told = [
        entry.office,
        entry.kind,
        entry.id,
        waits.role.value if waits.role else "-",
        waits.missing,
        f"step {step}",
        f"since {waits.since:%Y-%m-%dT%H:%MZ}",
        f"limit {due:%Y-%m-%dT%H:%MZ}" if due else "limit -",
        ",".join(sorted(entry.why)),
    ]
    return "  ".join(told)

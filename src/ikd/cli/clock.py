"""``ikd clock accept``: an operator says that the clock is right, while no service starts."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ikd.cli.ending import Exit
from ikd.cli.opened import add_store


def add_to(commands: Any) -> None:  # noqa: ANN401 - argparse names its type with an underscore
    """Add the command to the parser."""
    parser = commands.add_parser("clock", help="jam / the clock")
    actions = parser.add_subparsers(required=True, metavar="TINDAKAN / ACTION")
    accepting = actions.add_parser("accept", help="jam ini benar / the clock is right")
    add_store(accepting)
    accepting.add_argument("--reason", required=True, help="sebabnya / why, in one line")
    accepting.add_argument("--officer", required=True, help="petugas / who says so")
    accepting.add_argument("--office", metavar="ID|FILE", help="kantornya / the office")
    accepting.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Note it in the store, and tell the time that was accepted."""
    return accept(
        store=asked.store,
        keys=asked.keys,
        reason=asked.reason,
        officer=asked.officer,
        office=asked.office,
    )


def accept(
    *,
    store: str,
    reason: str,
    officer: str,
    office: str | None = None,
    keys: Path | None = None,
) -> int:
    """Note in *store* that *officer* of *office* says that the clock is right."""
    from ikd.bootstrap.clock import accept_clock
    from ikd.cli.stores import check_store
    from ikd.plugins.offices import packaged_offices

    check_store(store)
    where = office or packaged_offices()[0]
    at = accept_clock(store, office=where, officer=officer, reason=reason, keys=keys)
    print(f"diterima / accepted: {at:%Y-%m-%dT%H:%M:%SZ}")
    return Exit.OK

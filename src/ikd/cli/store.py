"""``ikd store migrate``: an older store is brought to the form of now, when somebody asks."""

from __future__ import annotations

import argparse
from typing import Any

from ikd.cli.ending import Exit


def add_to(commands: Any) -> None:  # noqa: ANN401 - argparse names its type with an underscore
    """Add the command to the parser."""
    parser = commands.add_parser("store", help="penyimpanan / store")
    actions = parser.add_subparsers(required=True, metavar="TINDAKAN / ACTION")
    migrate = actions.add_parser("migrate", help="ke bentuk kini / to the form of now")
    migrate.add_argument("store", metavar="URL", help="sqlite:///ikd.db, postgresql://…")
    migrate.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Migrate, and tell each step as it goes."""
    from ikd.bootstrap.migration import migrate_store
    from ikd.cli.stores import check_store

    check_store(asked.store)
    migrate_store(asked.store, report=_told)
    print("selesai / done")
    return Exit.OK


def _told(step: str, done: int) -> None:
    print(f"{step}: {done}", flush=True)

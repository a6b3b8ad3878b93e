"""``ikd office list``: the offices that come with ikd."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from ikd.cli.ending import Exit

if TYPE_CHECKING:
    from ikd.core.standard.office import Office


def add_to(commands: Any) -> None:  # noqa: ANN401 - argparse names its type with an underscore
    """Add the command to the parser."""
    parser = commands.add_parser("office", help="kantor dan standarnya / offices and standards")
    actions = parser.add_subparsers(required=True, metavar="TINDAKAN / ACTION")
    listing = actions.add_parser("list", help="kantor yang disertakan / offices that come along")
    listing.set_defaults(run=run)


def run(_asked: argparse.Namespace) -> int:
    """Print a line an office: id, decree, name."""
    from ikd.plugins.offices import load_office, packaged_offices

    offices = [load_office(name) for name in packaged_offices()]
    width = max(len(office.id) for office in offices)
    for office in offices:
        print(f"{office.id:{width}}  {_decree(office)}  {office.name}")
    return Exit.OK


def _decree(office: Office) -> str:
    number = office.decree.number if office.decree else None
    return number.value if number else "-"

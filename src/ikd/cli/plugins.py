"""``ikd plugins list``: the plugins that are installed. None is loaded by being listed."""

from __future__ import annotations

import argparse
from collections import Counter
from typing import Any

from ikd.cli.ending import Exit


def add_to(commands: Any) -> None:  # noqa: ANN401 - argparse names its type with an underscore
    """Add the command to the parser."""
    parser = commands.add_parser("plugins", help="plugin yang terpasang / installed plugins")
    actions = parser.add_subparsers(required=True, metavar="TINDAKAN / ACTION")
    listing = actions.add_parser(
        "list",
        help="daftar tanpa memuatnya / list them without loading any",
        description="Hanya plugin yang disebut open_service(plugins=[...]) yang dimuat. / "
        "Only plugins that open_service(plugins=[...]) names are loaded.",
    )
    listing.set_defaults(run=run)


def run(_asked: argparse.Namespace) -> int:
    """Print a line a plugin: name, whose it is, what would be loaded; say which can't be."""
    from ikd.plugins.installed import offers

    found = offers()
    if not found:
        print("Tidak ada plugin terpasang. / No plugin is installed.")
    names = Counter(offer.name for offer in found)
    width = max((len(name) for name in names), default=0)
    for offer in found:
        print(f"{offer.name:{width}}  {offer.distribution} {offer.version}  {offer.value}")
    twice = sorted(name for name, count in names.items() if count > 1)
    for name in twice:
        print(f"{name}: ditawarkan dua kali, tidak akan dimuat / offered twice, won't be loaded")
    return Exit.REFUSED if twice else Exit.OK

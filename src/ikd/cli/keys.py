"""``ikd keys new``: a folder of keys for development and trials."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ikd.cli.ending import Exit


def add_to(commands: Any) -> None:  # noqa: ANN401 - argparse names its type with an underscore
    """Add the command to the parser."""
    parser = commands.add_parser("keys", help="kunci / keys")
    actions = parser.add_subparsers(required=True, metavar="TINDAKAN / ACTION")
    new = actions.add_parser("new", help="buat satu set kunci / make a whole set of keys")
    new.add_argument("folder", metavar="DIR", type=Path, help="folder baru / a new folder")
    new.add_argument(
        "--station",
        metavar="OFFICE/STATION",
        action="extend",
        nargs="+",
        default=[],
        type=_place,
        help="loket yang mendapat kunci sendiri / a counter that gets a key of its own",
    )
    new.set_defaults(run=run)


def _place(text: str) -> tuple[str, str]:
    office, slash, station = text.partition("/")
    if not (office and slash and station):
        raise argparse.ArgumentTypeError("KANTOR/LOKET, misalnya / e.g. payakumbuh/loket-1")
    return office, station


def run(asked: argparse.Namespace) -> int:
    """Write the keys and name what is public of them."""
    from ikd.adapters.keys.files import new_keys
    from ikd.adapters.system import SystemClock, system_entropy

    now = SystemClock().now()
    new_keys(asked.folder, now=now, entropy=system_entropy, stations=asked.station)
    print(f"Kunci ada di {asked.folder} (0700); pribadi, jangan dibagikan.")
    print(f"Keys are in {asked.folder} (0700); private, not to be shared.")
    print("Publik / public: keyring.cbor, root.pub.pem, issuer.pub.pem")
    return Exit.OK

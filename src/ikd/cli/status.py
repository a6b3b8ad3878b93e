"""``ikd status publish``: the signed list of what became of every credential."""

from __future__ import annotations

import argparse
from datetime import timedelta
from pathlib import Path
from typing import Any

from ikd.cli.ending import Exit
from ikd.core.timing import parse_duration


def add_to(commands: Any) -> None:  # noqa: ANN401 - argparse names its type with an underscore
    """Add the command to the parser."""
    parser = commands.add_parser("status", help="daftar status / status list")
    actions = parser.add_subparsers(required=True, metavar="TINDAKAN / ACTION")
    publish = actions.add_parser("publish", help="buat dan tanda tangani / make and sign")
    publish.add_argument(
        "--store", metavar="URL", required=True, help="sqlite:///ikd.db, postgresql://…"
    )
    publish.add_argument(
        "--keys", metavar="DIR", type=Path, help="jika tidak di samping / unless beside the store"
    )
    publish.add_argument("--address", metavar="URL", help="alamat daftar / where it is published")
    publish.add_argument("--out", metavar="FILE", type=Path, required=True, help="berkas / file")
    publish.add_argument("--life", metavar="7d", type=_length, default="7d", help="%(default)s")
    publish.add_argument("--ttl", metavar="12h", type=_length, default="12h", help="%(default)s")
    publish.set_defaults(run=run)


def _length(text: str) -> timedelta:
    try:
        return parse_duration(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError("90s, 30min, 12h, 7d") from error


def run(asked: argparse.Namespace) -> int:
    """Write the list whole, beside its place first, so that nobody fetches half of one."""
    from ikd.bootstrap import open_service
    from ikd.cli.stores import check_store
    from ikd.cli.writing import check_place, put
    from ikd.plugins.offices import packaged_offices

    check_place(asked.out)
    check_store(asked.store)
    settings = {"status_list": asked.address} if asked.address else None
    with open_service(
        offices=packaged_offices(),
        store=asked.store,
        keys=asked.keys,
        settings=settings,
        deliver="worker",
    ) as service:
        data = service.status_list(life=asked.life, ttl=asked.ttl)
    put(asked.out, data)
    print(f"{asked.out}: {len(data)} bita / bytes")
    return Exit.OK

"""``ikd demo``: the whole journey of an activation, for one office or for all that come along."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from ikd.cli.ending import Exit
from ikd.cli.writing import check_place

_OUT = Path("demo")
_STORE = "sqlite:///demo/ikd.db"


def add_to(commands: Any) -> None:  # noqa: ANN401 - argparse names its type with an underscore
    """Add the command to the parser."""
    parser = commands.add_parser(
        "demo",
        help="perjalanan aktivasi / the journey of an activation",
        description="Menjalankan satu aktivasi dari pendaftaran sampai QR, dengan orang rekaan. / "
        "Runs an activation from registering to the QR, with invented people.",
    )
    parser.add_argument(
        "--office",
        metavar="ID|FILE",
        help="id kantor atau berkas .toml; tanpa ini semuanya / an id or a .toml file, else all",
    )
    parser.add_argument(
        "--store", metavar="URL", default=_STORE, help=f"{_STORE} atau / or memory://"
    )
    parser.add_argument(
        "--out", metavar="DIR", type=Path, default=_OUT, help="hasil / results (%(default)s)"
    )
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Play the journey: one office into DIR, all of them into DIR/<id>/."""
    from ikd.cli.journey import beforehand
    from ikd.cli.journey.play import play
    from ikd.cli.screen import Screen
    from ikd.plugins.offices import load_office, packaged_offices

    if asked.office is not None:
        journeys = [(load_office(asked.office), asked.out)]
    else:
        journeys = [(load_office(name), asked.out / name) for name in packaged_offices()]
        check_place(asked.out / "journeys")
    beforehand.check(asked.store, [out for _, out in journeys])  # all, before the first begins
    screen = Screen(sys.stdout)
    for office, out in journeys:
        play(office, asked.store, out, screen)
    return Exit.OK

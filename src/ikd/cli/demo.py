"""``ikd demo``: the whole journey of an activation, for one office or for all that come along."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from ikd.cli.ending import Exit

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
    from ikd.cli.journey.play import play
    from ikd.cli.screen import Screen
    from ikd.plugins.offices import load_office, packaged_offices

    screen = Screen(sys.stdout)
    if asked.office is not None:
        play(load_office(asked.office), asked.store, asked.out, screen)
        return Exit.OK
    for name in packaged_offices():
        play(load_office(name), asked.store, asked.out / name, screen)
    return Exit.OK

"""``ikd mail report``: bounces, taken in."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from ikd.cli.ending import Exit


def add_to(commands: Any) -> None:  # noqa: ANN401 - argparse names its type with an underscore
    """Add the command to the parser."""
    parser = commands.add_parser("mail", help="surat / mail")
    actions = parser.add_subparsers(required=True, metavar="TINDAKAN / ACTION")
    asked = actions.add_parser("report", help="terima surat yang kembali / take bounces in")
    asked.add_argument("files", metavar="FILE", nargs="+", help="- : masukan / standard input")
    asked.add_argument(
        "--store", metavar="URL", required=True, help="sqlite:///ikd.db, postgresql://…"
    )
    asked.add_argument(
        "--keys", metavar="DIR", type=Path, help="jika tidak di samping / unless beside the store"
    )
    asked.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Take each report in and say of which notice it is; 1 if one is of none of ours."""
    return report(asked.files, store=asked.store, keys=asked.keys)


def report(files: list[str], *, store: str, keys: Path | None) -> int:
    """Take the report in each of *files* in, ``-`` being the standard input."""
    from ikd.adapters.notification.bounces import MAX_BOUNCE, read_bounce
    from ikd.bootstrap import open_service
    from ikd.cli.stores import check_store
    from ikd.plugins.offices import packaged_offices

    check_store(store)
    strange = 0
    with open_service(
        offices=packaged_offices(), store=store, keys=keys, deliver="worker"
    ) as service:
        for file in files:
            with sys.stdin.buffer if file == "-" else Path(file).open("rb") as opened:
                bounce = read_bounce(opened.read(MAX_BOUNCE + 1))
            if bounce is None or not service.bounced(bounce.notice_id, bounce.code):
                strange += 1
                print(f"{file}: bukan laporan gagal dari surat kita / no failure of our mail")
            else:
                print(f"{file}: {bounce.notice_id} {bounce.code}")
    return Exit.REFUSED if strange else Exit.OK

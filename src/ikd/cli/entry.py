"""The command line: what may be asked, and what its end says to scripts."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from ikd.cli import (
    cases,
    clock,
    demo,
    keys,
    mail,
    nik,
    office,
    outbox,
    plugins,
    qr,
    status,
    store,
    worker,
)
from ikd.cli.ending import CannotError, Exit
from ikd.cli.faults import AtFileError, code_of, told
from ikd.core.errors import IkdError

_EXITS = """\
kode keluar / exit codes:
  0   berhasil / done
  1   ditolak atau tidak sah / refused or invalid
  2   salah perintah / wrong usage
  3   kegagalan di luar ikd (berkas, penyimpanan, kunci) / something outside ikd failed
  4   gambar tanpa kode yang terbaca / a picture without a code that can be read
  130 dihentikan / interrupted
"""


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        print(f"ikd {version('ikd')}")
        parser.exit()


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code.

    Args:
        argv: What stands behind ``ikd`` on the command line; the process's if not given.

    Raises:
        SystemExit: For ``--help``, ``--version`` and wrong usage, as argparse does.
    """
    _open_what_is_closed()
    _let_everything_print()
    asked = _parser().parse_args(argv)
    try:
        code = int(asked.run(asked))
        sys.stdout.flush()
    except BrokenPipeError:
        _forget_output()
        return Exit.PIPE
    except KeyboardInterrupt:
        begin = "\n" if sys.stderr.isatty() else ""  # the terminal has written ^C already
        sys.stderr.write(f"{begin}ikd: dihentikan / interrupted\n")
        return Exit.INTERRUPTED
    except (IkdError, AtFileError, CannotError, OSError) as error:
        sys.stderr.write(told(error, asked))
        return code_of(error)
    return code


class _Parser(argparse.ArgumentParser):
    """Says of wrong usage what it is in both languages, before argparse's own words."""

    def error(self, message: str) -> NoReturn:
        super().error(f"salah perintah / wrong usage: {message}")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="ikd",
        description="Aktivasi Identitas Kependudukan Digital, kantor demi kantor. / "
        "The activation of Indonesia's digital population identity, office by office.",
        epilog=_EXITS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="versi / version")
    commands = parser.add_subparsers(required=True, metavar="PERINTAH / COMMAND")
    for part in (
        demo,
        nik,
        office,
        qr,
        keys,
        status,
        store,
        worker,
        cases,
        outbox,
        clock,
        mail,
        plugins,
    ):
        part.add_to(commands)
    return parser


def _open_what_is_closed() -> None:
    """Give a stream that the caller closed (a daemon, ``>&-``) nothing to read and nowhere to go.

    Else Python has ``None`` there, and the next file opened would get the stream's own number.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            nowhere = Path(os.devnull).open(mode, encoding="utf-8")  # noqa: SIM115 - till the end
            setattr(sys, name, nowhere)


def _let_everything_print() -> None:
    """Let a stream that can't encode a sign print ``?`` for it: no narration is worth a crash."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _forget_output() -> None:
    """Send what is still buffered nowhere, so that the interpreter's end stays quiet too."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)

"""``ikd nik check``: whether texts are well-formed NIKs. Only serials are ever printed."""

from __future__ import annotations

import argparse
import functools
import itertools
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO

from ikd.cli.ending import CannotError, Exit
from ikd.core.errors import NikError
from ikd.core.resident.nik import Nik

_MASK = "*" * 16
_EVERY = 100_000  # texts between two lines of progress
_LONGEST = 4096  # characters of one line: whatever is longer is no NIK, and memory stays flat

_FAULTS = {
    "digits": ("ada yang bukan angka 0-9", "not only the digits 0-9"),
    "length": ("panjangnya bukan 16", "not 16 characters long"),
    "province": ("kode provinsi tidak ada", "no such province code"),
    "date": ("tanggal lahir tidak mungkin", "an impossible birth date"),
    "serial": ("nomor urut 0000", "the serial is 0000"),
}
_WARNINGS = {
    "current": "",
    "former": "  peringatan: kode wilayah lama / warning: former region code",
    "unknown": "  peringatan: kode wilayah tidak dikenal / warning: unknown region code",
}


def add_to(commands: Any) -> None:  # noqa: ANN401 - argparse names its type with an underscore
    """Add the command to the parser."""
    parser = commands.add_parser("nik", help="periksa bentuk NIK / check the form of NIKs")
    actions = parser.add_subparsers(required=True, metavar="TINDAKAN / ACTION")
    check = actions.add_parser(
        "check",
        help="sah 0, ada yang tidak sah 1 / 0 all valid, 1 some not",
        description="Memeriksa bentuk, bukan keberadaan orangnya. / Checks the form, not whether "
        "anybody has it. Argumen terlihat oleh pengguna lain mesin ini; untuk NIK nyata pakai "
        "'-'. / Arguments show in process lists; use '-' for real ones.",
    )
    check.add_argument("texts", metavar="TEXT", nargs="+", help="NIK, atau '-' untuk stdin")
    check.add_argument("--json", action="store_true", help="satu objek sebaris / an object a line")
    check.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Print a line for each text; valid ones masked, of others only the fault."""
    if any(map(_is_file, asked.texts)):  # its name isn't told: it may hold a NIK
        raise CannotError(
            "itu nama berkas; '-' membaca baris-barisnya / that is a file's name; '-' reads its "
            "lines: ikd nik check - < BERKAS/FILE",
            Exit.USAGE,
        )
    tell = _as_json if asked.json else _numbered if "-" in asked.texts else _as_words
    progress = sys.stderr.isatty() and not sys.stdout.isatty()
    bad = 0
    for number, text in enumerate(_texts(asked.texts), start=1):
        if text is None:
            continue
        line, valid = tell(text, number)
        bad += not valid
        sys.stdout.write(line)
        if progress and number % _EVERY == 0:
            sys.stderr.write(f"\r{number:,} diperiksa / checked")
    if progress:
        sys.stderr.write("\n")
    return Exit.REFUSED if bad else Exit.OK


def _texts(given: Iterable[str]) -> Iterator[str | None]:
    """Yield every text, and ``None`` for a blank line: it is none, and counts as a line."""
    return itertools.chain.from_iterable(
        _lines(sys.stdin) if text == "-" else [text] for text in given
    )


def _lines(stream: TextIO) -> Iterator[str | None]:
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="replace")
    while line := stream.readline(_LONGEST):
        whole, blank = line.endswith("\n"), line.isspace()
        while not whole and (rest := stream.readline(_LONGEST)):
            whole, blank = rest.endswith("\n"), blank and rest.isspace()
        yield None if blank else line


def _read(text: str) -> tuple[Nik | None, str]:
    """Return the NIK that people meant, or the fault that keeps it from being one."""
    try:
        return Nik(Nik.clean(text)), ""
    except NikError as error:
        return None, error.fault


@functools.cache  # some nine thousand codes, however many lines
def _region(code: str) -> tuple[str, str]:
    """Return standing and name of a region; only a warning may come of it."""
    from ikd.data.regions import find_region

    region = find_region(code)
    names = (region.name, region.regency_name, region.province_name)
    return region.standing.value, ", ".join(dict.fromkeys(name for name in names if name))


def _is_file(text: str) -> bool:
    """Return whether a file is meant: a NIK is one, whatever lies in this folder."""
    try:
        return text != "-" and Path(text).is_file() and _read(text)[0] is None
    except (OSError, ValueError):  # too long for a name, or no name at all
        return False


def _numbered(text: str, number: int) -> tuple[str, bool]:
    """Tell a line of many with its number, by which an editor finds it."""
    line, valid = _as_words(text, number)
    return f"{number}: {line}", valid


def _as_words(text: str, _number: int) -> tuple[str, bool]:
    nik, fault = _read(text)
    if nik is None:
        words, english = _FAULTS[fault]
        return f"{_MASK}  tidak sah / invalid  {fault}: {words} / {english}\n", False
    standing, name = _region(nik.region_code)
    return f"{nik.masked}  sah / valid  {name}{_WARNINGS[standing]}\n", True


def _as_json(text: str, number: int) -> tuple[str, bool]:
    nik, fault = _read(text)
    row: dict[str, object] = {"line": number, "valid": nik is not None}
    if nik is None:
        row |= {"nik": None, "fault": fault}
    else:
        standing, name = _region(nik.region_code)
        row |= {"nik": nik.masked, "standing": standing, "region": name}
    return json.dumps(row, ensure_ascii=False) + "\n", nik is not None

"""``ikd nik check``: whether texts are well-formed NIKs. Only serials are ever printed."""

from __future__ import annotations

import functools
import io
import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TextIO

from cyclopts import Parameter

from ikd.cli.failures import CannotError, Exit
from ikd.cli.language import text
from ikd.core.errors import NikError
from ikd.core.resident.nik import Nik
from ikd.data.shipped_regions import find_region

_MASK = "*" * 16
_LONGEST = 4096  # characters of one line: whatever is longer is no NIK, and memory stays flat
_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))


def check(
    *texts: Annotated[str, Parameter(allow_leading_hyphen=True)],
    json: bool = False,
) -> int:
    """Print a line for each text; valid ones masked, of others only the fault."""
    if any(map(_is_file, texts)):  # its name isn't told: it may hold a NIK
        raise CannotError(text("nik.file"), Exit.USAGE)
    tell = _as_json if json else _as_words
    total = bad = 0
    for number, typed in enumerate(_texts(texts), start=1):
        if typed is not None:
            line, valid = tell(typed, number)
            total, bad = total + 1, bad + (not valid)
            # of many lines each has its number, by which an editor finds it
            sys.stdout.write(f"{number}: {line}" if "-" in texts and not json else line)
    if not total:
        raise CannotError(text("nik.nothing"), Exit.USAGE)
    if total > 1:
        sys.stdout.flush()
        sys.stderr.write(f"{text('nik.counted', total=total, good=total - bad, bad=bad)}\n")
    return Exit.REFUSED if bad else Exit.OK


def _texts(given: Iterable[str]) -> Iterator[str | None]:
    # Yield every text, and ``None`` for a blank line: it is none, and counts as a line.
    for typed in given:
        if typed == "-":
            with _watched(sys.stdin) as stream:
                yield from _lines(stream)
        else:
            yield typed


@contextmanager
def _watched(stream: TextIO) -> Iterator[TextIO]:
    # Yield *stream* decoded; on a terminal, a long run into a file shows rate and end.
    raw = getattr(stream, "buffer", None)
    encoding = _encoding(raw, stream.encoding)
    if raw is None:
        yield stream
    elif not sys.stderr.isatty() or sys.stdout.isatty():
        yield io.TextIOWrapper(raw, encoding, errors="replace")
    else:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TimeRemainingColumn, TransferSpeedColumn

        columns = ("NIK", BarColumn(), TransferSpeedColumn(), TimeRemainingColumn())
        with (
            Progress(*columns, console=Console(file=sys.stderr, width=80)) as shown,
            shown.wrap_file(raw, _size(stream) or None) as counted,
        ):
            yield io.TextIOWrapper(counted, encoding, errors="replace")


def _encoding(raw: object, usual: str) -> str:
    # UTF-16 where the first bytes say so, as Excel writes it, else what is usual.
    first = raw.peek(4)[:4] if isinstance(raw, io.BufferedReader) else b""
    marked = next((name for mark, name in _MARKS if first.startswith(mark)), "")
    unmarked = "utf-16-le" if first[1:2] == b"\0" else "utf-16-be" if first[:1] == b"\0" else ""
    return marked or unmarked or usual


def _size(stream: TextIO) -> int:
    # How much *stream* holds, if it is a file; of a pipe nobody knows.
    try:
        return os.fstat(stream.fileno()).st_size
    except (OSError, ValueError):
        return 0


def _lines(stream: TextIO) -> Iterator[str | None]:
    while line := stream.readline(_LONGEST):
        whole, blank = line.endswith("\n"), line.isspace()
        while not whole and (rest := stream.readline(_LONGEST)):
            whole, blank = rest.endswith("\n"), blank and rest.isspace()
        yield None if blank else line


def _read(typed: str) -> tuple[Nik | None, str]:
    # Return the NIK that people meant, or the fault that keeps it from being one.
    try:
        return Nik(Nik.clean(typed)), ""
    except NikError as error:
        return None, error.fault


@functools.cache  # some nine thousand codes, however many lines
def _region(code: str) -> tuple[str, str]:
    # Return standing and name of a region; only a warning may come of it.
    region = find_region(code)
    names = (region.name, region.regency_name, region.province_name)
    return region.standing.value, ", ".join(dict.fromkeys(name for name in names if name))


def _is_file(typed: str) -> bool:
    # Return whether a file is meant: a NIK is one, whatever lies in this folder.
    try:
        return typed != "-" and Path(typed).is_file() and _read(typed)[0] is None
    except (OSError, ValueError):  # too long for a name, or no name at all
        return False


def _as_words(typed: str, _number: int) -> tuple[str, bool]:
    nik, fault = _read(typed)
    if nik is None:
        return f"{_MASK}  {text('nik.invalid')}  {fault}: {text(f'nik.{fault}')}\n", False
    standing, name = _region(nik.region_code)
    warning = "" if standing == "current" else f"  {text(f'nik.{standing}')}"
    return f"{nik.masked}  {text('nik.valid')}  {name}{warning}\n", True


def _as_json(typed: str, number: int) -> tuple[str, bool]:
    nik, fault = _read(typed)
    row: dict[str, object] = {"line": number, "valid": nik is not None}
    if nik is None:
        row |= {"nik": None, "fault": fault}
    else:
        standing, name = _region(nik.region_code)
        row |= {"nik": nik.masked, "standing": standing, "region": name}
    return json.dumps(row, ensure_ascii=False) + "\n", nik is not None

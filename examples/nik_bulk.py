"""Check a file of NIKs, one a line, with progress; valid ones are counted by province.

Run it with ``python examples/nik_bulk.py FILE``, or with ``-`` to read from standard input. No
digit of a NIK is printed, so the output may be kept; the exit code is 1 if any line is no NIK.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import ikd

STEP = 50_000  # lines between two looks at the clock


def check(lines: Iterable[str], *, show: bool) -> tuple[Counter[str], Counter[str]]:
    """Count valid NIKs by province code and the others by what is wrong with them."""
    provinces: Counter[str] = Counter()
    faults: Counter[str] = Counter()
    began = time.monotonic()
    for number, line in enumerate(lines, start=1):
        try:
            nik = ikd.Nik.parse(ikd.Nik.clean(line))
        except ikd.errors.NikError as error:
            faults[error.fault] += 1
        else:
            provinces[nik.province_code] += 1
        if show and number % STEP == 0:
            rate = number / max(time.monotonic() - began, 1e-9)
            sys.stderr.write(f"\r{number:,} lines, {rate:,.0f} a second")
    return provinces, faults


def report(provinces: Counter[str], faults: Counter[str]) -> None:
    """Print what was counted."""
    for code, count in sorted(provinces.items()):
        name = ikd.find_region(code).name or "unknown"
        print(f"{code}  {name:28} {count:>9,}")
    for fault, count in faults.most_common():
        print(f"no NIK: {fault:22} {count:>9,}")
    print(f"valid {provinces.total():,}, invalid {faults.total():,}")


def main(name: str) -> int:
    """Check the file *name* and return the exit code."""
    show = sys.stderr.isatty()
    if name == "-":
        counted = check(sys.stdin, show=show)
    else:
        with Path(name).open(encoding="utf-8", errors="replace") as file:
            counted = check(file, show=show)
    if show:
        sys.stderr.write("\n")
    report(*counted)
    return 1 if counted[1] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "-"))

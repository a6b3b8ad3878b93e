"""Builds ``src/ikd/data/regions_{codes,names}.txt`` from two npm packages.

    python tools/regions.py

The two together hold every regency and district code that a list of the ministry has had
since 2015. Run again it writes the same bytes; ``git diff`` shows what a new edition changes.
"""

from __future__ import annotations

import hashlib
import json
import string
import subprocess
import tarfile
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

DATA = Path(__file__).parents[1] / "src" / "ikd" / "data"
TODAY, BEFORE = "indonesia-nodejs@1.1.0", "parsenik@1.0.3"  # 2025 list; Permendagri 58/2021
SHA256 = {
    TODAY: "79928dc1e66802a073010e94fe20687077a5db731f2dab0ab60e1cab58c3dbeb",
    BEFORE: "7f55a07e81b1450545210aacdde72b5d68f0e23b0ab45a5ffb9bc69f3231cd3b",
}
EXPECTED_TODAY = (38, 514, 7285)  # provinces, regencies and cities, districts
EXPECTED_UNION = (38, 540, 7879)
OLDER = {"54": "Timor Timur"}  # no province since 1999, in NIKs issued there for life
HEADER = """\
# Made by tools/regions.py; do not edit. Origin and licence: NOTICE beside this file.
# Facts of the ministry's lists as held by npm {today} (today)
# and npm {before} (before 2022), both under the MIT licence.
# {format}
"""
CODES_FORMAT = (
    '"+" stands in today\'s list, "-" in an older one only; a regency is followed by its districts'
)
NAMES_FORMAT = "code, tab, name in the latest list that has the code"

Names = dict[str, str]  # code -> name


def fetch(package: str, folder: Path) -> Path:
    """Fetch one npm package and return the folder it is unpacked in."""
    command = ["npm", "pack", "--silent", "--ignore-scripts", package]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder)
    name, _, version = package.rpartition("@")
    return unpack(folder / f"{name}-{version}.tgz", SHA256[package])


def unpack(packed: Path, sha256: str) -> Path:
    """Unpack what npm fetched beside itself, if it is the very file that was reviewed."""
    if hashlib.sha256(packed.read_bytes()).hexdigest() != sha256:
        raise SystemExit(f"{packed.name} isn't the file that was reviewed")
    target = packed.with_suffix("")
    with tarfile.open(packed) as archive:
        archive.extractall(target, filter="data")
    return target / "package"


def read_today(package: Path) -> Names:
    """Return code and name of today's list: three flat files."""
    names = {}
    for level in ("provinces", "cities", "districts"):
        rows = json.loads((package / "data" / "json" / f"{level}.json").read_text("utf-8"))
        names.update({row["code"]: tidy(row["name"]) for row in rows})
    return names


def read_before(package: Path) -> Names:
    """Return code and name of the list before 2022: one nested file in capitals."""
    names = {}
    for province in json.loads((package / "source.json").read_text("utf-8")):
        names[province["kode"]] = from_capitals(province["nama"])
        for regency in province["kabupaten_kota"]:
            names[regency["kode"]] = from_capitals(regency["nama"])
            for district in regency["kecamatan"]:
                names[district["kode"]] = from_capitals(district["nama"])
    return names


def tidy(name: str) -> str:
    """Return *name* with single blanks and apostrophes where the source has a quotation mark."""
    return " ".join(name.split()).replace('"', "'")


def from_capitals(name: str) -> str:
    """Return *name* as today's list writes it: ``KAB. MERAUKE`` is ``Kabupaten Merauke``."""
    return string.capwords(tidy(name).replace("KAB. ", "KABUPATEN "))


def count(codes: Iterable[str]) -> tuple[int, int, int]:
    """Return how many provinces, regencies and districts there are."""
    lengths = [len(code) for code in codes]
    return (lengths.count(2), lengths.count(4), lengths.count(6))


def expect(what: str, found: tuple[int, int, int], expected: tuple[int, int, int]) -> None:
    """Stop where a source isn't what it was: a wrong table must not be written."""
    if found != expected:
        raise SystemExit(f"{what}: {found} provinces, regencies, districts; expected {expected}")


def in_ranges(districts: Iterable[str]) -> str:
    """Return two-digit numbers as ``01-05,07``."""
    runs: list[list[int]] = []
    for number in sorted(map(int, districts)):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ",".join(
        f"{first:02}" if first == last else f"{first:02}-{last:02}" for first, last in runs
    )


def code_lines(codes: Iterable[str], sign: str) -> list[str]:
    """Return a line for each province and regency, the regency's with its districts."""
    rows: dict[str, list[str]] = defaultdict(list)
    for code in codes:
        rows[code[:4]].extend([code[4:]] if len(code) == 6 else [])
    return [f"{sign}{code} {in_ranges(rows[code])}".rstrip() for code in rows]


def code_text(today: Names, former: Names) -> str:
    """Return the codes file: sorted by code, today's first."""
    lines = code_lines(today, "+") + code_lines(former, "-")
    return "\n".join(sorted(lines, key=lambda line: (line[1:].split()[0], line))) + "\n"


def name_text(names: Names) -> str:
    """Return the names file, sorted by code."""
    return "".join(f"{code}\t{name}\n" for code, name in sorted(names.items()))


def write(file: str, form: str, text: str) -> None:
    """Write one data file under its header."""
    header = HEADER.format(today=TODAY, before=BEFORE, format=form)
    (DATA / file).write_text(header + text, encoding="utf-8", newline="\n")


def write_all(today: Names, former: Names) -> None:
    """Write both data files."""
    write("regions_codes.txt", CODES_FORMAT, code_text(today, former))
    write("regions_names.txt", NAMES_FORMAT, name_text(today | former))


def main() -> None:
    """Fetch, check the counts, write."""
    with tempfile.TemporaryDirectory() as folder:
        today = read_today(fetch(TODAY, Path(folder)))
        before = read_before(fetch(BEFORE, Path(folder)))
    former = {code: name for code, name in before.items() if code not in today}
    expect(TODAY, count(today), EXPECTED_TODAY)
    expect("both lists together", count(today | former), EXPECTED_UNION)
    write_all(today, former | OLDER)
    print("38 provinces, 540 regencies and cities, 7879 districts written to", DATA)


if __name__ == "__main__":
    main()

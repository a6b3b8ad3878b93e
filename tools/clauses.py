"""Draws into docs/sources by what each clause is honoured, as tools/clauses.toml says it.

python tools/clauses.py
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "tools" / "clauses.toml"
PAGES = {"P": "payakumbuh", "W": "wakatobi"}
_ROW = re.compile(r"^- \*\*([PW][0-9]+)\*\*.*$\n(?:^  .*$\n)*", re.MULTILINE)


class Honour(NamedTuple):
    """By what a clause is honoured, and how its rule is taken out."""

    clause: str
    asks: tuple[str, ...]
    tells: tuple[str, ...]
    prints: tuple[str, ...]
    test: str
    file: str
    stands: str
    instead: str


def honours() -> dict[str, Honour]:
    """Return every row of the table by its clause."""
    rows = tomllib.loads(TABLE.read_text("utf-8"))
    return {clause: _honour(clause, row) for clause, row in rows.items()}


def _honour(clause: str, row: dict[str, list[str]]) -> Honour:
    asks, tells, prints = (tuple(row.get(name, ())) for name in ("asks", "tells", "prints"))
    return Honour(clause, asks, tells, prints, str(row["test"]), *row["out"])


def line(honour: Honour) -> str:
    """Return the line below a clause's own."""
    parts = [
        ", ".join(f"[`{name}`](../reference/{page}.md#{name.lower()})" for name in names)
        for page, names in (("commands", honour.asks), ("events", honour.tells))
    ]
    parts.append(", ".join(f"`{name}`" for name in honour.prints))
    file, _, name = honour.test.partition("::")
    return f"  Dipenuhi oleh {' → '.join(filter(None, parts))}; diuji oleh [{name}](../../{file})"


def drawn(page: str) -> str:
    """Return *page* with the line of each clause that the table has."""
    rows = honours()

    def put(found: re.Match[str]) -> str:
        own = found[0].splitlines()[0]
        below = [line(rows[found[1]])] if found[1] in rows else []
        return "\n".join([own, *below, ""])

    return _ROW.sub(put, page)


def main() -> None:
    """Draw both pages."""
    for name in PAGES.values():
        path = ROOT / "docs" / "sources" / f"{name}.md"
        path.write_text(drawn(path.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()

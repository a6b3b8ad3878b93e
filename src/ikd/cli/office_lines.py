"""On which line of an office file something stands, that an editor may find it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

_HEADING = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?", re.ASCII)
_KEY = re.compile(r"\s*([A-Za-z0-9_.-]+)\s*=", re.ASCII)
_ROW = re.compile(r"\s*[{\"\']")
_STEP = re.compile(r"([^.\[\]]+)(?:\[([0-9]+)\])?")


def line_of(file: Path | str, path: str) -> int | None:
    """Return the line of *path*, or of the nearest thing around it, counted from one.

    Args:
        file: The office file; anything else has no lines.
        path: A path as faults name it: ``steps[2].by.value``.
    """
    try:
        text = Path(file).read_text("utf-8-sig") if path else ""
    except (OSError, ValueError):
        return None
    places = dict(_places(text.splitlines()))
    steps = [match[0] for match in _STEP.finditer(path)]
    wholes = [".".join(steps[:count]) for count in range(len(steps), 0, -1)]
    return next((places[whole] for whole in wholes if whole in places), None)


def _places(lines: list[str]) -> Iterator[tuple[str, int]]:
    """Yield each heading, key and row of a list with its line."""
    part, key, row = "", "", 0
    rows: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        if heading := _HEADING.fullmatch(line):
            part, key = heading[2], ""
            if heading[1] == "[[":
                rows[part] = rows.get(part, 0) + 1
                part = f"{part}[{rows[part]}]"
            yield part, number
        elif found := _KEY.match(line):
            key, row = f"{part}.{found[1]}".lstrip("."), 0
            yield key, number
            for inner in _inside(line[found.end() :]):
                yield f"{key}.{inner}", number
        elif key and _ROW.match(line):
            row += 1
            yield f"{key}[{row}]", number


def _inside(value: str) -> Iterator[str]:
    """Yield the keys of an inline table that stand on one line."""
    yield from (found[1] for found in re.finditer(r"[{,]\s*([A-Za-z0-9_-]+)\s*=", value))

"""On which line of an office file something stands, that an editor may find it."""

from __future__ import annotations

import re
from collections.abc import Iterator

_HEADING = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?", re.ASCII)
_KEY = re.compile(r"\s*([A-Za-z0-9_.-]+)\s*=", re.ASCII)
_INSIDE = re.compile(r"[{,]\s*([A-Za-z0-9_-]+)\s*=", re.ASCII)
_ROW = re.compile(r"\s*[{\"\']")
_STEP = re.compile(r"[^.\[\]]+(?:\[[0-9]+\])?")


def lines_of(text: str, paths: tuple[str, ...]) -> tuple[int | None, ...]:
    """Return the line of each path, or of the nearest thing around it, counted from one.

    Args:
        text: TOML as officers write it; what a machine wrote on one line has no lines.
        paths: Paths as faults name them: ``steps[2].by.value``.
    """
    found = {} if text.startswith("{") else dict(_places(text.splitlines()))
    return tuple(_nearest(path, found) for path in paths)


def _nearest(path: str, found: dict[str, int]) -> int | None:
    steps = [match[0] for match in _STEP.finditer(path)]
    wholes = (".".join(steps[:count]) for count in range(len(steps), 0, -1))
    lines = (found.get(whole) or found.get(f"{whole}[1]") for whole in wholes)
    return next((line for line in lines if line is not None), None)


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
            yield from ((f"{key}.{name}", number) for name in _INSIDE.findall(line[found.end() :]))
        elif key and _ROW.match(line):
            row += 1
            yield f"{key}[{row}]", number

"""Bars, drawn as SVG by the server; a table beside them is for whoever can't see them."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

BAR, GAP, NAMES, WIDTH = 22, 10, 130, 520  # units; NAMES is the room for the names
CLASSES = ("bar-first", "bar-second")


def bars(rows: Sequence[tuple[str, tuple[int, ...]]]) -> str:
    """Return a row of stacked bars for each name; its numbers stand behind it."""
    most = max((sum(numbers) for _, numbers in rows), default=0) or 1
    height = max(len(rows), 1) * (BAR + GAP)
    drawn = "".join(
        _row(name, numbers, place * (BAR + GAP) + GAP / 2, (WIDTH - NAMES - 60) / most)
        for place, (name, numbers) in enumerate(rows)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" class="plot" '
        f'aria-hidden="true" focusable="false">{drawn}</svg>'
    )


def _row(name: str, numbers: tuple[int, ...], top: float, unit: float) -> str:
    middle, at, parts = top + BAR / 2, float(NAMES), []
    for number, kind in zip(numbers, CLASSES, strict=False):
        width = number * unit
        parts.append(
            f'<rect class="{kind}" x="{at:.1f}" y="{top}" width="{width:.1f}" height="{BAR}"/>'
        )
        at += width
    told = " + ".join(map(str, numbers))
    return (
        f'<text x="{NAMES - 8}" y="{middle}" class="plot-name">{escape(name)}</text>'
        f'{"".join(parts)}<text x="{at + 8:.1f}" y="{middle}" class="plot-number">{told}</text>'
    )

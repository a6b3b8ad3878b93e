"""How a point is said: with its clause, or as silence."""

from __future__ import annotations

from collections.abc import Iterable

from ikd.cli.office_parts import cited
from ikd.core.standard.sourced import Grounded

SILENT = "–"


def told(item: Grounded | None, words: object = None) -> str:
    """Return words with their clause; a default only behind the dash of silence."""
    if item is None:
        return SILENT
    value = words if words is not None else getattr(item, "value", "")
    return f"{value} {cited(item)}" if item.clause else f"{SILENT} (default: {value})"


def joined(parts: Iterable[str], between: str = ", ") -> str:
    """Return what was said of *parts*, or silence."""
    return between.join(part for part in parts if part) or SILENT

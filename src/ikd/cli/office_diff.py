"""``ikd office diff``: two standards side by side, first by point, then value by value."""

from __future__ import annotations

import json
import re
import sys

from ikd.cli.ending import Exit
from ikd.cli.office_points import POINTS
from ikd.cli.screen import Screen
from ikd.core.standard.office import Office
from ikd.core.standard.sheet import Line, compare
from ikd.plugins.offices import load_office

_CLAUSE = re.compile(r" \([A-Z]{1,3}[0-9]+(, [A-Z]{1,3}[0-9]+)*\)", re.ASCII)
Point = dict[str, str]


def diff(one: str, other: str, *, as_json: bool) -> int:
    """Print what the offices *one* and *other*, ids or files, promise differently."""
    left, right = load_office(one), load_office(other)
    if as_json:
        print(json.dumps(_told(left, right), ensure_ascii=False, indent=2))
    else:
        _print(Screen(sys.stdout), left, right)
    return Exit.OK


def points(left: Office, right: Office) -> list[Point]:
    """Return the points in which both differ; the number of a clause is no difference."""
    rows = [
        {"point": name, "title": title, "one": say(left), "other": say(right)}
        for name, (title, say) in POINTS.items()
    ]
    return [row for row in rows if _CLAUSE.sub("", row["one"]) != _CLAUSE.sub("", row["other"])]


def _told(left: Office, right: Office) -> dict[str, object]:
    values = [
        {"path": path, "one": _line(one), "other": _line(other)}
        for path, one, other in compare(left, right)
    ]
    return {
        "one": left.id,
        "other": right.id,
        "points": points(left, right),
        "values": values,
    }


def _line(line: Line | None) -> dict[str, object] | None:
    return None if line is None else {"value": line.value, "source": line.source}


def _print(screen: Screen, left: Office, right: Office) -> None:
    screen.rule(f"{left.id} · {right.id}")
    for row in points(left, right):
        screen.line()
        screen.line(row["title"], "bold")
        screen.row(f"  {left.id}"[:21], row["one"])
        screen.row(f"  {right.id}"[:21], row["other"])
    screen.line()
    screen.rule("Semua nilai / all values")
    for path, one, other in compare(left, right):
        screen.line(path, "bold")
        screen.row(f"  {left.id}"[:21], _plain(one))
        screen.row(f"  {right.id}"[:21], _plain(other))


def _plain(line: Line | None) -> str:
    if line is None:
        return "tidak dinyatakan / not stated"
    text = line.value if isinstance(line.value, str) else json.dumps(line.value, ensure_ascii=False)
    return f"{text} ({line.source})"

"""``ikd office diff``: two standards side by side, first by point, then value by value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from ikd.cli.language import language, text
from ikd.cli.screen import Screen
from ikd.core.standard.office import Office
from ikd.core.standard.sheet import Line, compare, sheet
from ikd.data.standards import cited, form_of, labels, lists, name_of, requirements, said, told

SILENT = "–"
_CLAUSE = re.compile(r" \([A-Z]{1,3}[0-9]+(, [A-Z]{1,3}[0-9]+)*\)", re.ASCII)
Names = tuple[str, str]


def names_of(one: str, other: str, left: Office, right: Office) -> Names:
    """Return what tells both offices apart: ids, else files, else digests."""
    ids, files = (left.id, right.id), (Path(one).name, Path(other).name)
    digests = (f"{left.id} {left.digest[:8]}", f"{right.id} {right.digest[:8]}")
    return next((two for two in (ids, files) if two[0] != two[1]), digests)


def points(left: Office, right: Office) -> list[dict[str, str]]:
    """Return the points in which both differ; the number of a clause is no difference."""
    sheets = sheet(left), sheet(right)
    rows = []
    for name, point in labels("points").items():
        one, other = (_point(lines, name) for lines in sheets)
        if _CLAUSE.sub("", one) != _CLAUSE.sub("", other):
            title = point[language()]
            rows.append({"point": name, "title": title, "one": one, "other": other})
    return rows


def as_data(left: Office, right: Office) -> dict[str, object]:
    """Return every difference for programmes."""
    values = [
        {"path": path, "one": _data(one), "other": _data(other)}
        for path, one, other in compare(left, right)
    ]
    return {
        "one": left.id,
        "other": right.id,
        "points": points(left, right),
        "values": values,
    }


def diff(screen: Screen, left: Office, right: Office, names: Names) -> None:
    """Print what both promise differently."""
    width = min(30, max(len(name) for name in names) + 4)
    screen.rule(" · ".join(names))
    for row in points(left, right):
        screen.line()
        screen.line(row["title"], "bold")
        screen.row(f"  {names[0]}", row["one"], width=width)
        screen.row(f"  {names[1]}", row["other"], width=width)
    screen.line()
    screen.rule(text("office.all_values"))
    for path, one, other in compare(left, right):
        screen.line(path, "bold")
        screen.row(f"  {names[0]}", _plain(one), width=width)
        screen.row(f"  {names[1]}", _plain(other), width=width)


def _point(lines: Sequence[Line], name: str) -> str:
    # A default stands behind the dash of silence, and so does what one of several parts is.
    facts, forms = lists("points", name, "facts"), lists("points", name, "of")
    found = [*_tested(lines, facts), *_stated(lines, forms)]
    spoken = [words for words, clause in found if clause]
    silent = [words for words, clause in found if not clause and (spoken or words[-1] != SILENT)]
    behind = f" ({', '.join(silent)})" if silent else ""
    return "; ".join([*spoken, *([SILENT + behind] if silent or not spoken else [])])


def _tested(lines: Sequence[Line], facts: Sequence[str]) -> Iterator[tuple[str, bool]]:
    # The requirements that test one of the facts, with all their clauses.
    for words, clauses, below in requirements(lines):
        tested = {line.value.get("fact") for line in below if isinstance(line.value, dict)}
        if tested & set(facts):
            least = [told(line, language()) for line in below if ".minimum[" in line.path]
            yield "; ".join([f"{words} {cited(clauses)}", *least]), bool(clauses)


def _stated(lines: Sequence[Line], forms: Sequence[str]) -> Iterator[tuple[str, bool]]:
    # What rests on a clause, then what is a default, then what isn't stated at all.
    for form in forms:
        found = [line for line in lines if form in (line.path, form_of(line.path), _some(line))]
        head = f"{name_of(form, language())}: " if len(forms) > 1 else ""
        spoken = [told(line, language()) for line in found if line.clauses]
        if spoken:
            yield head + ", ".join(spoken), True
        for line in found:
            if not line.clauses:
                yield f"{head}default {said(line, language())}", False
        if not found and head:
            yield head + SILENT, False


def _some(line: Line) -> str:
    # Return the path with its first row named only: ``steps[presence].published[]``.
    head, bracket, rest = line.path.partition("]")
    return head + bracket + form_of(rest)


def _data(line: Line | None) -> dict[str, object] | None:
    return None if line is None else {"value": line.value, "source": line.source}


def _plain(line: Line | None) -> str:
    return (
        text("office.not_stated") if line is None else f"{said(line, language())} ({line.source})"
    )

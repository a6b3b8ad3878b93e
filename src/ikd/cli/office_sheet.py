"""How an office's standard reads: every line of its sheet in words, with what it rests on."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Protocol

from ikd.cli.language import language, span
from ikd.cli.screen import Screen
from ikd.core.errors import InputError
from ikd.core.standard.sheet import Line
from ikd.core.timing import parse_duration
from ikd.data.files import read_data

_ROW = re.compile(r"\[([^\]]*)\]")
_TELLING = ("text", "title", "label", "name", "kind")  # what a row is called by, the first it has
_SILENT = frozenset({"id", "number", "label", "required", "branch", "external"})
Labels = Mapping[str, str]


class Reasoned(Protocol):
    """What may have a reason and a note."""

    @property
    def why(self) -> str | None:
        """The reason of a default."""

    @property
    def note(self) -> str | None:
        """What else an officer should know."""


def labels(section: str) -> Mapping[str, Labels]:
    """Return a section of the table of what is shown, compared and asked."""
    return _table()[section]


def lists(section: str, name: str, key: str) -> Sequence[str]:
    """Return a list that stands in the table beside the words of *name*; none is empty."""
    return _table()[section][name].get(key, ())


def form_of(path: str) -> str:
    """Return the path without the names of its rows: ``steps[].by``."""
    return _ROW.sub("[]", path)


def name_of(path: str) -> str:
    """Return what the value at *path* is called; a key without a name is its own."""
    form, known = form_of(path), labels("names")
    found = known.get(form) or known.get(f"{form}[]")
    return found[language()] if found else form.rpartition(".")[2].replace("_", " ")


def word(form: str, value: object) -> str:
    """Return in words what a value of that form means."""
    plain = str(value).lower() if isinstance(value, bool) else str(value)
    known = labels("values")
    found = known.get(f"{form}.{plain}") or known.get(f"*.{plain}")
    if found is not None:
        return found[language()]
    return f"Rp {value:,}".replace(",", ".") if form == "fee.amount" else _length(plain)


def said(line: Line) -> str:
    """Return a line's value in words, without its source."""
    form = form_of(line.path)
    if isinstance(line.value, dict):
        return _row(form, line.value)
    if isinstance(line.value, list):
        return ", ".join(word(form, item) for item in line.value)
    return word(form, line.value)


def cited(clauses: Sequence[str]) -> str:
    """Return what something rests on, in brackets: ``(W20)``, ``(W20, W21)``, ``(default)``."""
    return f"({', '.join(clauses) or 'default'})"


def told(line: Line) -> str:
    """Return a line's value in words with its clauses, or with the word default."""
    return f"{said(line)} {cited(line.clauses)}".strip()


def grounds(screen: Screen, item: Reasoned) -> None:
    """Print the reason and the note of *item*, where it has any."""
    for text in (f"default: {item.why}" if item.why else "", item.note or ""):
        if text:
            screen.item("", text, "dim", deeper=2)


def groups(lines: Iterable[Line]) -> Iterator[tuple[str, list[Line]]]:
    """Yield lines of one form below one parent together, in their order."""
    for (_, form), found in groupby(lines, lambda line: (_parent(line.path), form_of(line.path))):
        yield form, list(found)


def part(screen: Screen, lines: Iterable[Line]) -> None:
    """Print lines: rows with words of their own as items, all others behind their names."""
    for form, found in groups(lines):
        if form.count("[]") == 1 and form.endswith("[]") and _has_words(found[0]):
            for line in found:
                screen.item(_mark(line), told(line))
                grounds(screen, line)
            continue
        values = ", ".join(told(line) for line in found)
        if "[]" in form.removesuffix("[]"):
            screen.item("", f"{name_of(form)}: {values}", "dim")
        else:
            screen.row(name_of(form), values)
        for line in found:
            grounds(screen, line)


@functools.cache
def _table() -> Mapping[str, Mapping[str, Labels]]:
    return tomllib.loads(read_data("office.toml"))


def _parent(path: str) -> str:
    return path[: path.rindex("[")] if path.endswith("]") else path


def _has_words(line: Line) -> bool:
    return isinstance(line.value, dict) and bool({"text", "title"} & set(line.value))


def _mark(line: Line) -> str:
    label = line.value.get("label") if isinstance(line.value, dict) else None
    number = _ROW.findall(line.path)[-1]
    return str(label or (number if number.isdigit() else "·"))


def _row(form: str, value: Mapping[str, object]) -> str:
    if "version" in value:
        return f"{word('platform', value.get('platform', ''))} ≥ {value['version']}".strip()
    main = next((key for key in _TELLING if key in value), "")
    head = word(form, value[main]) if main else ""
    handle = f": {value['handle']}" if "handle" in value else ""
    marks = [labels("values")[key][language()] for key in ("moving", "if_asked") if value.get(key)]
    return " ".join([head + handle, *marks])


def _length(plain: str) -> str:
    """Return a length of time as people say it; any other text as it is."""
    try:
        return span(parse_duration(plain))
    except InputError:
        return plain

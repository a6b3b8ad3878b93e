"""An office's standard in words: what each value of its file is called and what it says."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from ikd.core.errors import InputError
from ikd.core.standard.sheet import Line
from ikd.core.timing import parse_duration
from ikd.data.shipped_files import read_data
from ikd.data.times import span
from ikd.data.words import Language

_ROW = re.compile(r"\[[^\]]*\]")
_TELLING = ("text", "title", "label", "name", "kind")  # what a row is called by, the first it has
Labels: TypeAlias = Mapping[str, str]


def labels(section: str) -> Mapping[str, Labels]:
    """Return a section of the table of what is shown, compared and asked."""
    return _table()[section]


def lists(section: str, name: str, key: str) -> Sequence[str]:
    """Return a list that stands in the table beside the words of *name*; none is empty."""
    return _table()[section][name].get(key, ())


def form_of(path: str) -> str:
    """Return the path without the names of its rows: ``steps[].by``."""
    return _ROW.sub("[]", path)


def name_of(path: str, language: Language) -> str:
    """Return what the value at *path* is called; a key without a name is its own."""
    form, known = form_of(path), labels("names")
    found = known.get(form) or known.get(f"{form}[]")
    return found[language] if found else form.rpartition(".")[2].replace("_", " ")


def word(form: str, value: object, language: Language) -> str:
    """Return in words what a value of that form means."""
    plain = str(value).lower() if isinstance(value, bool) else str(value)
    known = labels("values")
    found = known.get(f"{form}.{plain}") or known.get(f"*.{plain}")
    if found is not None:
        return found[language]
    return f"Rp {value:,}".replace(",", ".") if form == "fee.amount" else _length(plain, language)


def said(line: Line, language: Language) -> str:
    """Return a line's value in words, without its source."""
    form = form_of(line.path)
    if isinstance(line.value, dict):
        return _row(form, line.value, language)
    if isinstance(line.value, list):
        return ", ".join(word(form, item, language) for item in line.value)
    return word(form, line.value, language)


def requirements(lines: Sequence[Line]) -> Iterator[tuple[str, tuple[str, ...], list[Line]]]:
    """Yield each requirement: its words, every clause it rests on, and all its lines."""
    for top in lines:
        if form_of(top.path) == "requirements[]" and isinstance(top.value, dict):
            below = [line for line in lines if line.path.startswith(top.path)]
            clauses = dict.fromkeys(clause for line in below for clause in line.clauses)
            yield str(top.value["text"]), tuple(clauses), below


def cited(clauses: Sequence[str]) -> str:
    """Return what something rests on, in brackets: ``(W20)``, ``(W20, W21)``, ``(default)``."""
    return f"({', '.join(clauses) or 'default'})"


def told(line: Line, language: Language) -> str:
    """Return a line's value in words with its clauses, or with the word default."""
    return f"{said(line, language)} {cited(line.clauses)}".strip()


@functools.cache
def _table() -> Mapping[str, Mapping[str, Labels]]:
    return tomllib.loads(read_data("office.toml"))


def _row(form: str, value: Mapping[str, object], language: Language) -> str:
    if "version" in value:
        return (
            f"{word('platform', value.get('platform', ''), language)} ≥ {value['version']}".strip()
        )
    main = next((key for key in _TELLING if key in value), "")
    head = word(form, value[main], language) if main else ""
    handle = f": {value['handle']}" if "handle" in value else ""
    marks = [labels("values")[key][language] for key in ("moving", "if_asked") if value.get(key)]
    return " ".join([head + handle, *marks])


def _length(plain: str, language: Language) -> str:
    """Return a length of time as people say it; any other text as it is."""
    try:
        return span(parse_duration(plain), language)
    except InputError:
        return plain

"""What people are told of an error: one table of sentences by code, in Indonesian and English."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterator, Mapping
from typing import Literal, TypeAlias

from ikd.core.errors import IkdError, InputError, RefusedError
from ikd.data.shipped_files import read_data

Audience: TypeAlias = Literal["public", "resident", "officer"]
Language: TypeAlias = Literal["id", "en"]
Text: TypeAlias = Mapping[str, str]
_Row: TypeAlias = Mapping[str, Text]
_ANSWERS = {"input": "malformed", "refused": "not_now", "outside": "try_later"}
_OWN: Mapping[Audience, tuple[str, ...]] = {
    "public": ("public",),
    "resident": ("resident", "public"),
    "officer": ("officer",),
}


def words(error: str | IkdError, audience: Audience = "officer", language: Language = "id") -> str:
    """Return the sentence of an error, or of its code, that says what to do now.

    Args:
        error: A code like ``"pin.dead"``, or the error itself: some codes are shared by two
            kinds of errors, and the class tells them apart.
        audience: ``public`` (not authenticated: the text tells of nobody), ``resident`` (on a
            phone that proved itself) or ``officer``.
        language: ``id`` or ``en``.
    """
    section, rows = _section(error), list(_rows(error))
    for own in _OWN[audience]:
        for row in rows:
            if own in row:
                return row[own][language]
    if audience == "resident" and section != "outside":
        return words(error, "officer", language)
    return _answers()[_ANSWERS[section]][language]


def public_words() -> Mapping[str, Text]:
    """Return the public text of each code that has one of its own, by code."""
    rows = [row for section in _ANSWERS for row in _table()[section].items()]
    return {code: row["public"] for code, row in rows if "public" in row}


def system_words(name: str, language: Language) -> str:
    """Return the sentence of an error of the system, by its name of errno."""
    rows = _table()["system"]
    return rows.get(f"os.{name}", rows["os"])["officer"][language]


def _section(error: str | IkdError) -> str:
    """Return the part of the table that its class names, or that its code stands in."""
    if isinstance(error, InputError):
        return "input"
    if isinstance(error, IkdError):
        return "refused" if isinstance(error, RefusedError) else "outside"
    names = (error, error.partition(".")[0])
    found = (one for name in names for one in _ANSWERS if name in _table()[one])
    return next(found, "outside")


def _rows(error: str | IkdError) -> Iterator[_Row]:
    """Yield the row of its code, of its family and of its kind, those that are there."""
    code, own = error if isinstance(error, str) else error.code, _section(error)
    for name in (code, code.partition(".")[0]):
        found = next((one for one in (own, *_ANSWERS) if name in _table()[one]), None)
        if found is not None:
            yield _table()[found][name]
    yield _table()[own]["*"]


@functools.cache
def _table() -> Mapping[str, Mapping[str, _Row]]:
    return {
        section: {code: {**row, "officer": row} for code, row in rows.items()}
        for section, rows in tomllib.loads(read_data("words.toml")).items()
    }


@functools.cache
def _answers() -> Mapping[str, Text]:
    return tomllib.loads(read_data("answers.toml"))

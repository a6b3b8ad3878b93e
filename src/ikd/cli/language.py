"""One language at a time: which one, what the command line says in it."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from pathlib import Path

from ikd.data.shipped_files import read_data
from ikd.data.words import Language

_CHOSEN: ContextVar[Language] = ContextVar("language", default="id")
_NUSANTARA = ("id", "ms", "jv", "su", "min", "ace", "ban", "bug")  # readers of Indonesian


def language() -> Language:
    """Return the language that is spoken now."""
    return _CHOSEN.get()


def speak(words: Sequence[str], environ: Mapping[str, str]) -> list[str]:
    """Choose the language from ``--lang``, ``IKD_LANG`` or the locale; return the other *words*.

    What names neither language stays among the words, where it is told to be wrong usage.
    """
    left, asked = list(words), environ.get("IKD_LANG", "")
    for place, word in enumerate(words[: words.index("--")] if "--" in words else words):
        value = words[place + 1 : place + 2] if word == "--lang" else [word.removeprefix("--lang=")]
        if word.startswith("--lang") and value and value[0] in ("id", "en"):
            asked = value[0]
            del left[place : place + (2 if word == "--lang" else 1)]
            break
    _CHOSEN.set("id" if asked == "id" else "en" if asked == "en" else _of_locale(environ))
    return left


def text(name: str, /, **values: Path | str | float | None) -> str:
    """Return the text of that name, e.g. ``"demo.approved"``, with *values* in their places."""
    section, _, key = name.partition(".")
    return _texts("cli.toml")[section][key][language()].format_map(values)


def half(both: str) -> str:
    """Return this language's half of a text that core says in both: ``wajib / required``."""
    indonesian, slash, english = both.partition(" / ")
    return english if slash and language() == "en" else indonesian


def _of_locale(environ: Mapping[str, str]) -> Language:
    # Return what the locale asks for; a machine that names none reads Indonesian.
    names = (environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    spoken = next((name for name in names if name), "C").partition("_")[0].partition(".")[0]
    return "id" if spoken in (*_NUSANTARA, "C", "POSIX") else "en"


@functools.cache
def _texts(file: str) -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    return tomllib.loads(read_data(file))

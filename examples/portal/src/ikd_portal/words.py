"""What the pages say, in Indonesian and English: ``words.toml``."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Literal

from starlette.requests import Request

import ikd

Language = Literal["id", "en"]
LANGUAGES: tuple[Language, ...] = ("id", "en")


@functools.cache
def words() -> Mapping[str, Mapping[str, str]]:
    """Return every text by its name."""
    text = files("ikd_portal").joinpath("words.toml").read_text("utf-8")
    return tomllib.loads(text)


def text(name: str, language: Language, **values: object) -> str:
    """Return one text, its blanks filled in."""
    return words()[name][language].format(**values)


def language_of(request: Request) -> Language:
    """Return in which language whoever asks reads: Indonesian unless they chose otherwise."""
    return as_language(request.cookies.get("lang"))


def as_language(asked: str | None) -> Language:
    """Return the language of that name, Indonesian if it is none."""
    return next((one for one in LANGUAGES if one == asked), "id")


def told(public: ikd.PublicText, language: Language) -> str:
    """Return what ikd says to whoever isn't authenticated."""
    return public.en if language == "en" else public.id

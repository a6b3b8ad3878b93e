"""Reads the texts that come with ikd; parsing and rendering are core's."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType

from ikd.core.records.templates import PublicText, Template, parse_answers, parse_templates


@functools.cache
def templates() -> Mapping[str, Template]:
    """Return the templates of ``data/notices.toml`` by name, read once."""
    return MappingProxyType(dict(parse_templates(_data("notices.toml"))))


@functools.cache
def answers() -> Mapping[str, PublicText]:
    """Return the public answers of ``data/answers.toml`` by code, read once."""
    return MappingProxyType(dict(parse_answers(_data("answers.toml"))))


@functools.cache
def waits() -> Mapping[str, PublicText]:
    """Return the words of ``data/waits.toml`` for what is missing, read once."""
    return MappingProxyType(dict(parse_answers(_data("waits.toml"))))


def _data(name: str) -> dict[str, dict[str, object]]:
    return tomllib.loads(files("ikd").joinpath("data").joinpath(name).read_text(encoding="utf-8"))

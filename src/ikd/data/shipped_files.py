"""Reads the files of text that come with ikd."""

from __future__ import annotations

import pkgutil


def read_data(file: str) -> str:
    """Return the text of a file that comes with ikd."""
    # pkgutil reads from a zip too and loads less than importlib.resources does
    content = pkgutil.get_data("ikd.data", file)
    assert content is not None  # noqa: S101  every loader that imports ikd can read data
    return content.decode()

"""The ``ikd`` command."""

from __future__ import annotations

from ikd.cli.entry import main

__all__ = ["main"]

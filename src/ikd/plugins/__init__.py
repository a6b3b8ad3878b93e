"""Plugins: ``hookimpl`` marks the functions with which a package joins in."""

from __future__ import annotations

import pluggy

__all__ = ["hookimpl"]

hookimpl = pluggy.HookimplMarker("ikd")

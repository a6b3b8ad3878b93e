"""Plugins: ``hookimpl`` marks the functions with which a package joins in."""

import pluggy

__all__ = ["hookimpl"]

hookimpl = pluggy.HookimplMarker("ikd")

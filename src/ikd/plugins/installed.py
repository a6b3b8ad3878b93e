"""What the installed distributions offer. Looking runs nothing of theirs."""

from __future__ import annotations

from importlib.metadata import EntryPoint, distributions, entry_points

import attrs

from ikd.core.errors import PluginError

GROUP = "ikd"
"""Entry-point group of plugins."""


@attrs.frozen(kw_only=True)
class Offer:
    """A plugin that some installed distribution offers.

    Attributes:
        name: What a front end calls it in ``plugins=[...]``.
        distribution: Whose it is.
        version: That distribution's version; empty if it doesn't say.
        value: What would be loaded, like ``package.module:attribute``.
    """

    name: str
    distribution: str
    version: str
    value: str


def offers() -> tuple[Offer, ...]:
    """Return everything on offer, by name.

    Raises:
        PluginError: An installed distribution, any, has entry points that can't be read.
    """
    found = (_offer(point) for point in _points())
    return tuple(sorted(found, key=lambda offer: (offer.name, offer.distribution)))


def the_one(name: str) -> EntryPoint:
    """Return the only entry point of that name.

    Raises:
        PluginError: There is none, or more than one: whoever comes first on the path must not
            decide whose code sees PINs. Or an installed distribution, any, has entry points
            that can't be read: it might offer the same.
    """
    found = [point for point in _points() if point.name == name]
    if not found:
        raise PluginError(name, "no installed distribution offers it")
    if len(found) > 1:
        whose = ", ".join(sorted(_offer(point).distribution for point in found))
        raise PluginError(name, f"offered more than once: {whose}")
    return found[0]


def _points() -> tuple[EntryPoint, ...]:
    try:
        return tuple(entry_points(group=GROUP))
    except Exception as error:
        raise PluginError(_unreadable(), "its entry_points.txt can't be read") from error


def _unreadable() -> str:
    """Return the first distribution whose entry points can't be read; ``?`` without a name."""
    for distribution in distributions():
        try:
            tuple(distribution.entry_points)
        except Exception:  # noqa: BLE001 - whatever was raised, this is the one
            return _printable(str(distribution.metadata["Name"] or "?"))
    return "?"


def _offer(point: EntryPoint) -> Offer:
    words = (point.name, _told(point, "Name"), _told(point, "Version"), point.value)
    name, distribution, version, value = map(_printable, words)
    return Offer(name=name, distribution=distribution, version=version, value=value)


def _told(point: EntryPoint, field: str) -> str:
    told = None if point.dist is None else point.dist.metadata
    return "" if told is None or field not in told else str(told[field])


def _printable(text: str) -> str:
    """Return *text* with ``?`` for what could steer a terminal: anybody wrote it."""
    return "".join(sign if sign.isprintable() else "?" for sign in text)

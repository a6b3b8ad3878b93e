"""Whether a value is exactly what a port's signature promises, down to every field.

The ports themselves are the rule: a method that is added to one is fenced from that day on.
A truthy value, a subclass or a coroutine is never what was promised.
"""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import attrs

Port = type[Any]
"""One of the Protocols of ``ikd.core.ports``."""


def methods_of(port: Port) -> dict[str, Any]:
    """Return the methods of a port with the type each returns."""
    return {
        name: typing.get_type_hints(method)["return"]
        for name, method in vars(port).items()
        if inspect.isfunction(method) and not name.startswith("_")
    }


def lacks(thing: object, port: Port) -> tuple[str, ...]:
    """Return the methods of *port* that *thing* doesn't have, or has only as coroutines."""
    found = {name: getattr(thing, name, None) for name in methods_of(port)}
    return tuple(name for name, method in found.items() if not callable(method) or is_lazy(method))


def is_lazy(function: object) -> bool:
    """Return whether calling *function* runs nothing yet: a coroutine or generator function."""
    return (
        inspect.iscoroutinefunction(function)
        or inspect.isgeneratorfunction(function)
        or inspect.isasyncgenfunction(function)
    )


def fits(value: object, promised: Any) -> bool:  # noqa: ANN401 - a type as typing spells it
    """Return whether *value* is *promised*."""
    promised = getattr(promised, "__supertype__", promised)
    origin = typing.get_origin(promised)
    if origin in (types.UnionType, typing.Union):
        return any(fits(value, one) for one in typing.get_args(promised))
    if origin in (tuple, frozenset, Sequence):
        kinds = (tuple, list) if origin is Sequence else (origin,)
        inner = typing.get_args(promised)[0]
        return type(value) in kinds and all(fits(one, inner) for one in typing.cast("Any", value))
    if type(value) is not promised:
        return False
    if isinstance(value, datetime):
        return value.utcoffset() is not None
    return not attrs.has(promised) or _whole(value, promised)


def _whole(value: Any, kind: Any) -> bool:  # noqa: ANN401 - an instance of kind
    """Return whether every field of an attrs value is what its class says."""
    attrs.resolve_types(kind)
    try:
        attrs.validate(value)
        return all(fits(getattr(value, field.name), field.type) for field in attrs.fields(kind))
    except (AttributeError, TypeError, ValueError):  # made without its constructor
        return False

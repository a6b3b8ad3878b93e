"""For embedders and plugin authors: contract suites, a phone in software, fixed time and chance.

The contract suites import pytest, which doesn't come with ikd; everything is loaded when it
is first asked for.
"""

from __future__ import annotations

import importlib
from types import ModuleType

_HOMES = {
    "ChannelContract": "ikd.testing.channel",
    "FaultyStore": "ikd.testing.faults",
    "FixedClock": "ikd.testing.clock",
    "KeySourceContract": "ikd.testing.keys",
    "Mailbox": "ikd.testing.mailbox",
    "RegistryContract": "ikd.testing.registry",
    "SoftDevice": "ikd.testing.device",
    "StoreContract": "ikd.testing.store",
    "Walk": "ikd.testing.walk",
    "Walker": "ikd.testing.walk",
    "quick_kdf": "ikd.testing.kdf",
    "seeded_entropy": "ikd.testing.entropy",
}

__all__ = [  # noqa: PLE0604 - the names of the table above
    *sorted(_HOMES),
]


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(_home(name), name)
    raise AttributeError(f"module 'ikd.testing' has no attribute {name!r}")


def _home(name: str) -> ModuleType:
    try:
        return importlib.import_module(_HOMES[name])
    except ModuleNotFoundError as error:
        if error.name != "pytest":
            raise
        told = f"ikd.testing.{name} is a suite for pytest: pip install pytest"
        raise ImportError(told, name="pytest") from error

"""For embedders and plugin authors: contract suites, a phone in software, fixed time and chance.

The contract suites import pytest, which doesn't come with ikd; everything is loaded when it
is first asked for.
"""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ikd.adapters.keys.memory_keys import MemoryKeys
    from ikd.adapters.registry import SimulatedResident, Simulator
    from ikd.testing.channel_contract import ChannelContract
    from ikd.testing.entropy import seeded_entropy
    from ikd.testing.faulty_store import FaultyStore
    from ikd.testing.fixed_clock import FixedClock
    from ikd.testing.kdf import quick_kdf
    from ikd.testing.key_source_contract import KeySourceContract
    from ikd.testing.mailbox import Mailbox
    from ikd.testing.registry_contract import RegistryContract
    from ikd.testing.soft_device import SoftDevice
    from ikd.testing.store_contract import StoreContract
    from ikd.testing.walk import Walk, Walker

_HOMES = {
    "ChannelContract": "ikd.testing.channel_contract",
    "FaultyStore": "ikd.testing.faulty_store",
    "FixedClock": "ikd.testing.fixed_clock",
    "KeySourceContract": "ikd.testing.key_source_contract",
    "Mailbox": "ikd.testing.mailbox",
    "MemoryKeys": "ikd.adapters.keys.memory_keys",
    "RegistryContract": "ikd.testing.registry_contract",
    "SimulatedResident": "ikd.adapters.registry",
    "Simulator": "ikd.adapters.registry",
    "SoftDevice": "ikd.testing.soft_device",
    "StoreContract": "ikd.testing.store_contract",
    "Walk": "ikd.testing.walk",
    "Walker": "ikd.testing.walk",
    "quick_kdf": "ikd.testing.kdf",
    "seeded_entropy": "ikd.testing.entropy",
}

__all__ = [
    "ChannelContract",
    "FaultyStore",
    "FixedClock",
    "KeySourceContract",
    "Mailbox",
    "MemoryKeys",
    "RegistryContract",
    "SimulatedResident",
    "Simulator",
    "SoftDevice",
    "StoreContract",
    "Walk",
    "Walker",
    "quick_kdf",
    "seeded_entropy",
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

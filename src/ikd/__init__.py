"""ikd: the activation of Indonesia's digital population identity, office by office.

The front door. Everything is loaded when it is first asked for, so that importing ikd
costs next to nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ikd import commands as commands
    from ikd import errors as errors
    from ikd import events as events
    from ikd.bootstrap import open_service as open_service
    from ikd.bootstrap import open_verifier as open_verifier
    from ikd.core.errors import IkdError as IkdError
    from ikd.core.records.actor import Actor as Actor
    from ikd.core.resident.device import Device as Device
    from ikd.core.resident.nik import Nik as Nik
    from ikd.core.standard.candidate import Candidate as Candidate
    from ikd.core.standard.office import Office as Office
    from ikd.core.tokens.verifier import Verifier as Verifier
    from ikd.data.regions import find_region as find_region
    from ikd.plugins.offices import load_office as load_office
    from ikd.service import Service as Service
    from ikd.service import Settings as Settings

_HOMES = {
    "Actor": "ikd.core.records.actor",
    "Candidate": "ikd.core.standard.candidate",
    "Device": "ikd.core.resident.device",
    "IkdError": "ikd.core.errors",
    "Nik": "ikd.core.resident.nik",
    "Office": "ikd.core.standard.office",
    "Service": "ikd.service",
    "Settings": "ikd.service",
    "Verifier": "ikd.core.tokens.verifier",
    "find_region": "ikd.data.regions",
    "load_office": "ikd.plugins.offices",
    "open_service": "ikd.bootstrap.service",
    "open_verifier": "ikd.bootstrap.verifier",
}
_MODULES = {"commands": "ikd.commands", "errors": "ikd.errors", "events": "ikd.events"}

__all__ = [
    "Actor",
    "Candidate",
    "Device",
    "IkdError",
    "Nik",
    "Office",
    "Service",
    "Settings",
    "Verifier",
    "commands",
    "errors",
    "events",
    "find_region",
    "load_office",
    "open_service",
    "open_verifier",
]


def __getattr__(name: str) -> object:
    if name in _MODULES:
        return importlib.import_module(_MODULES[name])
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    if name == "__version__":
        return importlib.import_module("importlib.metadata").version("ikd")
    raise AttributeError(f"module 'ikd' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])

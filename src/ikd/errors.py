"""The errors of ikd and what people are told of them, as ``ikd.errors``."""

from ikd.core.errors import (
    ConflictError,
    ContactError,
    DeliveryError,
    DeviceError,
    IkdError,
    InputError,
    KeySourceError,
    NikError,
    OfficeFileError,
    PluginError,
    PortError,
    RefusedError,
    RegistryUnavailableError,
    SealError,
    SecretError,
    StoreError,
    TokenError,
)
from ikd.data.words import words

__all__ = [
    "ConflictError",
    "ContactError",
    "DeliveryError",
    "DeviceError",
    "IkdError",
    "InputError",
    "KeySourceError",
    "NikError",
    "OfficeFileError",
    "PluginError",
    "PortError",
    "RefusedError",
    "RegistryUnavailableError",
    "SealError",
    "SecretError",
    "StoreError",
    "TokenError",
    "words",
]

"""What a plugin's adapter raised, as an error that its port allows; its message never passes.

A message may hold an address or a key, and a code is stored beside what is owed: of a code
only what looks like one is kept.
"""

from __future__ import annotations

from collections.abc import Callable

from ikd.core.errors import (
    ConflictError,
    DeliveryError,
    IkdError,
    KeySourceError,
    PortError,
    RegistryUnavailableError,
    StoreError,
)
from ikd.core.ports import CaptchaSource, Channel, KeySource, Registry, Store
from ikd.core.validators import is_code
from ikd.plugins.promises import Port

_CLASHES = ("key", "version", "claim", "token", "limit")

Translate = Callable[[str, BaseException | None], IkdError]
"""From a text of ours, and what was raised if anything was, to the error to raise."""


def _code(error: BaseException | None, otherwise: str) -> str:
    told = error.code if isinstance(error, IkdError) else None
    return told if told is not None and is_code(told) else otherwise


def _channel(text: str, error: BaseException | None) -> IkdError:
    for_good = isinstance(error, DeliveryError) and error.retryable is False
    return DeliveryError(_code(error, "channel.failed"), text, retryable=not for_good)


def _store(text: str, error: BaseException | None) -> IkdError:
    if isinstance(error, ConflictError) and error.clash in _CLASHES:
        return ConflictError(error.clash)
    return StoreError(_code(error, "store.failed"), text)


PORTS: dict[Port, Translate] = {
    Channel: _channel,
    Registry: lambda text, _: RegistryUnavailableError(text),
    CaptchaSource: lambda text, error: PortError(
        _code(error, "captcha.failed"), text, port="captcha"
    ),
    KeySource: lambda text, error: KeySourceError(_code(error, "keys.failed"), text),
    Store: _store,
}

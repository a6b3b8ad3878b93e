"""The errors of ikd: one root, four families, stable codes.

No message ever holds a NIK, PIN, e-mail, phone number or key: errors end in logs.
A wrong PIN is not here: a refusal that must be remembered is an event (see
``activation.events``); a refusal that changes nothing is an exception.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
C = TypeVar("C", bound=type)
_LONGEST_PLUGIN = 128
NO_PATH = "…"
_LONGEST_PATH, _LONGEST_NAME = 1024, 255  # POSIX allows no longer ones where people work


class IkdError(Exception):
    """Root of everything ikd raises; never raised itself.

    Attributes:
        code: Stable machine-readable name of what went wrong, e.g. ``"nik.date"``.
        detail: What was told of this one beside its code; empty where its kind says all.
        public: The only text for someone not authenticated; set by ``service.handle`` and
            ``open_service``, else ``None``: ``service.public_text`` tells it of any error.
    """

    public: object = None

    def __init__(self, code: str, message: str = "") -> None:
        said = message or (type(self).__doc__ or "").partition("\n")[0].rstrip(".")
        super().__init__(f"{code}: {said}" if said else code)
        self.code = code
        self.detail = message


class InputError(IkdError, ValueError):
    """What was passed is malformed; nothing changed and no try was spent."""


class NikError(InputError):
    """The text is no NIK.

    Attributes:
        fault: One of ``length``, ``digits``, ``province``, ``date``, ``serial``.
    """

    def __init__(self, fault: str) -> None:
        super().__init__(f"nik.{fault}")
        self.fault = fault


class ContactError(InputError):
    """An e-mail address or phone number can't be used.

    Attributes:
        field: ``email`` or ``phone``.
        fault: What is wrong with it, one word.
    """

    def __init__(self, field: str, fault: str) -> None:
        super().__init__(f"{field}.{fault}")
        self.field = field
        self.fault = fault


class DeviceError(InputError):
    """A device description or device key can't be used.

    Attributes:
        fault: What is wrong with it, one word.
    """

    def __init__(self, fault: str) -> None:
        super().__init__(f"device.{fault}")
        self.fault = fault


class SecretError(InputError):
    """A PIN or passcode is malformed, which is never the same as wrong.

    Attributes:
        field: ``pin`` or ``passcode``.
        fault: What is wrong with it, one word.
    """

    def __init__(self, field: str, fault: str) -> None:
        super().__init__(f"{field}.{fault}")
        self.field = field
        self.fault = fault


class TokenError(InputError):
    """A QR token, proof or keyring isn't acceptable.

    Outsiders should be told only that it was refused.

    Attributes:
        fault: Why, one word.
    """

    def __init__(self, fault: str, message: str = "") -> None:
        super().__init__(f"token.{fault}", message)
        self.fault = fault


class OfficeFileError(InputError):
    """An office file can't be used.

    Attributes:
        faults: Every fault as ``(path, reason)``, e.g. ``("steps[2].name", "...")``; a reason is
            Indonesian, `` / ``, English.
        lines: The line of each fault in the TOML text, or ``None`` where there is none.
    """

    def __init__(
        self, faults: tuple[tuple[str, str], ...], lines: tuple[int | None, ...] = ()
    ) -> None:
        super().__init__("office.file", "; ".join(f"{path}: {reason}" for path, reason in faults))
        self.faults = faults
        self.lines = lines or (None,) * len(faults)


class SealError(IkdError):
    """Something sealed can't be opened; what was wrong with it isn't told.

    ``seal.broken``: altered, or sealed elsewhere. ``seal.key``: its key isn't at hand.
    """

    def __init__(self, code: str = "seal.broken", message: str = "") -> None:
        super().__init__(code, message)


class RefusedError(IkdError):
    """Understood, not allowed, nothing changed.

    Attributes:
        clause: Clause of the office's own standard that says so, if one does.
        findings: Every unmet requirement where requirements were checked, else empty.
    """

    def __init__(
        self,
        code: str,
        message: str = "",
        *,
        clause: str | None = None,
        findings: tuple[object, ...] = (),
    ) -> None:
        super().__init__(code, message)
        self.clause = clause
        self.findings = findings


class PortError(IkdError):
    """Something outside ikd failed; the cause is chained and nothing was lost.

    Attributes:
        port: Name of the port: ``store``, ``channel``, ``registry``, ``captcha``, ``keys``.
    """

    def __init__(self, code: str, message: str = "", *, port: str) -> None:
        super().__init__(code, message)
        self.port = port


class StoreError(PortError):
    """The store failed or can't be used."""

    def __init__(self, code: str = "store.failed", message: str = "") -> None:
        super().__init__(code, message, port="store")


class ConflictError(StoreError):
    """A commit met something newer: load and decide again.

    Attributes:
        clash: What clashed first: ``key``, ``version``, ``claim``, ``token`` or ``limit``, which
            only time mends.
    """

    def __init__(self, clash: str) -> None:
        super().__init__("store.conflict", clash)
        self.clash = clash


class DeliveryError(PortError):
    """A channel could not deliver.

    Attributes:
        retryable: False when this address will never take this message.
    """

    def __init__(self, code: str = "channel.failed", message: str = "", *, retryable: bool) -> None:
        super().__init__(code, message, port="channel")
        self.retryable = retryable


class RegistryUnavailableError(PortError):
    """The registry gave no answer; the question stays open and is asked again."""

    def __init__(self, message: str = "") -> None:
        super().__init__("registry.unavailable", message, port="registry")


class KeySourceError(PortError):
    """A key can't be read, written or used."""

    def __init__(self, code: str = "keys.failed", message: str = "") -> None:
        super().__init__(code, message, port="keys")


class PluginError(IkdError):
    """A plugin can't be used.

    Attributes:
        plugin: Its name.
    """

    def __init__(self, plugin: str, message: str) -> None:
        known = len(plugin) <= _LONGEST_PLUGIN and plugin.isprintable()  # else no name at all
        self.plugin = plugin if known else "…"
        super().__init__("plugin.failed", f"{self.plugin}: {message}")


def forgetting(make: Callable[P, T]) -> Callable[P, T]:
    """Return *make* whose errors leave without the frames that met what was typed.

    Whoever logs a traceback with its locals would log a NIK or a PIN, and half a value whose
    ``repr`` fails.
    """

    @functools.wraps(make)
    def made(*args: P.args, **named: P.kwargs) -> T:
        try:
            return make(*args, **named)
        except IkdError as error:
            failed = error.with_traceback(None)
        del args
        named.clear()
        raise failed

    return made


def forgets(kind: C) -> C:
    """Let the class *kind* forget, in the same way, what it was to be made of."""
    setattr(kind, "__init__", forgetting(getattr(kind, "__init__")))  # noqa: B009, B010 - any class
    return kind


def shown_path(path: object) -> str:
    """Return *path* as a message may quote it: on one line, and nothing that is no path.

    A key that was given where its file belongs is no path: it has lines, or is far too long. What
    would move a terminal's cursor is written out.
    """
    text = str(path)
    parts = re.split(r"[/\\]", text)
    if "-----" in text or len(text) > _LONGEST_PATH or max(map(len, parts)) > _LONGEST_NAME:
        return NO_PATH
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)

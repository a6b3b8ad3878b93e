"""The resident's device as it describes itself: kind, system and version, model, key.

Three answers differ: a value, none ("no device") and not known. A system version that isn't
made of numbers is not known, and an officer looks (W6: "" or "Oreo" must not pass).
"""

from __future__ import annotations

import functools
import re
from enum import StrEnum
from typing import Final

import attrs

from ikd.core.errors import DeviceError, forgets

_PLAIN = r"[0-9]{1,5}(?:\.[0-9]{1,5}){0,3}"
_VERSION = re.compile(
    rf" *(?:(?:android|ios|ipados) *)?({_PLAIN})(?: *\(?go(?: edition)?\)?)? *",
    re.ASCII | re.IGNORECASE,
)  # as phones write it: "8", "Android 8.1", "8.1 Go"; never a name alone, never text around it
_MODEL_CHARACTERS: Final = 64
_MODEL: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9+()/_-]{0,23}( [A-Za-z0-9+()/_-]{1,24}){0,5}")
_MODEL_DIGITS: Final = 8  # a telephone number of Indonesia has ten at least
_WORDS: Final = """
    pin otp kode code sandi password token wa whatsapp sms telegram telp telepon hp nomor call
    hubungi kirim send balas reply klik click link buka open www http https
"""
_NO_MODEL: Final = frozenset(_WORDS.split())
_POINT_BYTES: Final = 65  # uncompressed P-256 point, SEC 1 2.3.3: 04, x, y


class DeviceKind(StrEnum):
    """What the resident holds; ``NONE`` is an answer, not a gap."""

    SMARTPHONE = "smartphone"
    TABLET = "tablet"
    NONE = "none"


class Platform(StrEnum):
    """The operating system's family; ``OTHER`` is none that a standard names."""

    ANDROID = "android"
    IOS = "ios"
    OTHER = "other"


@functools.total_ordering
@attrs.frozen(eq=False, repr=False)
class Version:
    """A system version, compared as numbers: 10 is above 8, and 8, 8.0 and 8.0.0 are one.

    Attributes:
        parts: One to four numbers as written, most significant first.
    """

    parts: tuple[int, ...] = attrs.field()

    @parts.validator
    def _check_parts(self, _attribute: object, value: object) -> None:
        if type(value) is not tuple or not 1 <= len(value) <= 4:
            raise DeviceError("version")
        if any(type(part) is not int or not 0 <= part <= 99999 for part in value):
            raise DeviceError("version")

    @classmethod
    def parse(cls, text: str) -> Version:
        """Return the version that *text* writes, like ``8``, ``11.0.1`` or ``Android 8.1 Go``.

        Raises:
            DeviceError: *text* is no such number (``device.version``).
        """
        found = cls.read(text)
        if found is None:
            raise DeviceError("version")
        return found

    @classmethod
    def read(cls, text: object) -> Version | None:
        """Return the version in *text*, None where it isn't known (empty, ``Oreo``)."""
        found = _VERSION.fullmatch(text) if isinstance(text, str) else None
        return None if found is None else cls(tuple(map(int, found[1].split("."))))

    @property
    def _rank(self) -> tuple[int, ...]:
        last = max((at for at, part in enumerate(self.parts) if part), default=0)
        return self.parts[: last + 1]

    def __eq__(self, other: object) -> bool:
        return self._rank == other._rank if isinstance(other, Version) else NotImplemented

    def __lt__(self, other: object) -> bool:
        return self._rank < other._rank if isinstance(other, Version) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._rank)

    def __str__(self) -> str:
        return ".".join(map(str, self.parts))

    def __repr__(self) -> str:
        return f"Version.parse({str(self)!r})"


def _to_kind(value: DeviceKind | str) -> DeviceKind:
    try:
        return DeviceKind(value)
    except ValueError:
        pass
    raise DeviceError("kind")


def _to_platform(value: Platform | str) -> Platform:
    try:
        return Platform(value)
    except ValueError:
        pass
    raise DeviceError("platform")


def _to_version(value: Version | str | None) -> Version | None:
    if value is None or isinstance(value, Version):
        return value
    if not isinstance(value, str):
        raise DeviceError("version")
    return Version.read(value)


def model_name(text: str) -> str | None:
    """Return *text* where makers could have written it, else ``None``.

    It stands in an official mail to an address that anybody may have typed, so it must be no
    link, no number to call and no sentence: few words of ASCII letters and digits, eight digits
    in all, and none of the words that a fraud would need.
    """
    words = re.split(r"[^A-Za-z0-9]+", text.lower())
    fits = (
        _MODEL.fullmatch(text)
        and sum(map(str.isdigit, text)) <= _MODEL_DIGITS
        and not _NO_MODEL & set(words)
    )
    return text if fits else None


def _to_model(value: object) -> object:
    return model_name(value) if type(value) is str and _is_model(value) else value


@forgets
@attrs.frozen(kw_only=True)
class Device:
    """What the app states about the device it runs on.

    Attributes:
        kind: Smartphone, tablet, or none at all.
        platform: Family of its system.
        os_version: Version of its system; None when not stated or not made of numbers.
        model: Name of the model, at most 64 printable characters; None when not stated, or when
            it isn't written as makers write one (see ``model_name``).
        online: Whether it has internet; None when not stated.
        key: Public key of the device, an uncompressed P-256 point of 65 bytes. Only its
            shape is checked here, that it is on the curve where a proof is checked.
        browser: Whether a browser holds the key (WebCrypto, not extractable) and no app.

    Raises:
        DeviceError: ``kind``, ``platform``, ``version``, ``model``, ``online``, ``key``,
            ``browser``, or ``none`` where a device that isn't there has a key.
    """

    kind: DeviceKind = attrs.field(converter=_to_kind)
    platform: Platform = attrs.field(default=Platform.OTHER, converter=_to_platform)
    os_version: Version | None = attrs.field(default=None, converter=_to_version)
    model: str | None = attrs.field(default=None, repr=False, converter=_to_model)
    online: bool | None = None
    key: bytes | None = attrs.field(default=None, repr=False)
    browser: bool = attrs.field(default=False, metadata={"since": 2})  # not in form 1

    def __attrs_post_init__(self) -> None:
        if self.model is not None and not _is_model(self.model):
            raise DeviceError("model")
        if self.online is not None and type(self.online) is not bool:
            raise DeviceError("online")
        if type(self.browser) is not bool:
            raise DeviceError("browser")
        if self.key is not None and not _is_point(self.key):
            raise DeviceError("key")
        if self.key is not None and self.kind is DeviceKind.NONE:
            raise DeviceError("none")


def _is_model(value: object) -> bool:
    if type(value) is not str or not 0 < len(value) <= _MODEL_CHARACTERS:
        return False
    return value.isprintable() and not value.isspace() and "://" not in value


def _is_point(value: object) -> bool:
    return type(value) is bytes and len(value) == _POINT_BYTES and value[0] == 4

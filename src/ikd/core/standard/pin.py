"""The secret that is sent after approval, and what becomes of it.

Offices may say how it is called, sent and typed. The limits on guessing are ikd's own: a file
may lower them and can't raise them, since an office that allows more guesses gives away the
identities of other people's residents too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Literal

import attrs

from ikd.core.errors import OfficeFileError
from ikd.core.standard.media import DEFAULT_MEDIA, Medium, NamedKind, kinds_of, media_faults
from ikd.core.standard.sourced import Grounded, Sourced, default

Role = Literal["mail", "activate", "confirm", "close"]
Carried = Literal["code", "link", "both"]
CaptchaPlace = Literal["app", "web"]
Fate = Literal["login", "first_sign_in", "temporary", "replaced"]

_DIGITS = default(6, "Jumlah angka tidak disebut; enam angka sama dengan standar kantor lain.")
_LIFE = default(timedelta(minutes=30), "Masa berlaku tidak disebut; 30 menit cukup membaca surat.")
_WORD = default("PIN", "Naskah tidak memberi nama; PIN adalah kata yang umum.")
_CARRIED: Sourced[Carried] = default(
    "code", "Naskah tidak menyebut tautan yang memuat kode; surat memuat kodenya."
)
_NO_CAPTCHA = default(value=False, why="Naskah tidak menyebut captcha, maka tidak diminta.")
_COOLDOWN = default(
    timedelta(seconds=60), "Jeda kirim ulang tidak disebut; mencegah surat beruntun."
)
_REISSUES = default(3, "Batas kirim ulang tidak disebut; batas ikd, boleh dikurangi.")
_PER_PIN = default(3, "Batas salah ketik tidak disebut; batas ikd, boleh dikurangi.")
_PER_APPLICATION = default(4, "Batas salah ketik tidak disebut; batas ikd, boleh dikurangi.")
_OWN_ONLY = default(
    value=True, why="PIN orang lain tidak pernah berlaku; naskah tidak perlu menyebutnya."
)
_WINDOW = default(timedelta(hours=24), "Masa masuk pertama tidak disebut; satu hari cukup.")
_PASSCODE = default(
    value=True, why="Kode yang terkirim lewat surat tidak boleh menjadi kata sandi selamanya."
)


@attrs.frozen(kw_only=True)
class Button(Grounded):
    """A button whose word is published.

    Attributes:
        label: The word, exactly.
        if_asked: True where the text makes it conditional (W25).
    """

    label: str
    if_asked: bool = False


@attrs.frozen(kw_only=True)
class Pin:
    """The secret sent after approval.

    Attributes:
        word: What residents read it is called.
        sender: Who sends it, as published; None when unstated.
        media: Media, in order.
        carried: Whether the message holds the code, a link, or both.
        digits: How many digits; ikd makes six.
        life: How long one PIN is good, 5 minutes to 24 hours.
        own_only: That only the PIN received for this application counts; always true.
        captcha: Whether a captcha is filled in with it.
        captcha_place: Where, if the text says so.
        buttons: Buttons by their role.
        cooldown: Wait before another is sent, at least a minute.
        reissues: How often another may be sent, at most 3.
        tries_per_pin: Wrong guesses one PIN survives, at most 3.
        tries_per_application: Wrong guesses one application survives, at most 4.
    """

    word: Sourced[str] = _WORD
    sender: Sourced[str] | None = None
    media: tuple[Medium, ...] = DEFAULT_MEDIA
    carried: Sourced[Carried] = _CARRIED
    digits: Sourced[int] = _DIGITS
    life: Sourced[timedelta] = _LIFE
    own_only: Sourced[bool] = _OWN_ONLY
    captcha: Sourced[bool] = _NO_CAPTCHA
    captcha_place: Sourced[CaptchaPlace] | None = None
    buttons: Mapping[Role, Button] = attrs.field(factory=dict)
    cooldown: Sourced[timedelta] = _COOLDOWN
    reissues: Sourced[int] = _REISSUES
    tries_per_pin: Sourced[int] = _PER_PIN
    tries_per_application: Sourced[int] = _PER_APPLICATION

    def __attrs_post_init__(self) -> None:
        """Refuse a file that lowers the security of the PIN."""
        faults = tuple(_pin_faults(self))
        if faults:
            raise OfficeFileError(faults)

    @property
    def media_kinds(self) -> tuple[NamedKind, ...]:
        """The media in order, by name; see ``kinds_of``."""
        return kinds_of(self.media)


def _pin_faults(pin: Pin) -> Iterator[tuple[str, str]]:
    if pin.digits.value != 6:
        yield "digits.value", "ikd membuat enam angka / ikd makes six digits"
    if not timedelta(minutes=5) <= pin.life.value <= timedelta(hours=24):
        yield "life.value", "harus 5 min sampai 24 h / must be 5 min to 24 h"
    if not timedelta(minutes=1) <= pin.cooldown.value <= timedelta(hours=1):
        yield "cooldown.value", "harus 60 s sampai 1 h / must be 60 s to 1 h"
    if not pin.own_only.value:
        yield "own_only.value", "hanya PIN sendiri yang berlaku / only one's own PIN counts"
    yield from media_faults(pin.media)
    if not pin.media:
        yield "media", "sebutkan paling sedikit satu media / name at least one medium"
    for name, low, high in (
        ("reissues", 0, 3),
        ("tries_per_pin", 1, 3),
        ("tries_per_application", 1, 4),
    ):
        if not low <= getattr(pin, name).value <= high:
            words = f"harus {low} sampai {high} / must be {low} to {high}"
            yield f"{name}.value", words


@attrs.frozen(kw_only=True)
class SignIn(Grounded):
    """The first sign-in with what was sent before (W28).

    Attributes:
        secret: What one signs in with: the PIN once more.
        fate: What becomes of it afterwards.
        window: How long after the activation it still signs in, at most 24 hours.
        passcode_after: That a passcode of one's own must be set then; always true.
    """

    secret: Sourced[Literal["pin"]]
    fate: Sourced[Fate] | None = None
    window: Sourced[timedelta] = _WINDOW
    passcode_after: Sourced[bool] = _PASSCODE

    def __attrs_post_init__(self) -> None:
        """Refuse a window in which a mailed code would open the identity for days."""
        super().__attrs_post_init__()
        if not timedelta(minutes=5) <= self.window.value <= timedelta(hours=24):
            words = "harus 5 min sampai 24 h / must be 5 min to 24 h"
            raise OfficeFileError((("window.value", words),))
        if not self.passcode_after.value:
            words = "kode dari surat bukan kata sandi / a mailed code is no passcode"
            raise OfficeFileError((("passcode_after.value", words),))

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

from ikd.core.standard.checked import Fault, limits
from ikd.core.standard.grounds import Grounded, Sourced, default
from ikd.core.standard.media import DEFAULT_MEDIA, Medium, Sent

ButtonRole = Literal["mail", "activate", "confirm", "close"]
Carried = Literal["code", "link", "both"]
CaptchaPlace = Literal["app", "web"]
Fate = Literal["login", "first_sign_in", "temporary", "replaced"]

_MINUTES_TO_A_DAY = limits(timedelta(minutes=5), timedelta(hours=24))
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
class PinTerms(Sent):
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
    life: Sourced[timedelta] = attrs.field(default=_LIFE, metadata=_MINUTES_TO_A_DAY)
    own_only: Sourced[bool] = _OWN_ONLY
    captcha: Sourced[bool] = _NO_CAPTCHA
    captcha_place: Sourced[CaptchaPlace] | None = None
    buttons: Mapping[ButtonRole, Button] = attrs.field(factory=dict)
    cooldown: Sourced[timedelta] = attrs.field(
        default=_COOLDOWN, metadata=limits(timedelta(minutes=1), timedelta(hours=1))
    )
    reissues: Sourced[int] = attrs.field(default=_REISSUES, metadata=limits(0, 3))
    tries_per_pin: Sourced[int] = attrs.field(default=_PER_PIN, metadata=limits(1, 3))
    tries_per_application: Sourced[int] = attrs.field(
        default=_PER_APPLICATION, metadata=limits(1, 4)
    )

    def _faults(self) -> Iterator[Fault]:
        """Yield what would lower the security of the PIN."""
        yield from super()._faults()
        if self.digits.value != 6:
            yield "digits.value", "ikd membuat enam angka / ikd makes six digits"
        if not self.own_only.value:
            yield "own_only.value", "hanya PIN sendiri yang berlaku / only one's own PIN counts"
        if not self.media:
            yield "media", "sebutkan paling sedikit satu media / name at least one medium"


@attrs.frozen(kw_only=True)
class SignInTerms(Grounded):
    """The first sign-in with what was sent before (W28).

    Attributes:
        secret: What one signs in with: the PIN once more.
        fate: What becomes of it afterwards.
        window: How long after the activation it still signs in, at most 24 hours.
        typed_twice: Whether the new secret is typed twice, where the text says so.
        passcode_after: That a passcode of one's own must be set then; always true.
    """

    secret: Sourced[Literal["pin"]]
    fate: Sourced[Fate] | None = None
    window: Sourced[timedelta] = attrs.field(default=_WINDOW, metadata=_MINUTES_TO_A_DAY)
    passcode_after: Sourced[bool] = _PASSCODE
    typed_twice: Sourced[bool] | None = None

    def _faults(self) -> Iterator[Fault]:
        """Yield a window in which a mailed code would open the identity for days."""
        yield from super()._faults()
        if not self.passcode_after.value:
            words = "kode dari surat bukan kata sandi / a mailed code is no passcode"
            yield "passcode_after.value", words

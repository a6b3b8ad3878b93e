"""How long things may wait, and what is issued at the end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import attrs

from ikd.core.errors import OfficeFileError
from ikd.core.standard.sourced import Sourced, default

_DRAFT = default(timedelta(days=7), "Umur permohonan yang belum selesai tidak diterbitkan.")
_PAUSED = default(
    timedelta(days=30), "Lamanya menunggu pihak lain tidak diterbitkan; itu bukan waktu penduduk."
)
_PIN_SENT = default(timedelta(days=30), "Umur permohonan setelah PIN dikirim tidak diterbitkan.")


@attrs.frozen(kw_only=True)
class Lives:
    """How long an application may wait.

    Attributes:
        draft: Until it is approved; pauses while anyone but the resident is waited for.
        paused: How long it pauses in all.
        pin_sent: After the PIN was sent.
    """

    draft: Sourced[timedelta] = _DRAFT
    paused: Sourced[timedelta] = _PAUSED
    pin_sent: Sourced[timedelta] = _PIN_SENT

    def __attrs_post_init__(self) -> None:
        """Refuse lives in which nobody could finish, and such that never end."""
        faults = tuple(_life_faults(self))
        if faults:
            raise OfficeFileError(faults)


def _life_faults(lives: Lives) -> Iterator[tuple[str, str]]:
    for name in ("draft", "paused", "pin_sent"):
        if not timedelta(days=1) <= getattr(lives, name).value <= timedelta(days=90):
            yield f"{name}.value", "harus 1 d sampai 90 d / must be 1 d to 90 d"


_ISSUED = default(
    value=True,
    why="Naskah tidak menyebut QR yang diterbitkan; tanpa itu identitas tak dapat dibaca.",
)


@attrs.frozen(kw_only=True)
class Credential:
    """The QR that is issued after activation (P31), another one than that of the visit.

    Attributes:
        issued: Whether one is issued.
        reader: What reads it, as published.
    """

    issued: Sourced[bool] = _ISSUED
    reader: Sourced[str] | None = None

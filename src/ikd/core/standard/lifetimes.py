"""How long things may wait, and what is issued at the end."""

from __future__ import annotations

from datetime import timedelta

import attrs

from ikd.core.standard.checked import Checked, limits
from ikd.core.standard.grounds import Sourced, default

_DRAFT = default(timedelta(days=7), "Umur permohonan yang belum selesai tidak diterbitkan.")
_PAUSED = default(
    timedelta(days=30), "Lamanya menunggu pihak lain tidak diterbitkan; itu bukan waktu penduduk."
)
_PIN_SENT = default(timedelta(days=30), "Umur permohonan setelah PIN dikirim tidak diterbitkan.")
# in less nobody could finish, and more would never end
_FINISHABLE = limits(timedelta(days=1), timedelta(days=90))


@attrs.frozen(kw_only=True)
class Lives(Checked):
    """How long an application may wait.

    Attributes:
        draft: Until it is approved; pauses while anyone but the resident is waited for.
        paused: How long it pauses in all.
        pin_sent: After the PIN was sent.
    """

    draft: Sourced[timedelta] = attrs.field(default=_DRAFT, metadata=_FINISHABLE)
    paused: Sourced[timedelta] = attrs.field(default=_PAUSED, metadata=_FINISHABLE)
    pin_sent: Sourced[timedelta] = attrs.field(default=_PIN_SENT, metadata=_FINISHABLE)


_ISSUED = default(
    value=True,
    why="Naskah tidak menyebut QR yang diterbitkan; tanpa itu identitas tak dapat dibaca.",
)


@attrs.frozen(kw_only=True)
class CredentialTerms:
    """The QR that is issued after activation (P31), another one than that of the visit.

    Attributes:
        issued: Whether one is issued.
        reader: What reads it, as published.
    """

    issued: Sourced[bool] = _ISSUED
    reader: Sourced[str] | None = None

"""The visit: which side reads the QR, where, and what the officer may do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Literal

import attrs

from ikd.core.standard.checked import Checked, Fault, limits
from ikd.core.standard.grounds import Grounded, Sourced, default

Direction = Literal["office_reads_resident", "resident_reads_office"]
ShownOn = Literal["phone", "operator_computer", "siak", "paper", "other"]
Domicile = Literal["any", "own"]
Right = Literal["verify", "scan", "decide", "reset", "complaints"]

_ELSEWHERE = default(
    value=False,
    why="Naskah tidak mengizinkan kunjungan di kantor lain; diam tidak dibaca sebagai izin.",
)
_CONFIRM = default(
    timedelta(minutes=10),
    "Masa tunggu petugas mencocokkan kode periksa tidak diterbitkan; sepuluh menit cukup di loket.",
)
_CHECK_CODE = default(
    value=True,
    why="Gambar QR yang diteruskan orang lain tidak boleh cukup: petugas mencocokkan kode periksa.",
)
_CODE_TRIES = default(
    3, "Batas salah ketik tidak diterbitkan; empat angka tidak boleh dapat dicoba satu demi satu."
)


@attrs.frozen(kw_only=True)
class ServicePlace(Grounded):
    """A kind of place where the service can be had (F11).

    Attributes:
        kind: E.g. ``office``, ``mpp``, ``district``, ``village``, ``mobile``.
        name: What it is called locally.
        condition: Under which condition, in words ("that has the service").
        begin: Whether one may begin there, where the text says so.
        finish: Whether one may finish there, where the text says so: be present for the visit.
    """

    kind: str
    name: str
    condition: str | None = None
    begin: bool | None = None
    finish: bool | None = None


@attrs.frozen(kw_only=True)
class Officer(Grounded):
    """A local title and what its holder may do (F12).

    Attributes:
        title: The title as published.
        may: What they may do.
    """

    title: str
    may: tuple[Right, ...]


@attrs.frozen(kw_only=True)
class Presence(Checked):
    """How the resident is present.

    Attributes:
        direction: Which side reads the other's QR.
        qr: Whether the text speaks of a QR at all; None when it leaves that open.
        shown_on: What shows the QR, where the text says so.
        elsewhere: Whether the visit may happen at another office than the one registered at.
        check_code: Whether an operator must confirm the check code where the resident reads.
        check_code_tries: Wrong check codes that end one pairing, at most 5.
        confirm_within: How long the operator has to confirm it.
        places: Where the service can be had; empty where unstated.
        domicile: Whether one is bound to one's own office, where the text says so.
    """

    direction: Sourced[Direction]
    qr: Sourced[bool] | None = None
    shown_on: Sourced[ShownOn] | None = None
    elsewhere: Sourced[bool] = _ELSEWHERE
    check_code: Sourced[bool] = _CHECK_CODE
    check_code_tries: Sourced[int] = attrs.field(default=_CODE_TRIES, metadata=limits(1, 5))
    confirm_within: Sourced[timedelta] = attrs.field(
        default=_CONFIRM, metadata=limits(timedelta(minutes=1), timedelta(hours=1))
    )
    places: tuple[ServicePlace, ...] = ()
    domicile: Sourced[Domicile] | None = None

    def _faults(self) -> Iterator[Fault]:
        """Yield what would give up the operator's part in the visit."""
        yield from super()._faults()
        if not self.check_code.value:
            words = "kode periksa tidak dapat dihapus / the check code can't be given up"
            yield "check_code.value", words

"""By what media something is sent, separately for each act (P26 and P29 differ)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import attrs

from ikd.core.standard.checked import Checked, Fault, twice
from ikd.core.standard.sourced import Grounded, Sourced

MediumKind = Literal["email", "sms", "whatsapp", "officer", "other"]


@attrs.frozen(kw_only=True)
class Medium(Grounded):
    """One medium.

    Attributes:
        kind: The medium; ``other`` is an open word ("media lainnya") that names none.
    """

    kind: MediumKind


DEFAULT_MEDIA: tuple[Medium, ...] = (
    Medium(
        kind="email",
        source="default",
        why="Naskah tidak menyebut media; surat elektronik adalah isian yang sudah diminta.",
    ),
)


class Sent(Checked):
    """Something that is sent by media."""

    __slots__ = ()
    media: tuple[Medium, ...]

    def _faults(self) -> Iterator[Fault]:
        yield from super()._faults()
        yield from twice("media", "kind", self.media_kinds)

    @property
    def media_kinds(self) -> tuple[MediumKind, ...]:
        """The media in order, by name."""
        return tuple(medium.kind for medium in self.media)


@attrs.frozen(kw_only=True)
class Rejection(Sent):
    """How a rejection is told.

    Attributes:
        media: Media, in order.
        sender: Who tells it, as published; None when unstated.
        informs: What is told, as published ("informasi"); None when unstated.
    """

    media: tuple[Medium, ...] = DEFAULT_MEDIA
    sender: Sourced[str] | None = None
    informs: Sourced[str] | None = None

"""By what media something is sent, separately for each act (P26 and P29 differ)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import attrs

from ikd.core.errors import OfficeFileError
from ikd.core.standard.sourced import Grounded, Sourced

MediumKind = Literal["email", "sms", "whatsapp", "officer", "other"]


@attrs.frozen(kw_only=True)
class Medium(Grounded):
    """One medium.

    Attributes:
        kind: The medium; ``other`` is an open word ("media lainnya") that names none.
    """

    kind: MediumKind


_EMAIL = Medium(
    kind="email",
    source="default",
    why="Naskah tidak menyebut media; surat elektronik adalah isian yang sudah diminta.",
)


def media_faults(media: Sequence[Medium]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a list of *media*."""
    if len({medium.kind for medium in media}) < len(media):
        yield "media", "satu media dua kali / one medium twice"


@attrs.frozen(kw_only=True)
class Rejection:
    """How a rejection is told.

    Attributes:
        media: Media, in order.
        sender: Who tells it, as published; None when unstated.
        informs: What is told, as published ("informasi"); None when unstated.
    """

    media: tuple[Medium, ...] = (_EMAIL,)
    sender: Sourced[str] | None = None
    informs: Sourced[str] | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse one medium twice."""
        faults = tuple(media_faults(self.media))
        if faults:
            raise OfficeFileError(faults)

    @property
    def media_kinds(self) -> tuple[MediumKind, ...]:
        """The media in order, by name."""
        return tuple(medium.kind for medium in self.media)


DEFAULT_MEDIA: tuple[Medium, ...] = (_EMAIL,)

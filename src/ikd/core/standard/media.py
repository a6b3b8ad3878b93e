"""By what media something is sent, separately for each act (P26 and P29 differ)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import attrs

from ikd.core.standard.checked import Checked, Fault, twice
from ikd.core.standard.grounds import Grounded, Sourced

MediumKind = Literal["email", "sms", "whatsapp", "officer", "other"]
NamedKind = Literal["email", "sms", "whatsapp", "officer"]
FIELD_OF: Mapping[str, str] = {"email": "email", "sms": "phone", "whatsapp": "phone"}
"""The field that holds the address of a medium; an officer hands over without one."""


@attrs.frozen(kw_only=True)
class NamedMedium(Grounded):
    """What stands for an open word.

    Attributes:
        kind: The medium.
    """

    kind: NamedKind


@attrs.frozen(kw_only=True)
class Medium(Grounded):
    """One medium.

    Attributes:
        kind: The medium; ``other`` is an open word ("media lainnya") that names none.
        stands: What stands for an open word, in order: nothing else carries it, and nothing at
            all where this is absent.
    """

    kind: MediumKind
    stands: tuple[NamedMedium, ...] = ()

    def _faults(self) -> Iterator[Fault]:
        yield from super()._faults()
        if self.stands and self.kind != "other":
            yield "stands", "hanya untuk kata terbuka / for an open word only"


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
        stands = (one.kind for medium in self.media for one in medium.stands)
        yield from twice("media", "kind", (*(medium.kind for medium in self.media), *stands))

    @property
    def media_kinds(self) -> tuple[NamedKind, ...]:
        """The media in order, by name; see ``kinds_of``."""
        return kinds_of(self.media)

    @property
    def by_hand(self) -> NamedKind | None:
        """The officer, where they come first."""
        return "officer" if self.media_kinds[:1] == ("officer",) else None


def kinds_of(media: Sequence[Medium]) -> tuple[NamedKind, ...]:
    """Return the media in order, by name; an open word is what the file says stands for it."""
    found: list[NamedKind] = []
    for medium in media:
        found += [one.kind for one in medium.stands]
        found += [medium.kind] if medium.kind != "other" else []
    return tuple(found)


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

"""What an office's messages are carried by, compared with the channels that there are."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import attrs

from ikd.core.standard.media import Medium, NamedKind, kinds_of
from ikd.core.standard.office import Office

_WORDS = {
    "channel.missing": (
        "{office}: tidak ada saluran {medium} untuk {act}; media lain yang membawanya",
        "{office}: no channel of {medium} for its {act}; another medium carries it",
    ),
    "channel.unreached": (
        "{office}: {act} tidak sampai kepada siapa pun: tidak ada saluran {medium}",
        "{office}: its {act} reaches nobody: there is no channel of {medium}",
    ),
    "channel.unused": (
        "saluran {medium} tidak disebut standar kantor mana pun yang dilayani",
        "no standard of the offices served names the channel's medium, {medium}",
    ),
}


@attrs.frozen(kw_only=True)
class ChannelFinding:
    """Where channels and standards don't meet.

    Attributes:
        code: ``channel.missing`` (another medium of the act is carried), ``channel.unreached``
            (none is) or ``channel.unused`` (no standard names that medium).
        office: Id of the office, where it is about one.
        act: ``pin`` or ``rejection``, likewise.
        medium: The medium; where nothing is carried and nothing named, the open word ``other``.
        clause: Clause that names it, if one does.
        message_id: What an officer reads.
        message_en: The same in English.
    """

    code: str
    office: str | None = None
    act: str | None = None
    medium: str
    clause: str | None = None
    message_id: str
    message_en: str


def channel_findings(office: Office, carried: Collection[str]) -> Iterator[ChannelFinding]:
    """Yield what *office* sends by and none of the media *carried* is.

    An officer needs no channel: what they hand over waits for them.
    """
    there = {*carried, "officer"}
    for act, media in (("pin", office.pin.media), ("rejection", office.rejection.media)):
        reached = not there.isdisjoint(kinds_of(media))
        named = [(kind, medium) for medium in media for kind in kinds_of((medium,)) or ("other",)]
        for kind, medium in named:
            if kind not in there and not (reached and kind == "other"):
                yield _finding(
                    "channel.missing" if reached else "channel.unreached",
                    office=office.id,
                    act=act,
                    medium=kind,
                    clause=_clause(kind, medium),
                )


def unused(offices: Collection[Office], carried: Collection[str]) -> Iterator[ChannelFinding]:
    """Yield the media of channels that no office sends by."""
    acts = [act for office in offices for act in (office.pin, office.rejection)]
    named: set[str] = {kind for act in acts for kind in act.media_kinds}
    for medium in dict.fromkeys(carried):
        if medium not in named:
            yield _finding("channel.unused", medium=medium)


def _clause(kind: NamedKind | str, medium: Medium) -> str | None:
    """Return the clause that names the medium: none does what stands for an open word."""
    return next((one.clause for one in medium.stands if one.kind == kind), medium.clause)


def _finding(code: str, **about: str | None) -> ChannelFinding:
    words_id, words_en = _WORDS[code]
    medium = about.pop("medium") or ""
    told = {"medium": medium, **about}
    return ChannelFinding(
        code=code,
        medium=medium,
        message_id=words_id.format(**told),
        message_en=words_en.format(**told),
        **about,
    )

"""Complaints as the office published them: kinds, channels, demands, steps, clocks.

Labels, handles and spellings stay verbatim (a, b, c, g; a capital D; no @ where there is none);
what is normalised stands beside them. Channels and facilities are two lists.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Literal

import attrs

from ikd.core.errors import InputError
from ikd.core.standard.checked import Checked, Fault, twice
from ikd.core.standard.findings import ConditionAnswer, Finding, finding
from ikd.core.standard.grounds import DEFAULT, Grounded, Sourced, default

DemandName = Literal["text", "name", "address"]
HandlingName = Literal["verify", "follow_up", "coordinate", "sanction", "close"]
ClockStart = Literal["received", "verified"]
_START: Sourced[ClockStart] = default(
    "received", "Naskah tidak menyebut awal hitungan; saat diterima adalah yang paling ketat."
)
_WORDS: dict[str, tuple[str, str]] = {
    "text": ("isi tertulis", "a written text"),
    "name": ("nama yang mengadukan", "name of the complainant"),
    "address": ("alamat yang mengadukan", "postal address of the complainant"),
}


@attrs.frozen(kw_only=True)
class ComplaintKind(Grounded):
    """A kind of message taken.

    Attributes:
        name: Its word, e.g. ``pengaduan``, ``saran``, ``masukan``.
    """

    name: str


@attrs.frozen(kw_only=True)
class Demand(Grounded):
    """What a complaint by some channel must contain.

    Attributes:
        name: The written text, the complainant's name, or their postal address.
    """

    name: DemandName


@attrs.frozen(kw_only=True)
class ComplaintChannel(Grounded):
    """One way to complain.

    Attributes:
        id: Stable name inside the file.
        kind: What it is: ``box``, ``phone``, ``visit``, ``whatsapp`` … or the office's own word.
        text: As residents read it.
        label: Number or letter the office gave it.
        handle: Address, number or handle, verbatim.
        handle_normal: The same in the form that programmes need.
        also: Further media under the same handle (one number for WhatsApp and SMS).
        accepts: Kinds taken; empty is: those of the office.
        demands: What a complaint must contain.
        owner: Who provides it, as published.
        addressee: To whom it is addressed, as published.
        routes: Ways to reach it, in words, where several are named.
        external: True where it belongs to somebody else and takes a hand-over reference.
    """

    id: str
    kind: str
    text: str
    label: str | None = None
    handle: str | None = None
    handle_normal: Sourced[str] | None = None
    also: tuple[str, ...] = ()
    accepts: tuple[ComplaintKind, ...] = ()
    demands: tuple[Demand, ...] = ()
    owner: Sourced[str] | None = None
    addressee: Sourced[str] | None = None
    routes: tuple[Sourced[str], ...] = ()
    external: bool = False

    @property
    def media(self) -> tuple[str, ...]:
        """Every medium this channel is reached by."""
        return (self.kind, *self.also)


@attrs.frozen(kw_only=True)
class HandlingStep(Grounded):
    """One step of the follow-up.

    Attributes:
        name: Which step.
        text: As residents read it.
        optional: True for an outcome that need not occur (a sanction).
    """

    name: HandlingName
    text: str
    optional: bool = False


@attrs.frozen(kw_only=True)
class ComplaintClock(Grounded):
    """A limit on handling.

    Attributes:
        text: As published.
        kinds: Kinds it applies to.
        limit: How long.
        about: True where the text says "about".
        tolerance: How far past the limit counts as about.
        start: What starts the clock.
        step: The step of the follow-up that it ends with.
    """

    text: str
    kinds: tuple[str, ...]
    limit: timedelta
    about: bool = False
    tolerance: Sourced[timedelta] | None = None
    start: Sourced[ClockStart] = _START
    step: HandlingName = "follow_up"


@attrs.frozen(kw_only=True)
class Complaints(Checked):
    """Everything published about complaints; empty and None are: unstated.

    Attributes:
        kinds: Kinds of message the office takes.
        channels: Ways to complain, in order.
        steps: Steps of the follow-up, in order.
        clocks: Limits on handling.
        facilities: What is used for handling; another list than the channels.
        team: Who handles.
        unit: Which part of the office handles.
        intro: Sentence before the channels.
        steps_intro: Sentence before the steps.
        team_intro: Sentence before the team.
        facilities_intro: Sentence before the facilities.
        anonymous: Whether a complaint may be anonymous, where the text says so.
    """

    kinds: tuple[ComplaintKind, ...] = ()
    channels: tuple[ComplaintChannel, ...] = ()
    steps: tuple[HandlingStep, ...] = ()
    clocks: tuple[ComplaintClock, ...] = ()
    facilities: tuple[Sourced[str], ...] = ()
    team: Sourced[str] | None = None
    unit: Sourced[str] | None = None
    intro: Sourced[str] | None = None
    steps_intro: Sourced[str] | None = None
    team_intro: Sourced[str] | None = None
    facilities_intro: Sourced[str] | None = None
    anonymous: Sourced[bool] | None = None

    def _faults(self) -> Iterator[Fault]:
        """Yield two channels of one id, one kind twice, and clocks for kinds that nobody takes."""
        names = [kind.name for kind in self.kinds]
        yield from twice("channels", "id", (channel.id for channel in self.channels))
        yield from twice("kinds", "name", names)
        for kind in (kind for clock in self.clocks for kind in clock.kinds if kind not in names):
            yield "clocks", f"jenis tidak dikenal: {kind} / unknown kind: {kind}"

    def channel(self, medium: str) -> ComplaintChannel | None:
        """Return the channel of that id or medium, or None when it isn't published."""
        exact = (channel for channel in self.channels if channel.id == medium)
        reached = (channel for channel in self.channels if medium in channel.media)
        return next(exact, None) or next(reached, None)

    @property
    def ordered(self) -> tuple[HandlingStep, ...]:
        """The steps whose order counts: those up to the follow-up, without what need not occur.

        A list alone says of what stands behind the follow-up (W48, W49) no order, nor that it
        must occur at all; where no follow-up is listed, none does.
        """
        names = [step.name for step in self.steps]
        last = names.index("follow_up") + 1 if "follow_up" in names else 0
        return tuple(step for step in self.steps[:last] if not step.optional)

    def accepted(self, channel: ComplaintChannel) -> tuple[str, ...]:
        """Return the kinds that *channel* takes."""
        return tuple(kind.name for kind in channel.accepts or self.kinds)

    @property
    def published_kinds(self) -> tuple[str, ...]:
        """Every kind that the office or one of its channels takes."""
        own = [kind.name for kind in self.kinds]
        others = [kind.name for channel in self.channels for kind in channel.accepts]
        return tuple(dict.fromkeys([*own, *others]))

    def check(
        self, medium: str, kind: str, *, text: str = "", name: str = "", address: str = ""
    ) -> tuple[Finding, ...]:
        """Return everything that stands against a complaint, each with its clause.

        A channel or kind that isn't published is a note without a clause, and so is a kind that
        goes by another channel: an officer may still take it, but no text promised it. What
        holds no letter and no digit ("-") is neither text nor name nor address.

        Raises:
            InputError: One of the arguments is no text (``complaint.form``).
        """
        if not all(isinstance(item, str) for item in (medium, kind, text, name, address)):
            raise InputError("complaint.form", "channel, kind, text, name and address are texts")
        channel = self.channel(medium)
        said = {"text": _worded(text), "name": _worded(name), "address": _postal(address)}
        found = [
            finding(asked, "refuse", ConditionAnswer.plain(demand, holds=False), *_WORDS[asked])
            for demand in (channel.demands if channel else ())
            if not said[asked := demand.name]
        ]
        if channel is None:
            found.append(_note("channel", "saluran tidak diterbitkan", "channel not published"))
        return (*found, *self._kind_notes(channel, kind))

    def _kind_notes(self, channel: ComplaintChannel | None, kind: str) -> Iterator[Finding]:
        known = self.published_kinds
        if kind not in known:
            named = ", ".join(known) or "-"
            words = f"jenis tidak diterbitkan; yang diterbitkan: {named}"
            yield _note("kind", words, f"kind not published; published are: {named}")
        elif channel is not None and kind not in self.accepted(channel):
            words = "jenis ini tidak diterbitkan untuk saluran ini"
            yield _note("kind", words, "kind not published for this channel")


def _worded(text: str) -> str:
    """Return *text* if it says anything: a dash in a form is nobody's name."""
    return text if any(sign.isalnum() for sign in text) else ""


def _postal(address: str) -> str:
    """Return *address* unless it is plainly an e-mail address, which is no postal one."""
    text = address.strip()
    return "" if "@" in text and " " not in text else _worded(text)


def _note(name: str, text: str, text_en: str) -> Finding:
    ground = Grounded(source=DEFAULT, why="Tidak ada dalam daftar kantor ini.")
    return finding(name, "note", ConditionAnswer.human(ground), text, text_en)

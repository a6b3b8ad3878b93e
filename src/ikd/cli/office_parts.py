"""Pieces of a standard in words: a value with its clause, and the part about complaints."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from ikd.cli.screen import Screen
from ikd.core.standard.channels import Channel, Complaints
from ikd.core.standard.office import Office
from ikd.core.standard.sourced import Grounded, Sourced

UNSTATED = "tidak dinyatakan / not stated"
_DEMANDS = {"text": "tertulis", "name": "nama", "address": "alamat"}


class Reasoned(Protocol):
    """What may have a reason and a note."""

    @property
    def why(self) -> str | None:
        """The reason of a default."""

    @property
    def note(self) -> str | None:
        """What else an officer should know."""


def cited(item: Grounded) -> str:
    """Return what *item* rests on, in brackets: ``(W20)``, ``(W20, W21)`` or ``(default)``."""
    return f"({', '.join(item.clauses) or item.source})"


def said(item: Sourced[Any] | None) -> str:
    """Return a value with its clause, a default with its reason, or that it isn't stated."""
    if item is None:
        return UNSTATED
    why = f" {item.why}" if item.why else ""
    return f"{item.value} {cited(item)}{why}"


def grounds(screen: Screen, item: Reasoned) -> None:
    """Print the reason and the note of *item*, where it has any."""
    if item.why:
        screen.item("", f"default: {item.why}", "dim", deeper=2)
    if item.note:
        screen.item("", f"catatan / note: {item.note}", "dim", deeper=2)


def listed(items: Iterable[Sourced[str]]) -> str:
    """Return values with their clauses in one line, or that none is stated."""
    return ", ".join(said(item) for item in items) or UNSTATED


def complaints(screen: Screen, office: Office) -> None:
    """Print how the office takes complaints, as it published it."""
    told = office.complaints
    if told is None:
        screen.item("·", UNSTATED)
        return
    if told.intro:
        screen.item("", said(told.intro))
    screen.row("Jenis / kinds", ", ".join(f"{row.name} {cited(row)}" for row in told.kinds))
    for channel in told.channels:
        _channel(screen, told, channel)
    _handling(screen, told)


def _channel(screen: Screen, told: Complaints, channel: Channel) -> None:
    handle = f": {channel.handle}" if channel.handle else ""
    screen.item(channel.label or "·", f"{channel.text}{handle} {cited(channel)}")
    normal = channel.handle_normal
    facts = {
        "disediakan / owner": said(channel.owner) if channel.owner else "",
        "kepada / to": said(channel.addressee) if channel.addressee else "",
        "wajib / demands": ", ".join(
            f"{_DEMANDS[row.name]} {cited(row)}" for row in channel.demands
        ),
        "juga / also": ", ".join(channel.also),
        "nomor / number": said(normal) if normal else "",
        "menerima / takes": ", ".join(told.accepted(channel)) if channel.accepts else "",
        "jalan / routes": ", ".join(said(row) for row in channel.routes),
    }
    for name, words in facts.items():
        if words:
            screen.item("", f"{name}: {words}", "dim")
    grounds(screen, channel)


def _handling(screen: Screen, told: Complaints) -> None:
    numbered = [f"{number}. {row.text} {cited(row)}" for number, row in enumerate(told.steps, 1)]
    steps = "; ".join(numbered) or UNSTATED
    clocks = [
        f"{row.text} {cited(row)} untuk / for {', '.join(row.kinds)}"
        + (f", toleransi {_span(row.tolerance).rstrip('.')}" if row.tolerance else "")
        + f", sejak / since {said(row.start)}"
        for row in told.clocks
    ]
    _row(screen, told.steps_intro, "Tindak lanjut / steps", steps)
    screen.row("Batas waktu / clock", "; ".join(clocks) or UNSTATED)
    _row(screen, told.team_intro, "Ditangani / team", said(told.team))
    _row(screen, told.facilities_intro, "Sarana / facilities", listed(told.facilities))
    screen.row("Unit", said(told.unit))
    if told.anonymous:
        screen.row("Tanpa nama", said(told.anonymous))


def _row(screen: Screen, intro: Sourced[str] | None, name: str, text: str) -> None:
    """Print a row behind the sentence that the office put before it."""
    if intro:
        screen.item("", said(intro))
    screen.row(name, text)


def _span(item: Sourced[Any]) -> str:
    minutes = item.value.total_seconds() / 60
    return f"{minutes:g} menit {cited(item)} {item.why or ''}".strip()

"""What two standards are compared by where they speak of complaints."""

from __future__ import annotations

from ikd.cli.office_parts import cited
from ikd.cli.office_told import SILENT, joined, told
from ikd.core.standard.channels import Channel
from ikd.core.standard.office import Office

_DEMANDS = {"text": "tertulis", "name": "nama", "address": "alamat"}


def _channels(office: Office) -> tuple[list[Channel], list[Channel]]:
    rows = office.complaints.channels if office.complaints else ()
    return [row for row in rows if not row.external], [row for row in rows if row.external]


def kinds(office: Office) -> str:
    """Return the kinds of message, and those that another's channel takes."""
    own = office.complaints.kinds if office.complaints else ()
    more = [
        f"(+ {', '.join(kind.name for kind in row.accepts)} lewat {row.text} {cited(row)})"
        for row in _channels(office)[1]
    ]
    return " ".join([joined(told(kind, kind.name) for kind in own), *more])


def ways(office: Office) -> str:
    """Return how many channels there are, by their labels, and those of others."""
    own, others = _channels(office)
    if not own and not others:
        return SILENT
    labels = ", ".join(row.label or row.id for row in own)
    more = [f"{row.text} ({len(row.routes)} jalan)" for row in others]
    return " + ".join([f"{len(own)} ({labels})", *more])


def form(office: Office) -> str:
    """Return what a complaint must contain, channel by channel, and to whom it goes."""
    own, _ = _channels(office)
    return joined(f"{row.text}: {_demanded(row)}" for row in own if row.demands)


def _demanded(row: Channel) -> str:
    addressee = f"kepada {told(row.addressee)}" if row.addressee else ""
    return joined([*(told(one, _DEMANDS[one.name]) for one in row.demands), addressee])


def handling(office: Office) -> str:
    """Return clocks, steps, team, facilities and unit."""
    said = office.complaints
    if said is None:
        return SILENT
    return joined(
        [
            *(told(row, row.text) for row in said.clocks),
            f"{len(said.steps)} langkah" if said.steps else "",
            told(said.team) if said.team else "",
            f"{len(said.facilities)} sarana" if said.facilities else "",
            told(said.unit) if said.unit else "",
        ],
        "; ",
    )

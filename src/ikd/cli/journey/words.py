"""Words of the demo: steps, people and times; an office's own words come from its file."""

from __future__ import annotations

from datetime import datetime, timedelta

from ikd.cli.language import language, text
from ikd.cli.office_sheet import cited, name_of, told, word
from ikd.core.standard.deadlines import Deadline
from ikd.core.standard.office import Office
from ikd.core.standard.sheet import sheet
from ikd.core.standard.sourced import Grounded
from ikd.core.standard.zones import CLOCKS


def by(item: Grounded) -> str:
    """Return what *item* rests on, in brackets: ``(W20)`` or ``(default)``."""
    return cited(item.clauses)


def step(name: str) -> str:
    """Return what a step of the procedure is called."""
    return word("steps[]", name)


def medium(kind: str) -> str:
    """Return what a medium is called."""
    return word("pin.media[]", kind)


def who(actor: str, office: Office) -> str:
    """Return whom *actor* means, residents by the office's own word."""
    own = actor == "resident" and language() == "id"
    return office.person if own else word("steps[].by", actor)


def moment(at: datetime, office: Office) -> str:
    """Return a time in the office's zone: ``24-11-2026 00.00 WIB``."""
    return f"{at.astimezone(office.tz):%d-%m-%Y %H.%M} {CLOCKS[office.zone]}"


def left(length: timedelta) -> str:
    """Return what is left of a time: ``1 hari 02:10:00``, a minus sign before what is over."""
    seconds = round(abs(length.total_seconds()))
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3600)
    clock = f"{hours:02d}:{rest // 60:02d}:{rest % 60:02d}"
    named = text("times.day" if days == 1 else "times.days", count=days)
    sign = "-" if length < timedelta() else ""
    return f"{sign}{named} {clock}" if days else f"{sign}{clock}"


def lasting(length: timedelta) -> str:
    """Return a length of time as people say it: ``30 menit``, ``24 jam``."""
    whole = round(length.total_seconds() / 60)
    count, unit = (whole // 60, "hour") if whole >= 60 and whole % 60 == 0 else (whole, "minute")
    return text(f"times.{unit}" if count == 1 else f"times.{unit}s", count=count)


def counted(limit: Deadline, office: Office) -> str:
    """Return how a limit is counted; what is still unknown of it is told in Indonesian only."""
    if language() == "id":
        return limit.label
    clauses = office.sla.clauses if office.sla else ()
    place = next((n for n, one in enumerate(clauses, 1) if one.text == limit.text), 0)
    below = f"sla.clauses[{place}]."
    lines = (line for line in sheet(office) if line.path.startswith(below))
    return "; ".join(f"{name_of(line.path)} {told(line)}" for line in lines)

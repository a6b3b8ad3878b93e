"""How values look on a page: lengths of time, moods of a clock, moments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, tzinfo

import ikd
from ikd_portal.words import Language, text


def lasting(length: timedelta, language: Language) -> str:
    """Return a length of time in its two largest units."""
    minutes = abs(int(length.total_seconds())) // 60
    parts = ((minutes // 1440, "days"), (minutes // 60 % 24, "hours"), (minutes % 60, "minutes"))
    told = [text(name, language, count=count) for count, name in parts if count][:2]
    return " ".join(told) or text("minutes", language, count=0)


def mood(limit: ikd.Deadline) -> str:
    """Return how a clock is: ``ended``, ``negative``, ``caution`` or ``positive``."""
    if limit.breached:
        return "negative"
    if not limit.binding or limit.excused:
        return "neutral"
    return "caution" if limit.remaining < timedelta(hours=4) else "positive"


def left(limit: ikd.Deadline, language: Language) -> str:
    """Return what is left of a clock, in words."""
    over = limit.remaining < timedelta(0)
    return text("over_by" if over else "still", language, time=lasting(limit.remaining, language))


def moment(at: datetime, zone: tzinfo) -> str:
    """Return a moment as the office's clock shows it."""
    return at.astimezone(zone).strftime("%d.%m.%Y %H:%M")


def linked(paragraph: str) -> tuple[str, str] | None:
    """Return words and address of a paragraph that is a link of this portal."""
    words, colon, address = paragraph.partition(": http")
    path = ("http" + address).partition("/a/")[2]
    return (words, f"/a/{path}") if colon and path.isalnum() else None


def first_binding(limits: tuple[ikd.Deadline, ...]) -> ikd.Deadline | None:
    """Return the limit that is broken first, else the first that is shown."""
    binding = sorted((one for one in limits if one.binding), key=lambda one: one.due_at)
    return next(iter((*binding, *limits)), None)


def state_of(where: ikd.Waiting) -> str:
    """Return what differs once a page of that case would look otherwise."""
    return f"{where.kind} {where.status} {where.waits.missing} {where.waits.since.timestamp()}"


def begun(words: str) -> str:
    """Return words as they begin a sentence."""
    return words[:1].upper() + words[1:]


FILTERS: Mapping[str, Callable[..., object]] = {
    "lasting": lasting,
    "mood": mood,
    "left": left,
    "moment": moment,
    "begun": begun,
    "linked": linked,
    "first_binding": first_binding,
}

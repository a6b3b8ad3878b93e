"""The versions of the file format: what a newer one refuses, and how the first one read silence.

A text is read by the rules of the format that it says, for ever: a running case pins its text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import attrs

from ikd.core.standard.checked import Fault
from ikd.core.standard.media import FIELD_OF

Made = Mapping[str, Any]
"""The parts that could be made of a file, each by its name in ``Office``."""

Data = Mapping[str, Any]
"""What the text of a file holds, as TOML or JSON."""

COMPONENTS = 14
"""Components of a service standard, as PermenPANRB 15/2014 counts them."""


@attrs.frozen
class Rule:
    """A rule that came after the first format: it holds for files that say its number, or more.

    Attributes:
        since: Number of the first format that has it.
        faults: Yields what is wrong, from the parts that were made and the file's data.
    """

    since: int
    faults: Callable[[Made, Data], Iterable[Fault]]


def _media_faults(made: Made, _data: Data) -> Iterator[Fault]:
    """Yield the media that reach no field that is asked for, where fields are stated."""
    asked = made.get("registration")
    fields = {rule.name for rule in asked.fields} if asked is not None else set()
    for act in ("pin", "rejection"):
        kinds = made[act].media_kinds if act in made and fields else (None,)
        dead = [kind for kind in kinds if kind and FIELD_OF.get(kind) not in {None, *fields}]
        if dead or not kinds:
            said = f": {', '.join(dead)}" if dead else ""
            words = "tidak mencapai satu isian pun", "reaches no field that is asked for"
            yield f"{act}.media", " / ".join(f"{half}{said}" for half in words)


def _component_faults(made: Made, _data: Data) -> Iterator[Fault]:
    """Yield the components that the regulation doesn't have."""
    for number, row in enumerate(made.get("components", ()), start=1):
        if not 1 <= row.number <= COMPONENTS:
            words = f"harus 1 sampai {COMPONENTS} / must be 1 to {COMPONENTS}"
            yield f"components[{number}].number", words


def _day_faults(made: Made, _data: Data) -> Iterator[Fault]:
    """Yield the days that no calendar has, and an end before its beginning."""
    days = dict(_days(made))
    for path, day in days.items():
        if not _is_day(day):
            yield path, f"tidak ada tanggal {day} / there is no {day}"
    begins, ends = (days.get(f"decree.effective_{end}.value") for end in ("from", "until"))
    if begins and ends and ends < begins[: len(ends)]:
        yield "decree.effective_until.value", "sebelum mulai berlaku / before it begins to hold"


def _days(made: Made) -> Iterator[tuple[str, str]]:
    for name in ("dated", "effective_from", "effective_until"):
        said = getattr(made.get("decree"), name, None)
        if said is not None:
            yield f"decree.{name}.value", said.value
    for number, method in enumerate(getattr(made.get("biometric"), "methods", ()), start=1):
        if method.since is not None:
            yield f"biometric.methods[{number}].since", method.since


def _is_day(text: str) -> bool:
    """Say whether the calendar has *text*, a day, a month or a year."""
    try:
        date.fromisoformat(f"{text}-01-01"[:10])
    except ValueError:
        return False
    return True


RULES: tuple[Rule, ...] = tuple(
    Rule(since=2, faults=faults) for faults in (_media_faults, _component_faults, _day_faults)
)
"""All of them. A text of an older format, in a file or pinned, is never asked."""


def newest_format() -> int:
    """Return the newest version of the file format."""
    return max([1, *(rule.since for rule in RULES)])


def as_read(data: Data) -> Data:
    """Return *data* with what the format that it says took silence for.

    In the first format one may begin and finish at a place of which neither was said.
    """
    presence = data.get("presence")
    if data.get("format") != 1 or not isinstance(presence, Mapping):
        return data
    places = presence.get("places")
    if not isinstance(places, list):
        return data
    both = {"begin": True, "finish": True}
    rows = [{**both, **row} if isinstance(row, Mapping) else row for row in places]
    return {**data, "presence": {**presence, "places": rows}}

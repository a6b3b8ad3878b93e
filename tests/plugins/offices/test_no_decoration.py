"""No value is decoration: changing it changes something, or the reference says it is only shown."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from ikd.core.errors import OfficeFileError
from ikd.core.standard.file_text import read_text
from ikd.core.standard.office import Office
from ikd.core.standard.sheet import tables
from ikd.plugins.offices import load_office, packaged_offices
from office_format.keys import office_keys
from office_format.shown import PARTLY, SHOWN

Observe = Callable[[Office], Iterator[object]]
Place = tuple[str | int, ...]
GROUND = {"source", "quote", "why", "note"}
CHOICES = {
    key.path: found[1].split(", ")
    for key in office_keys()
    if (found := re.search(r"one of: (.*)", key.takes))
}
FACT_WORDS = ["issued", "lost", "never", "smartphone", "tablet", "none"]
FORMS: dict[str, Callable[[re.Match[str]], list[str]]] = {
    r"([0-9]+) (s|min|h|d)": lambda m: [f"{int(m[1]) + n} {m[2]}" for n in (1, -1)],
    r"[0-9]{2}:([0-9]{2})": lambda m: [f"{m[0][:3]}{(int(m[1]) + n) % 60:02d}" for n in (30, 45)],
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}": lambda m: [
        (date.fromisoformat(m[0]) + timedelta(days=n)).isoformat() for n in (40, -40, 3)
    ],
    r"20[0-9]{2}(-[0-9]{2})?": lambda m: ["2999", "2001"],
    r"[0-9]+(\.[0-9]+)*": lambda m: ["9", "12.5", "35.20"],
}


def leaves(value: Any, place: Place = (), key: str = "") -> Iterator[tuple[Place, str, Any]]:
    """Every value of a file with its place and the key that it has in the reference."""
    if isinstance(value, dict):
        for name, item in value.items():
            said = name in GROUND and key != "informative[]"
            if said or (not place and name in ("format", "digest", "id")):
                continue
            below = "<name>" if key == "pin.buttons" else name
            own = key if name == "value" else f"{key}.{below}".lstrip(".")
            yield from leaves(item, (*place, name), own)
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for number, item in enumerate(value):
            yield from leaves(item, (*place, number), f"{key}[]")
    elif value is not None and value != []:
        yield place, re.sub(r"\.(all|any|none)_of\[\]", "", key), value


def others(value: Any, key: str) -> list[Any]:
    """Other values that could stand there."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, value - 1, value + 7]
    if key.endswith(".further"):
        return [value[1:]]
    if isinstance(value, list):
        words = CHOICES.get(key, FACT_WORDS)
        return [[word] for word in words if [word] != value]
    if key in CHOICES:
        return [word for word in CHOICES[key] if word != value]
    for form, make in FORMS.items():
        if match := re.fullmatch(form, value):
            return make(match)
    return [f"{value}x", value[:-1]]


ELSEWHERE = {"Asia/Pontianak": "61.71", "Asia/Makassar": "74.07", "Asia/Jayapura": "94.71"}


def put(data: dict[str, Any], place: Place, value: Any) -> dict[str, Any]:
    made = copy.deepcopy(data)
    at: Any = made
    for step in place[:-1]:
        at = at[step]
    at[place[-1]] = value
    if place[:2] == ("about", "zone"):  # a province has one clock: another one is elsewhere
        made["about"]["region"]["value"] = ELSEWHERE.get(value, "13.76")
    return made


def changed(data: dict[str, Any], place: Place, key: str, value: Any) -> Iterator[Office]:
    for other in others(value, key):
        try:
            yield load_office(put(data, place, other))
        except OfficeFileError:
            continue


class Looker:
    """Looks for what a changed value changes."""

    def __init__(self, office: Office, observe: Observe) -> None:
        self.data = tables(office)
        del self.data["digest"]
        self.observe = observe
        self.before = list(observe(office))

    def verdict(self, place: Place, key: str, value: Any) -> str:
        """Say whether the value ``acts``, is ``shown`` only, or is ``fixed``: no other fits."""
        told = "fixed"
        for office in changed(self.data, place, key, value):
            told = "shown"
            if any(now != was for now, was in zip(self.observe(office), self.before, strict=True)):
                return "acts"
        return told


def wrong(key: str, verdict: str) -> bool:
    if key in SHOWN:
        return verdict == "acts"
    return verdict == "shown" and key not in PARTLY


@pytest.mark.parametrize("name", packaged_offices())
def test_each_value_of_a_shipped_file_is_seen_in_the_json_of_its_sheet(name: str) -> None:
    office = load_office(name)
    data = tables(office)
    before = {key: part for key, part in data.items() if key != "digest"}
    del data["digest"]
    for place, key, value in leaves(data):
        for other in islice(changed(data, place, key, value), 1):
            after = tables(other)
            del after["digest"]
            assert after != before, place


@pytest.mark.parametrize("name", packaged_offices())
def test_each_key_that_acts_is_seen_to_act(name: str, observe: Observe) -> None:
    looker = Looker(load_office(name), observe)
    first = {key: (place, value) for place, key, value in reversed(list(leaves(looker.data)))}
    silent = {
        key: place
        for key, (place, value) in first.items()
        if key not in SHOWN and wrong(key, looker.verdict(place, key, value))
    }
    assert silent == {}


OFFICES = Path(__file__).parents[2] / "offices"
DENSE = [str(OFFICES / f"{name}.toml") for name in ("places_and_titles", "complaints_and_steps")]


@pytest.mark.slow
@pytest.mark.parametrize("name", [*packaged_offices(), *DENSE], ids=lambda name: Path(name).stem)
def test_each_value_of_four_files_acts_or_is_listed_as_shown(name: str, observe: Observe) -> None:
    looker = Looker(load_office(name), observe)
    own = read_text(load_office(name).text)  # of a default another file says what it does
    odd = {
        place: verdict
        for place, key, value in leaves(own)
        if wrong(key, verdict := looker.verdict(place, key, value))
    }
    assert odd == {}


@pytest.mark.slow
def test_each_key_that_no_shipped_file_has_acts_in_an_invented_one_or_is_listed(
    observe: Observe, invented: list[Path]
) -> None:
    shipped = {key for name in packaged_offices() for _, key, _ in leaves(_file(name))}
    told: dict[str, set[str]] = {}
    for file in invented:
        looker = Looker(load_office(file), observe)
        for place, key, value in leaves(_file(file)):
            if key not in shipped:
                told.setdefault(key, set()).add(looker.verdict(place, key, value))
    assert {key: seen for key, seen in told.items() if key in SHOWN and "acts" in seen} == {}
    idle = [key for key, seen in told.items() if not {"acts", "fixed"} & seen]
    assert [key for key in idle if key not in SHOWN] == []


def _file(office: str | Path) -> dict[str, Any]:
    """What the file itself says, without the defaults."""
    data = tables(load_office(office))
    del data["digest"]
    return data


def test_every_key_stands_in_a_shipped_or_an_invented_file(invented: list[Path]) -> None:
    offices = [*packaged_offices(), *invented]
    used = {key for office in offices for _, key, _ in leaves(_file(office))}
    tables_only = {key.path for key in office_keys() if key.takes == "table" and not key.sourced}
    wanted = {key.path.removesuffix("[]") for key in office_keys()} - {"format", "id"}
    found = {key.removesuffix("[]") for key in used}
    rows = {key for key in wanted if any(one.startswith(f"{key}[].") for one in found)}
    parts = {key for key in wanted if any(one.startswith(f"{key}.") for one in found)}
    groups = {f"requirements[].{word}_of" for word in ("all", "any", "none")}  # by their own rows
    assert wanted - found - rows - parts - tables_only - groups == set()

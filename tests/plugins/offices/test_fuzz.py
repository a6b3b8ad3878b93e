"""Whatever is done to an office file, it gives an office or the faults, never anything else."""

from __future__ import annotations

import copy
import json
import random
import time
import tomllib
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from jsonschema import Draft7Validator

from ikd.core.errors import OfficeFileError
from ikd.core.standard.candidate import Candidate
from ikd.core.standard.office import Office
from ikd.core.standard.sheet import sheet, tables
from ikd.plugins.offices import load_office, packaged_offices
from office_format.schema import office_schema

COUNTS = {50: 1_000, 200: 10_000, 5_000: 100_000}  # by hypothesis profile: dev, ci, nightly
MUTATIONS = COUNTS.get(settings().max_examples, 1_000)
ODD: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1,
    2**31,
    2**64,
    -(10**30),
    0.5,
    "",
    " ",
    "x",
    "default",
    "P1",
    "W62",
    "30 min",
    "0 s",
    "99999999999999999999 d",
    "2024-13-45",
    "25:61",
    "\x00",
    "\u202e",
    "\ud800",
    "1" * 5000,
    [],
    [[]],
    {},
    [None],
    {"value": 1},
    {"value": "x", "source": "default", "why": "x"},
    {"": ""},
)
SCHEMA = Draft7Validator(office_schema())


def loaded(data: Any) -> Office | None:
    """The office, or None where its faults were told; anything else is raised."""
    try:
        return load_office(data)
    except OfficeFileError as error:
        told = error.faults
    assert told
    assert all(isinstance(part, str) for fault in told for part in fault)
    return None


def places(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in items:
        yield (*place, key)
        if isinstance(item, dict | list):
            yield from places(item, (*place, key))


def holder(data: Any, place: tuple[Any, ...]) -> Any:
    for key in place[:-1]:
        data = data[key]
    return data


def mutate(data: Any, chance: random.Random) -> None:
    """Change one thing: put something odd in, leave it out, move it, double it, rename it."""
    place = chance.choice(list(places(data)))
    at, key = holder(data, place), place[-1]
    way = chance.randrange(6)
    if way == 0:
        at[key] = copy.deepcopy(chance.choice(ODD))
    elif way == 1:
        del at[key]
    elif way == 2:
        other = chance.choice(list(places(data)))
        at[key] = json.loads(json.dumps(holder(data, other)[other[-1]]))
    elif way == 3 and isinstance(at, list):
        at.insert(chance.randrange(len(at) + 1), at[key])
    elif way == 4 and isinstance(at, dict):
        at[chance.choice(["why", "value", "source", "name", "x", "kind"])] = at.pop(key)
    else:
        at[key] = [at[key]] if chance.random() < 0.5 else {"value": at[key]}


def use(office: Office) -> None:
    """Ask an office that was read for what everybody asks of it."""
    assert office.digest
    assert office.check(Candidate()) is not None
    assert sheet(office)
    json.dumps(tables(office), allow_nan=False)


@pytest.mark.fuzz
@pytest.mark.parametrize("name", packaged_offices())
@pytest.mark.parametrize("part", range(4))
def test_a_mutated_file_gives_an_office_or_its_faults(name: str, part: int) -> None:
    chance = random.Random(f"{name}/{part}")
    whole = json.dumps(tomllib.loads(load_office(name).text))
    read = 0
    for _ in range(MUTATIONS // 8):
        data = json.loads(whole)
        for _ in range(chance.choice((1, 1, 1, 2, 5))):
            mutate(data, chance)
        office = loaded(data)
        if office is not None:
            read += 1
            use(office)
            if read % 10 == 1:  # the check by schema takes longer than all the rest
                assert not list(SCHEMA.iter_errors(_without_none(data))), "it is stricter"
    assert read, "no mutation was harmless: the test is too rough"


def _without_none(data: Any) -> Any:
    """TOML has no null: what a mapping may hold as None, a file leaves out."""
    if isinstance(data, dict):
        return {key: _without_none(item) for key, item in data.items() if item is not None}
    return [_without_none(item) for item in data] if isinstance(data, list) else data


@pytest.mark.parametrize("name", packaged_offices())
def test_a_text_with_changed_signs_gives_an_office_or_its_faults(name: str, tmp_path: Path) -> None:
    chance, text = random.Random(name), load_office(name).text.encode()
    file = tmp_path / "office.toml"
    for _ in range(MUTATIONS // 40):
        data = bytearray(text)
        for _ in range(chance.choice((1, 2, 8))):
            at = chance.randrange(len(data))
            sign, often = bytes([chance.randrange(256)]), chance.randrange(3)
            data[at : at + chance.randrange(3)] = sign * often
        file.write_bytes(data)
        loaded(file)


def deep(opening: str, closing: str) -> Callable[[int], str]:
    return lambda depth: f"a = {opening * depth}{closing * depth}"


@pytest.mark.parametrize(
    "make",
    [
        deep("[", "]"),
        deep("{a=", "}"),
        lambda depth: "[" + ".".join("a" * depth) + "]",
        lambda depth: ".".join("a" * depth) + " = 1",
        lambda depth: "{" + '"a":[' * depth + "]" * depth + "}",
    ],
)
@pytest.mark.parametrize("depth", [40, 1_000, 20_000])
def test_depth_is_a_fault_and_no_broken_stack(make: Any, depth: int, tmp_path: Path) -> None:
    file = tmp_path / "deep.toml"
    file.write_text(make(depth), "utf-8")
    assert loaded(file) is None


def test_a_condition_inside_conditions_ends_somewhere() -> None:
    condition: dict[str, Any] = {"source": "W3", "quote": "KTP", "fact": "email", "holds": True}
    for depth in range(1, 60):
        data = tomllib.loads(load_office("wakatobi").text)
        condition = {"source": "W3", "quote": "KTP", "any_of": [condition]}
        row = {"id": "x", "text": "x", "text_en": "x", "source": "W3", "quote": "KTP"}
        data["requirements"] = [{**row, "any_of": [condition]}]
        office = loaded(data)
        assert (office is not None) == (depth < 10), depth
        if office is not None:
            use(office)


@pytest.mark.parametrize("filling", [b" ", b"#", b"\x00", b"a = 1\n", b'x = "' + b"y" * 100])
def test_five_megabytes_are_refused_at_once_and_without_reading_them_all(
    filling: bytes, tmp_path: Path
) -> None:
    file = tmp_path / "big.toml"
    file.write_bytes(filling * (5 * 1024 * 1024 // len(filling)))
    tracemalloc.start()
    began = time.monotonic()
    assert loaded(file) is None
    took, peak = time.monotonic() - began, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * 1024 * 1024
    assert took < 30  # it takes a millisecond; only what never ends is meant


@pytest.mark.parametrize("file", ["/dev/null", "/dev/zero", "/proc/self/mem"])
def test_a_file_that_is_none_is_refused(file: str) -> None:
    assert loaded(Path(file)) is None

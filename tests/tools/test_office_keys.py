"""The list of keys is the file format itself."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from ikd.plugins.offices import load_office, packaged_offices
from office_format.keys import office_keys

GROUND = {"value", "source", "quote", "why", "note"}
KEYS = {key.path: key for key in office_keys()}


def used(value: Any, path: str = "") -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from used(item, f"{path}[]") if isinstance(item, dict) else (path,)
    elif isinstance(value, dict) and (not path or not set(value) <= GROUND):
        if path:
            yield path
        for key, item in value.items():
            if path == "" or key not in GROUND:
                yield from used(item, f"{path}.{key}".lstrip("."))
    else:
        yield path


@pytest.mark.parametrize("name", packaged_offices())
def test_every_key_of_a_file_is_in_the_list(name: str) -> None:
    data = tomllib.loads(load_office(name).text)
    paths = {re.sub(r"^pin\.buttons\.[a-z]+", "pin.buttons.<name>", path) for path in used(data)}
    nested = {path for path in paths if re.search(r"(any|all)_of\[\]\.", path)}
    assert paths - nested - {"pin.buttons"} <= set(KEYS)


def test_keys_say_what_they_take_and_whether_they_are_needed() -> None:
    life, zone, name = KEYS["pin.life"], KEYS["about.zone"], KEYS["steps[].name"]
    assert (life.takes, life.sourced, life.needed) == ("length", True, False)
    assert (zone.takes.startswith("one of: Asia/Jakarta"), zone.needed) == (True, True)
    assert (name.sourced, name.needed) == (False, True)
    assert KEYS["steps[].performed_by"].takes == "one of: ikd, siak"
    assert KEYS["requirements[].human"].takes == "list of text"
    assert KEYS["officers[].may"].takes.startswith("list of one of: verify")
    assert KEYS["pin.buttons.<name>.label"].takes == "text"
    assert (KEYS["sign_in"].takes, KEYS["sign_in"].sourced) == ("table", True)
    assert KEYS["format"].needed
    assert "text" not in KEYS
    assert "fee.amount.source" not in KEYS


def test_a_condition_inside_a_condition_is_told_once() -> None:
    assert "requirements[].all_of[]" in KEYS
    assert not [path for path in KEYS if path.startswith("requirements[].all_of[].")]


def test_every_key_says_what_it_means() -> None:
    assert [path for path, key in KEYS.items() if not key.meaning] == []
    assert KEYS["pin.life"].meaning == "How long one PIN is good, 5 minutes to 24 hours."

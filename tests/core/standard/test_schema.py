"""The JSON Schema that editors check by takes what the reader takes, and refuses what it can."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from ikd.core.standard.keys import office_keys
from ikd.core.standard.schema import office_schema, schema_text
from ikd.plugins.offices import load_office, packaged_offices

CHECK = Draft7Validator(office_schema(), format_checker=Draft7Validator.FORMAT_CHECKER)
INVENTED = sorted(Path(__file__).parents[2].joinpath("plugins/offices/invented").glob("*.toml"))


def faults(data: object) -> list[str]:
    return [".".join(map(str, error.absolute_path)) for error in CHECK.iter_errors(data)]


def with_texts(data: dict[str, Any]) -> Any:
    """Dates as editors show them to a schema: as text."""
    return json.loads(json.dumps(data, default=lambda day: day.isoformat()))


def test_it_is_a_schema_and_the_same_every_time() -> None:
    Draft7Validator.check_schema(office_schema())
    assert schema_text() == schema_text()
    assert json.loads(schema_text()) == office_schema()


@pytest.mark.parametrize("name", packaged_offices())
def test_the_shipped_offices_fit_it_and_name_it_for_editors(name: str, root: Path) -> None:
    file = root / "src" / "ikd" / "plugins" / "offices" / f"{name}.toml"
    assert faults(tomllib.loads(file.read_text("utf-8"))) == []
    first = file.read_text("utf-8").partition("\n")[0]
    named = file.parent / first.removeprefix("#:schema ")
    assert named.resolve() == (root / "docs" / "reference" / "office-file.schema.json").resolve()


@pytest.mark.parametrize("file", INVENTED, ids=lambda file: file.stem)
def test_the_invented_offices_fit_it(file: Path) -> None:
    assert faults(with_texts(tomllib.loads(file.read_text("utf-8")))) == []


def put(path: str, value: object) -> Callable[[dict[str, Any]], None]:
    def change(data: dict[str, Any]) -> None:
        *parts, last = path.split(".")
        for part in parts:
            data = data[part]
        data[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (put("pin.life.value", 30), "pin.life.value"),
        (put("pin.life.value", "half an hour"), "pin.life.value"),
        (put("pin.life", {"value": "30 min", "source": "default"}), "pin.life"),
        (put("pin.word.source", "W"), "pin.word.source"),
        (put("pin.word", {"value": "x", "source": "W16"}), "pin.word"),
        (put("pin.word.why", "a reason beside a clause"), "pin.word"),
        (put("pin.colour", 1), "pin"),
        (put("about.zone.value", "Asia/Tokyo"), "about.zone.value"),
        (put("format", 2), "format"),
        (put("pin.buttons.buy", {"label": "x", "source": "W1", "quote": "x"}), "pin.buttons"),
        (lambda data: data.pop("about"), ""),
    ],
)
def test_what_is_wrong_is_found_where_it_stands(change: Any, path: str) -> None:
    data = tomllib.loads(load_office("wakatobi").text)
    change(data)
    assert path in faults(data)


def test_every_key_of_the_format_is_in_it() -> None:
    schema = office_schema()
    named = {name for shape in schema["definitions"].values() for name in shape["properties"]}
    named |= set(schema["properties"])
    for key in office_keys():
        last = key.path.replace(".<name>", "").removesuffix("[]").rpartition(".")[2]
        assert last in named, key.path
